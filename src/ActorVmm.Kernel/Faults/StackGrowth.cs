using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>
/// A guard page is touched (fact book §12). Outside the stack of the thread that touches it, it goes, and the thread is told. Inside, the
/// stack grows without a word: 1. the next guard pages are charged; 2. their page tables are made valid; 3. in one turn the page touched
/// becomes an ordinary one, the pages below it become guards, and StackLimit goes down to it. Near the end all but the lowest page is committed,
/// no guard is left, and the thread gets STACK_OVERFLOW; so it does when the next guard pages cannot be charged.
/// </summary>
public sealed partial class Process
{
    /// <summary>The charge of a thread's growing stack is this less the row of the thread.</summary>
    private const int FirstStackRequest = -16;

    private int GuardPages => _machine.Platform.Is64Bit ? 2 : 1;

    private AccessOutcome GuardFault(int thread, VirtualAddress address, AccessKind access, Outbox outbox)
    {
        int number = NumberOf(thread);
        if (Space.Stacks?.Has(number, address.Value) == true && !Space.Vads[Space.Vads.Find(address.Page)].IsView)
        {
            return GrowStack(thread, number, address, access, outbox);
        }

        if (_machine.Cast.Rules.TakesGuardAway)
        {
            ClearGuard(address.Page);
        }

        CountFault(thread, address.Page, FaultKind.Guard, access, outbox);
        return Raise(thread, address, access, NtStatus.GuardPageViolation, outbox);
    }

    private AccessOutcome GrowStack(int thread, int number, VirtualAddress address, AccessKind access, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase != CallPhase.None && space.Call.Thread != thread)
        {
            // Somebody else is committing or freeing, perhaps these very pages.
            _threads[thread].Wait = ThreadWait.AddressCreation;
            return AccessOutcome.Waits;
        }

        Vpn page = address.Page;
        ref UserStack stack = ref space.Stacks![number];
        ref Vad vad = ref space.Vads[space.Vads.Find(page)];
        (Vpn first, bool exhausted) = NextGuards(stack, vad, page);
        ulong committed = first == page ? 0 : CommittedPages.Count(vad, first, new Vpn(page.Value - 1), space.Tables);
        ulong needed = page.Value - first.Value - committed;
        if (!IsGrowthPaid(thread, needed, outbox, out bool refused))
        {
            return AccessOutcome.Waits;
        }

        first = refused ? page : first;
        Vpn last = LastGuard(stack, vad, page);
        for (ulong next = first.Value; next <= last.Value; next++)
        {
            if (!MakeTablesValid(new Vpn(next), thread, outbox))
            {
                return AccessOutcome.Waits;
            }
        }

        CountFault(thread, page, FaultKind.Guard, access, outbox);
        for (ulong next = page.Value; next <= last.Value; next++)
        {
            ClearGuard(new Vpn(next));
        }

