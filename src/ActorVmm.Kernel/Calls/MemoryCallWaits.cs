using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// What a memory call waits for before it takes effect: what it promises is charged, all or nothing; the page tables it will write are
/// made valid; no soft fault is on its way for a page it deletes. After each wait it is called again and finds what it has already.
/// </summary>
public sealed partial class Process
{
    /// <summary>Charges what a call promises. False: the thread waits for the answer, or the call has ended.</summary>
    private bool Charge(int thread, ulong pages, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (IsOverQuota(pages))
        {
            Refuse(thread, request, NtStatus.PagefileQuotaExceeded, outbox);
            return false;
        }

        if (pages == 0)
        {
            return true;
        }

        space.Call.Phase = CallPhase.Charging;
        _threads[thread].Wait = ThreadWait.Commit;
        outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit(pages, thread, CommitKind.Private));
        return false;
    }

    private bool IsOverQuota(ulong pages) => pages > _plan.CommitQuota || Space.PrivateCommit > _plan.CommitQuota - pages;

    private void CallCharged(CommitAnswered answer, Outbox outbox)
    {
        ref MemoryCall call = ref Space.Call;
        Invariant.Holds(call.Phase == CallPhase.Charging && call.Thread == answer.Request, "a charge is answered to the call that asked");
        call.Phase = CallPhase.BuildingTables;
        if (_state == ProcessState.Exiting)
        {
            SendReturn(answer.Status == NtStatus.Success ? answer.Pages : 0, CommitKind.Private, outbox);
            return;
        }

        call.Refused = answer.Status;
        call.Charged = answer.Status == NtStatus.Success ? answer.Pages : 0;
        _threads[call.Thread].Wait = ThreadWait.None;
    }

    /// <summary>Where every page is committed, each gets an entry that says that it is not any more; elsewhere those that have one.</summary>
    private bool HasTables(bool everyPage, int thread, in MemoryRequest request, Outbox outbox) =>
        everyPage ? BuildTables(thread, request, outbox) : BringTables(thread, request, outbox);

    /// <summary>
    /// Makes every page table of the call's range valid. Tables of a call under way are neither trimmed nor freed, so this ends, and goes
    /// on where it was. False: the thread waits, or the call has failed and ended.
    /// </summary>
    private bool BuildTables(int thread, in MemoryRequest request, Outbox outbox)
    {
        if (HasFailed(thread, request, outbox))
        {
            return false;
        }

        MemoryCall call = Space.Call;
        var entries = (ulong)Space.Tables.Map.EntriesPerTable;
        ulong first = Math.Max(call.Start.Value, call.Built.Value) & ~(entries - 1);
        for (ulong page = first; page <= call.End.Value; page += entries)
        {
            Space.Call.Built = new Vpn(page);
            if (!MakeTablesValid(new Vpn(page), thread, outbox))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Makes those page tables of the call's range valid that have entries in it. No table is made, and charged, only to say that there is
    /// nothing. False: the thread waits, or the call has failed and ended.
    /// </summary>
    private bool BringTables(int thread, in MemoryRequest request, Outbox outbox)
    {
        if (HasFailed(thread, request, outbox))
        {
            return false;
        }

        PageTables tables = Space.Tables;
        foreach (int cell in new CellsInRange(tables, Space.Call.Start, Space.Call.End))
        {
            bool isOut = tables.Pte(cell) != Pte.Zero && !tables.TableOfCell(cell).Entry.IsValid;
            if (isOut && !MakeTablesValid(tables.PageOf(cell), thread, outbox))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the call was refused what it needs; then it has ended.</summary>
    private bool HasFailed(int thread, in MemoryRequest request, Outbox outbox)
    {
        MemoryCall call = Space.Call;
        NtStatus failure = call.Refused != NtStatus.Success ? call.Refused : _threads[thread].Exception;
        if (failure == NtStatus.Success)
        {
            return false;
        }

        _threads[thread].Exception = NtStatus.Success;
        SendReturn(call.Charged, CommitKind.Private, outbox);
        Refuse(thread, request, failure, outbox);
        return true;
    }

    /// <summary>
    /// A page is not deleted while a soft fault on it is on its way, nor its neighbours of the same 64 KB, which the answer may be
    /// about as well.
    /// </summary>
    private bool AwaitsSoftFault(int thread, Vpn start, Vpn end)
    {
        const ulong WithinCluster = ClusterPages - 1;
        bool underWay = Space.TryFindSoftFault(new Vpn(start.Value & ~WithinCluster), new Vpn(end.Value | WithinCluster), out Vpn page);
        if (!_machine.Cast.Rules.AwaitsSoftFault(underWay))
        {
            return false;
        }

        _threads[thread].Wait = ThreadWait.SoftFault;
        _threads[thread].WaitPage = page;
        return true;
    }
}
