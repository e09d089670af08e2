using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>NtAllocateVirtualMemory, plain and Ex (fact book §6, §11).</summary>
public sealed partial class Process
{
    private AllocationChecks AllocationChecks => field ??= new AllocationChecks(Limits, _machine.Platform, _plan.LockMemoryPrivilege);

    private void Allocate(int thread, in MemoryRequest request, Outbox outbox)
    {
        if (Space.Call.Phase == CallPhase.None)
        {
            NtStatus status = AllocationChecks.Arguments(request);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }
        }

        if (request.Reserves)
        {
            Reserve(thread, request, outbox);
        }
        else if (request.Has(AllocationType.Commit) && IsViewAt(request.Base))
        {
            CommitView(thread, request, outbox);
        }
        else if (request.Has(AllocationType.Commit))
        {
            Commit(thread, request, outbox);
        }
        else
        {
            Reset(thread, request, outbox);
        }
    }

    private void Reserve(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = AllocationChecks.Reserve(request, space.Vads, out Vpn start, out Vpn end);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, start, end);
            if (request.Has(AllocationType.Commit) && !Charge(thread, end.Value - start.Value + 1, request, outbox))
            {
                return;
            }
        }

        MemoryCall call = space.Call;
        if (request.Has(AllocationType.LargePages) && (call.Refused == NtStatus.Success || space.Vads.Find(call.Start) >= 0))
        {
            AllocateLarge(thread, request, outbox);
            return;
        }

        if (call.Refused != NtStatus.Success)
        {
            Refuse(thread, request, call.Refused, outbox);
            return;
        }

        if (request.Has(AllocationType.ReplacePlaceholder))
        {
            RemoveVad(space.Vads.Find(call.Start), outbox);
        }

        _ = ProtectionCode.TryFrom(request.Protection, out ProtectionCode protection);
        var vad = new Vad
        {
            Start = call.Start,
            End = call.End,
            CommitCharge = call.Charged,
            AllocationProtection = request.Protection,
            Protection = protection,
            MemCommit = request.Has(AllocationType.Commit),
            Kind = request.Has(AllocationType.WriteWatch) ? VadKind.WriteWatch : request.Has(AllocationType.Physical) ? VadKind.Awe : VadKind.None,
            Flags = request.Has(AllocationType.ReservePlaceholder) ? VadFlags.Placeholder
                : request.Has(AllocationType.ReplacePlaceholder) ? VadFlags.ReplacedPlaceholder
                : VadFlags.None,
        };
        space.Vads.Insert(vad);
        space.Written ??= vad.Kind == VadKind.WriteWatch ? new PageMarks() : null;
        space.VirtualPages += vad.Pages;
        space.PeakVirtualPages = Math.Max(space.PeakVirtualPages, space.VirtualPages);
        space.PrivateCommit += call.Charged;
        StateVad(vad, outbox);
        EndCall(thread, request, call.Start, call.End, outbox);
    }

    private void Commit(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = AllocationChecks.Within(request, space.Vads, out Vpn first, out Vpn last);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, first, last);
            ulong committed = CommittedPages.Count(space.Vads[space.Vads.Find(first)], first, last, space.Tables);
            if (!Charge(thread, last.Value - first.Value + 1 - committed, request, outbox))
            {
                return;
            }
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (!BuildTables(thread, request, outbox))
        {
            return;
        }

        _ = ProtectionCode.TryFrom(request.Protection, out ProtectionCode protection);
        ref Vad vad = ref space.Vads[space.Vads.Find(start)];
        for (ulong page = start.Value; page <= end.Value; page++)
        {
            int cell = space.Tables.CellOf(new Vpn(page));
            if (CommittedPages.IsCommitted(vad, space.Tables.Pte(cell)))
            {
                SetProtection(cell, protection, outbox);
            }
            else
            {
                space.Tables.Write(cell, Pte.ForDemandZero(protection));
            }
        }

        vad.CommitCharge += space.Call.Charged;
        space.PrivateCommit += space.Call.Charged;
        StateVad(vad, outbox);
        NoteGuards(thread, start, end, request.Protection);
        EndCall(thread, request, start, end, outbox);
    }

    private bool IsViewAt(ulong address)
    {
        int index = Space.Vads.Find(new VirtualAddress(address).Page);
        return index >= 0 && Space.Vads[index].IsView;
    }

    private void RemoveVad(int index, Outbox outbox)
    {
        VadTree vads = Space.Vads;
        Space.VirtualPages -= vads[index].Pages;
        outbox.State(new VadCommitChanged(vads[index].Start, 0, 0));
        vads.RemoveAt(index);
    }
}
