using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.Sections;

namespace ActorVmm.Kernel;

/// <summary>
/// NtProtectVirtualMemory and MEM_COMMIT on a view (fact book §4.3, §6.3, §8): the protection of its pages changes within what the view
/// allows; pages that are not committed in the section are charged there, once for all views; pages that may be copied are charged to the
/// process (§13.4).
/// </summary>
public sealed partial class Process
{
    private void CommitView(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CheckViewCommit(request, out Vpn first, out Vpn last);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, first, last);
            SectionRequest page = RequestFor(SectionRequestKind.Fault, first, thread);
            if (ViewAt(first).IsReserved)
            {
                AskSection(thread, page.Section);
                outbox.Send(page.Section, new CommitPrototypes(page.Shared, last.Value - first.Value + 1, 0, ViewAt(first).Object));
                return;
            }
        }

        ChangeView(thread, request, outbox);
    }

    private void ProtectView(int thread, in MemoryRequest request, Vpn first, Vpn last, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            BeginCall(thread, first, last);
            SectionRequest page = RequestFor(SectionRequestKind.Fault, first, thread);
            if (ViewAt(first).IsReserved)
            {
                AskSection(thread, page.Section);
                outbox.Send(page.Section, new QueryPrototypes(page.Shared, last.Value - first.Value + 1, 0, 0));
                return;
            }
        }

        SectionReply reply = space.Call.Reply;
        if (reply.Here && (!reply.Committed || reply.Size < last.Value - first.Value + 1))
        {
            Refuse(thread, request, NtStatus.NotCommitted, outbox);
            return;
        }

        ChangeView(thread, request, outbox);
    }

    /// <summary>Charges what may be copied now and could not be before, makes the page tables valid, and changes the protection of the pages.</summary>
    private void ChangeView(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (space.Call.Reply.Status != NtStatus.Success)
        {
            Refuse(thread, request, space.Call.Reply.Status, outbox);
            return;
        }

        ref Vad vad = ref space.Vads[space.Vads.Find(start)];
        ProtectionCode protection = CodeForView(request.Protection, vad);
        ulong before = CopiedPages(vad, start, end, null);
        ulong after = CopiedPages(vad, start, end, protection);
        if (after > before && space.Call is { Charged: 0, Refused: NtStatus.Success } && !Charge(thread, after - before, request, outbox))
        {
            return;
        }

        if (AwaitsAccess(thread, start, end) || !BuildTables(thread, request, outbox))
        {
            return;
        }

        PageProtection old = CommittedPages.ProtectionOf(vad, start, space).ToPageProtection();
        ulong charged = space.Call.Charged;
        for (ulong page = start.Value; page <= end.Value; page++)
        {
            SetProtection(space.Tables.CellOf(new Vpn(page)), protection, outbox);
        }

        // A page may have been copied while the charge was on its way; what is used counts.
        ulong kept = CopiedPages(vad, start, end, null);
        ulong released = before + charged - Math.Min(kept, before + charged);
        vad.CommitCharge += charged;
        vad.CommitCharge -= released;
        space.PrivateCommit += charged;
        space.PrivateCommit -= released;
        StateVad(vad, outbox);
        ReturnCommit(released, CommitKind.Private, outbox);
        EndCall(thread, request, start, end, outbox, old);
    }

    /// <summary>Pages of a range that are copies already, or may become some: with the protection they have, or with another.</summary>
    private ulong CopiedPages(in Vad vad, Vpn start, Vpn end, ProtectionCode? protection)
    {
        AddressSpace space = Space;
        ulong pages = 0;
        ulong touched = 0;
        foreach (int cell in new CellsInRange(space.Tables, start, end))
        {
            Pte pte = space.Tables.Pte(cell);
            bool copy = !pte.IsShared && pte.Form is not (PteForm.Zero or PteForm.Prototype);
            ProtectionCode allowed = protection ?? CommittedPages.ProtectionOf(vad, space.Tables.PageOf(cell), space);
            pages += copy || allowed.IsCopyOnWrite ? 1UL : 0;
            touched++;
        }

        ulong untouched = end.Value - start.Value + 1 - touched;
        if (protection is { } given)
        {
            return pages + (given.IsCopyOnWrite ? untouched : 0);
        }

        return pages + (untouched == 0 ? 0 : UntouchedCopies(vad, start, end));
    }

    /// <summary>Pages without a place for a PTE that may be copied: in an image they differ.</summary>
    private ulong UntouchedCopies(in Vad vad, Vpn start, Vpn end)
    {
        AddressSpace space = Space;
        ulong pages = 0;
        bool image = space.Views![vad.View].Segment == SegmentKind.Image;
        if (!image && !vad.Protection.IsCopyOnWrite)
        {
            return 0;
        }

        for (ulong page = start.Value; page <= end.Value; page++)
        {
            bool untouched = space.Tables.FindCell(new Vpn(page)) < 0;
            pages += untouched && space.UntouchedProtection(vad, new Vpn(page)).IsCopyOnWrite ? 1UL : 0;
        }

        return pages;
    }

    /// <summary>In an image nobody writes to what others see: who asks for that gets copies (fact book §4.3).</summary>
    private ProtectionCode CodeForView(PageProtection asked, in Vad vad)
    {
        PageProtection meant = Space.Views![vad.View].Segment != SegmentKind.Image ? asked : (asked & (PageProtection)0xFF) switch
        {
            PageProtection.ReadWrite => PageProtection.WriteCopy | (asked & PageProtection.Guard),
            PageProtection.ExecuteReadWrite => PageProtection.ExecuteWriteCopy | (asked & PageProtection.Guard),
            _ => asked,
        };
        return CodeFor(meant, vad);
    }

    private ref View ViewAt(Vpn page) => ref Space.Views![Space.Vads[Space.Vads.Find(page)].View];

    private NtStatus CheckViewCommit(in MemoryRequest request, out Vpn start, out Vpn end)
    {
        const PageProtection Caching = PageProtection.NoCache | PageProtection.WriteCombine;
        start = new VirtualAddress(request.Base).Page;
        end = new VirtualAddress(request.Base + request.Size - 1).Page;
        int index = Space.Vads.Find(start);
        Vad vad = Space.Vads[index];
        if (!vad.Contains(end))
        {
            return NtStatus.ConflictingAddresses;
        }

        if (Space.Views![vad.View].Segment != SegmentKind.PagingFile)
        {
            return NtStatus.AlreadyCommitted;
        }

        if ((request.Protection & Caching) != 0)
        {
            return NtStatus.InvalidPageProtection;
        }

        bool checks = _machine.Platform.Version >= WindowsVersion.Windows7;
        return checks && !SectionChecks.IsWithin(request.Protection, vad.AllocationProtection) ? NtStatus.SectionProtection : NtStatus.Success;
    }
}
