using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// MEM_LARGE_PAGES (fact book §11): 1. checked and charged like any commitment; 2. the range exists, and its page tables; 3. the PFN database
/// assembles one large page after the other, 1 GB where the range has room for one and memory has such a run, else 2 MB (4 MB on x86 without
/// PAE); each is valid from then on, in no working set, and never paged; 4. when one cannot be assembled, all of them go back, and the call fails.
/// </summary>
public sealed partial class Process
{
    private const uint HugePageFrames = 1U << 18;

    private uint LargePageFrames => (uint)SelfMap.Of(_machine.Platform.Architecture).EntriesPerTable;

    private void AllocateLarge(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Vads.Find(space.Call.Start) < 0)
        {
            var vad = new Vad
            {
                Start = space.Call.Start,
                End = space.Call.End,
                CommitCharge = space.Call.Charged,
                AllocationProtection = request.Protection,
                Protection = ProtectionCode.ReadWrite,
                MemCommit = true,
                Kind = VadKind.LargePages,
            };
            space.Vads.Insert(vad);
            space.VirtualPages += vad.Pages;
            space.PeakVirtualPages = Math.Max(space.PeakVirtualPages, space.VirtualPages);
            space.PrivateCommit += vad.CommitCharge;
            space.Call.Charged = 0;
            StateVad(vad, outbox);
            StateCommit(outbox);
        }

        if (space.Call.Refused != NtStatus.Success || _threads[thread].Exception != NtStatus.Success)
        {
            FailLarge(thread, request, outbox);
            return;
        }

        if (!BuildTables(thread, request, outbox))
        {
            return;
        }

        for (ulong page = space.Call.Start.Value; page <= space.Call.End.Value; page += LargePageFrames)
        {
            if (!space.Tables.Read(new Vpn(page)).IsValid)
            {
                bool huge = _machine.Platform.Is64Bit && page % HugePageFrames == 0 && space.Call.End.Value - page + 1 >= HugePageFrames;
                space.Call.Phase = CallPhase.AskingLargePage;
                _threads[thread].Wait = ThreadWait.Commit;
                outbox.Send(_machine.Cast.PfnDatabase, new TakeLargePage(huge ? HugePageFrames : LargePageFrames, thread));
                return;
            }
        }

        EndCall(thread, request, space.Call.Start, space.Call.End, outbox);
    }

    private void LargePageGranted(LargePageGranted granted, Outbox outbox)
    {
        ref MemoryCall call = ref Space.Call;
        Invariant.Holds(call.Phase == CallPhase.AskingLargePage && call.Thread == granted.Thread, "a large page is granted to the call that asked");
        call.Phase = CallPhase.BuildingTables;
        if (_state == ProcessState.Exiting)
        {
            if (!granted.First.IsNone)
            {
                outbox.Send(_machine.Cast.PfnDatabase, new DeleteLargePage(granted.First, granted.Frames));
            }

            return;
        }

        _threads[granted.Thread].Wait = ThreadWait.None;
        if (granted.First.IsNone)
        {
            call.Refused = NtStatus.InsufficientResources;
            return;
        }

        MapLargePage(granted, outbox);
    }

    private void MapLargePage(LargePageGranted granted, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        ulong page = Space.Call.Start.Value;
        while (tables.Read(new Vpn(page)).IsValid)
        {
            page += LargePageFrames;
        }

        for (uint frame = 0; frame < granted.Frames; frame++)
        {
            Vpn at = new(page + frame);
            int cell = tables.CellOf(at);
            Pfn pfn = new(granted.First.Value + frame);
            EnterPte(at, pfn, tables.Stamp(cell));
            tables.Write(cell, Pte.ForValid(pfn, AsEnforced(ProtectionCode.ReadWrite)).WithDirty);
            outbox.State(new PageMapped(at, new ContentStamp(tables.Stamp(cell)), pfn, FaultKind.DemandZero, true, 2));
        }
    }

    /// <summary>Whatever was assembled goes back, and the range is as it was.</summary>
    private void FailLarge(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        NtStatus status = space.Call.Refused != NtStatus.Success ? space.Call.Refused : _threads[thread].Exception;
        _threads[thread].Exception = NtStatus.Success;
        int index = space.Vads.Find(space.Call.Start);
        Vad vad = space.Vads[index];
        DeleteLarge(vad, UnmapCause.Deleted, outbox);
        RemoveVad(index, outbox);
        space.PrivateCommit -= vad.CommitCharge;
        FreeEmptyTables(outbox);
        ReturnCommit(vad.CommitCharge, CommitKind.Private, outbox);
        Refuse(thread, request, status, outbox);
    }

    /// <summary>Large pages are given back as they came: run by run.</summary>
    private void DeleteLarge(in Vad vad, UnmapCause cause, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        for (ulong page = vad.Start.Value; page <= vad.End.Value; page += LargePageFrames)
        {
            Pte first = tables.Read(new Vpn(page));
            if (!first.IsValid)
            {
                continue;
            }

            for (uint frame = 0; frame < LargePageFrames; frame++)
            {
                Vpn at = new(page + frame);
                int cell = tables.FindCell(at);
                Pfn pfn = tables.Pte(cell).Pfn;
                LeavePte(at, pfn, ref tables.Stamp(cell), tables.Pte(cell).IsAccessed, outbox);
                outbox.State(new PageUnmapped(at, new ContentStamp(tables.Stamp(cell)), pfn, default, cause, true));
                Space.Tlb.Flush(at);
                tables.Stamp(cell) = 0;
                tables.Write(cell, Pte.Zero);
            }

            outbox.Send(_machine.Cast.PfnDatabase, new DeleteLargePage(first.Pfn, LargePageFrames));
        }
    }
}