        CommitBelow(thread, first, page, exhausted, outbox);
        stack.Limit = exhausted && !refused ? first.Start.Value : page.Start.Value;
        NtStatus status = exhausted || refused ? NtStatus.StackOverflow : NtStatus.Success;
        outbox.State(new StackGrown(new VirtualAddress(stack.Limit), status, thread));
        return status == NtStatus.Success ? AccessOutcome.Completed : Raise(thread, address, access, status, outbox);
    }

    /// <summary>The lowest page to be committed below the one touched, and whether that is all there is.</summary>
    private (Vpn First, bool Exhausted) NextGuards(in UserStack stack, in Vad vad, Vpn page)
    {
        ulong lowest = new VirtualAddress(stack.Deallocation).Page.Value + 1;
        bool exhausted = page.Value <= lowest + (ulong)GuardPages;
        ulong first = exhausted ? Math.Min(lowest, page.Value) : page.Value - (ulong)GuardPages;

        // Who said where the stack ends may have said more than there is.
        return first < vad.Start.Value ? (page, true) : (new Vpn(first), exhausted);
    }

    /// <summary>The highest of the guard pages that were passed over when this one was touched.</summary>
    private Vpn LastGuard(in UserStack stack, in Vad vad, Vpn page)
    {
        ulong last = page.Value;
        ulong limit = Math.Min(new VirtualAddress(stack.Limit).Page.Value, vad.End.Value + 1);
        while (last + 1 < limit && CommittedPages.ProtectionOf(vad, new Vpn(last + 1), Space).IsGuard)
        {
            last++;
        }

        return new Vpn(last);
    }

    private void CommitBelow(int thread, Vpn first, Vpn page, bool exhausted, Outbox outbox)
    {
        AddressSpace space = Space;
        ref Vad vad = ref space.Vads[space.Vads.Find(page)];
        PageProtection wanted = exhausted ? PageProtection.ReadWrite : PageProtection.ReadWrite | PageProtection.Guard;
        _ = ProtectionCode.TryFrom(wanted, out ProtectionCode protection);
        ulong fresh = 0;
        for (ulong next = first.Value; next < page.Value; next++)
        {
            int cell = space.Tables.CellOf(new Vpn(next));
            if (CommittedPages.IsCommitted(vad, space.Tables.Pte(cell)))
            {
                SetProtection(cell, protection, outbox);
                continue;
            }

            space.Tables.Write(cell, Pte.ForDemandZero(protection));
            fresh++;
        }

        if (fresh == 0)
        {
            return;
        }

        space.Stacks!.ChargeOf(thread).Pages -= fresh;
        vad.CommitCharge += fresh;
        space.PrivateCommit += fresh;
        StateVad(vad, outbox);
        StateCommit(outbox);
    }

    /// <summary>Whether the growth is charged, or refused. False: the thread waits for the answer.</summary>
    private bool IsGrowthPaid(int thread, ulong pages, Outbox outbox, out bool refused)
    {
        ref StackCharge charge = ref Space.Stacks!.ChargeOf(thread);
        refused = charge.Refused != NtStatus.Success || pages > _plan.CommitQuota || Space.PrivateCommit > _plan.CommitQuota - pages;
        if (refused || pages <= charge.Pages)
        {
            return true;
        }

        charge.IsAsked = true;
        _threads[thread].Wait = ThreadWait.StackCharge;
        outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit(pages - charge.Pages, FirstStackRequest - thread, CommitKind.Private));
        return false;
    }

    private void GrowthCharged(CommitAnswered answer, Outbox outbox)
    {
        int thread = FirstStackRequest - answer.Request;
        ref StackCharge charge = ref Space.Stacks!.ChargeOf(thread);
        charge.IsAsked = false;
        if (_state == ProcessState.Exiting)
        {
            SendReturn(answer.Status == NtStatus.Success ? answer.Pages : 0, CommitKind.Private, outbox);
            return;
        }

        charge.Refused = answer.Status;
        charge.Pages += answer.Status == NtStatus.Success ? answer.Pages : 0;
        _threads[thread].Wait = ThreadWait.None;
    }

    /// <summary>The fault is over: what was charged for a growth that somebody else made unnecessary goes back.</summary>
    private void SettleGrowth(int thread, Outbox outbox)
    {
        if (Space.Stacks is not { } stacks)
        {
            return;
        }

        ref StackCharge charge = ref stacks.ChargeOf(thread);
        SendReturn(charge.Pages, CommitKind.Private, outbox);
        charge = default;
    }

    /// <summary>Since Windows 10 a thread that puts guard pages into its own stack finds its StackLimit just above them.</summary>
    private void NoteGuards(int thread, Vpn start, Vpn end, PageProtection protection)
    {
        int number = NumberOf(thread);
        bool isGuard = (protection & PageProtection.Guard) != 0 && _machine.Platform.Version >= WindowsVersion.Windows10Release1507;
        if (!isGuard || Space.Stacks is not { } stacks || !stacks.Has(number, start.Start.Value) || !stacks.Has(number, end.Start.Value))
        {
            return;
        }

        ref UserStack stack = ref stacks[number];
        stack.Limit = Math.Max(stack.Limit, end.Start.Value + PageSize.Bytes);
    }
}
