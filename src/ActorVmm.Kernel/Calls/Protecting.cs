using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>NtProtectVirtualMemory (fact book §8), and what a change of protection does to a page.</summary>
public sealed partial class Process
{
    private void Protect(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.Protect(request, space, Limits, out Vpn first, out Vpn last);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            if (space.Vads[space.Vads.Find(first)].IsView)
            {
                ProtectView(thread, request, first, last, outbox);
                return;
            }

            BeginCall(thread, first, last);
        }
        else if (space.Vads[space.Vads.Find(space.Call.Start)].IsView)
        {
            ProtectView(thread, request, space.Call.Start, space.Call.End, outbox);
            return;
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (!BuildTables(thread, request, outbox))
        {
            return;
        }

        Vad vad = space.Vads[space.Vads.Find(start)];
        PageProtection old = CommittedPages.ProtectionOf(vad, start, space).ToPageProtection();
        ProtectionCode protection = CodeFor(request.Protection, vad);
        for (ulong page = start.Value; page <= end.Value; page++)
        {
            SetProtection(space.Tables.CellOf(new Vpn(page)), protection, outbox);
        }

        NoteGuards(thread, start, end, request.Protection);
        EndCall(thread, request, start, end, outbox, old);
    }

    /// <summary>
    /// Since Windows 10 caching is a property of the whole allocation, and what a change of protection says about it is not heard; before, each
    /// page had its own (fact book §4.3). A guard page has no room for it.
    /// </summary>
    private ProtectionCode CodeFor(PageProtection asked, in Vad vad)
    {
        const PageProtection Caching = PageProtection.NoCache | PageProtection.WriteCombine;
        bool ofAllocation = _machine.Platform.Version >= WindowsVersion.Windows10Release1507;
        bool keeps = ofAllocation && (asked & (PageProtection.NoAccess | PageProtection.Guard)) == 0;
        PageProtection meant = ofAllocation ? asked & ~Caching : asked;
        _ = ProtectionCode.TryFrom(keeps ? meant | (vad.AllocationProtection & Caching) : meant, out ProtectionCode code);
        return code;
    }

    /// <summary>
    /// A resident page that may not be accessed, or not without notice, leaves the working set (fact book §4.3); undoing that brings
    /// it back by a soft fault.
    /// </summary>
    private void SetProtection(int cell, ProtectionCode protection, Outbox outbox)
    {
        AddressSpace space = Space;
        ref Pte pte = ref space.Tables.Pte(cell);
        protection = pte.IsShared || pte.Form is PteForm.Zero or PteForm.Prototype ? protection : protection.AfterCopy;
        if (!pte.IsValid)
        {
            bool shared = pte == Pte.Zero && space.Vads[space.Vads.Find(space.Tables.PageOf(cell))].IsView;
            space.Tables.Write(cell, shared ? Pte.ForPrototype(protection) : pte == Pte.Zero ? Pte.ForDemandZero(protection) : pte.WithProtection(protection));
            return;
        }

        if (protection.IsNoAccess || protection.IsGuard)
        {
            UnmapPage(cell, UnmapCause.ProtectionChanged, protection, outbox);
            return;
        }

        ref WorkingSets.WorkingSetEntry entry = ref space.WorkingSet[(int)space.Tables.WorkingSetIndex(cell)];
        entry.Protection = protection;
        pte = pte.WithRights(AsEnforced(protection)).WithExecuteOnly(HasKey(protection));
        space.Tlb.Flush(entry.Page);
    }
}
