using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// A driver maps locked pages of its own into this process, and removes them again: MmMapLockedPagesSpecifyCache and MmUnmapLockedPages
/// (fact book §24). The range is the driver's: nothing but its own unmapping takes it away, and its pages never leave memory.
/// </summary>
public sealed partial class Process
{
    private void MapDriverPages(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.MapDriverPages(request, space.Vads, Limits, out Vpn first, out Vpn last);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, first, last);
            if (!Charge(thread, last.Value - first.Value + 1, request, outbox))
            {
                return;
            }
        }

        if (space.Call.Refused != NtStatus.Success)
        {
            Refuse(thread, request, NtStatus.InsufficientResources, outbox);
            return;
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (space.Vads.Find(start) < 0)
        {
            InsertDriverVad(start, end, outbox);
        }

        if (!BringIn(thread, start, end, outbox, out NtStatus failure, AccessKind.Write))
        {
            return;
        }

        if (failure != NtStatus.Success)
        {
            RemoveDriverVad(space.Vads.Find(start), outbox);
            Refuse(thread, request, NtStatus.InsufficientResources, outbox);
            return;
        }

        for (ulong page = start.Value; page <= end.Value; page++)
        {
            space.WorkingSet[(int)space.Tables.WorkingSetIndex(space.Tables.FindCell(new Vpn(page)))].Locked = true;
        }

        EndCall(thread, request, start, end, outbox);
    }

    private void InsertDriverVad(Vpn start, Vpn end, Outbox outbox)
    {
        AddressSpace space = Space;
        var vad = new Vad
        {
            Start = start,
            End = end,
            CommitCharge = end.Value - start.Value + 1,
            AllocationProtection = PageProtection.ReadWrite,
            Protection = ProtectionCode.ReadWrite,
            MemCommit = true,
            Kind = VadKind.DevicePhysicalMemory,
        };
        space.Vads.Insert(vad);
        space.VirtualPages += vad.Pages;
        space.PeakVirtualPages = Math.Max(space.PeakVirtualPages, space.VirtualPages);
        space.PrivateCommit += vad.CommitCharge;
        StateVad(vad, outbox);
        StateCommit(outbox);
    }

    private void UnmapDriverPages(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            Vpn page = new VirtualAddress(request.Base).Page;
            int index = space.Vads.Find(page);
            if (index < 0 || space.Vads[index].Kind != VadKind.DevicePhysicalMemory || space.Vads[index].Start != page)
            {
                Refuse(thread, request, NtStatus.InvalidAddress, outbox);
                return;
            }

            BeginCall(thread, page, space.Vads[index].End);
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (AwaitsSoftFault(thread, start, end))
        {
            return;
        }

        RemoveDriverVad(space.Vads.Find(start), outbox);
        EndCall(thread, request, start, end, outbox);
    }

    private void RemoveDriverVad(int index, Outbox outbox)
    {
        AddressSpace space = Space;
        Vad vad = space.Vads[index];
        ulong committed = DeleteCommitted(vad, vad.Start, vad.End, outbox);
        RemoveVad(index, outbox);
        space.PrivateCommit -= committed;
        FreeEmptyTables(outbox);
        ReturnCommit(committed, CommitKind.Private, outbox);
    }
}
