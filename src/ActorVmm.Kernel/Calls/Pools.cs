using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// Pool (fact book §23), allocated by threads of the system in the system's own process: 1. the pool says whether it has so much, and whether the
/// process that it is for may have it; 2. commitment is charged; 3. the range exists. Non-paged pool is then brought in and locked, page by page,
/// before anybody learns of it; paged pool comes by faults, like any memory, and goes when the system working set is trimmed.
/// </summary>
public sealed partial class Process
{
    private SystemRegions Regions => field ??= SystemRegions.Of(_machine.Platform);

    private void AllocatePool(int thread, in MemoryRequest request, Outbox outbox)
    {
        ref MemoryCall call = ref Space.Call;
        switch (call.Phase)
        {
            case CallPhase.None:
                AskPool(thread, request, outbox);
                break;
            case CallPhase.PoolAnswered when call.Refused != NtStatus.Success:
                Refuse(thread, request, call.Refused, outbox);
                break;
            case CallPhase.PoolAnswered:
                _ = Charge(thread, call.End.Value - call.Start.Value + 1, request, outbox);
                break;
            case CallPhase.BuildingTables when call.Refused != NtStatus.Success:
                outbox.Send(_machine.Cast.SystemSpace, new FreePool(call.Start));
                Refuse(thread, request, NtStatus.InsufficientResources, outbox);
                break;
            case CallPhase.BuildingTables:
                MakePool(thread, request, outbox);
                break;
            case CallPhase.Charging or CallPhase.AskingPool or CallPhase.AskingLargePage:
            default:
                throw new BugCheckException(0xC2, "a thread that waits for its pool does not run");
        }
    }

    private void AskPool(int thread, in MemoryRequest request, Outbox outbox)
    {
        Vpn start = new VirtualAddress(request.Base).Page;
        ulong pages = request.Pages;
        Vpn end = new(start.Value + pages - 1);
        bool paged = Regions.IsPagedPool(start) && Regions.IsPagedPool(end);
        bool nonPaged = Regions.IsNonPagedPool(start) && Regions.IsNonPagedPool(end);
        if (!_plan.IsSystem || pages == 0 || (!paged && !nonPaged) || Space.Vads.Overlaps(start, end))
        {
            Refuse(thread, request, !_plan.IsSystem ? NtStatus.NotSupported : NtStatus.InvalidParameter, outbox);
            return;
        }

        BeginCall(thread, start, end);
        Space.Call.Phase = CallPhase.AskingPool;
        _threads[thread].Wait = ThreadWait.Commit;
        PoolKind pool = paged ? PoolKind.Paged : PoolKind.NonPaged;
        outbox.Send(_machine.Cast.SystemSpace, new AllocatePool(start, pages, pool, request.QuotaOf, thread, 0));
    }

    private void PoolAnswered(PoolAnswered answer, Outbox outbox)
    {
        ref MemoryCall call = ref Space.Call;
        Invariant.Holds(call.Phase == CallPhase.AskingPool && call.Thread == answer.Request, "a pool answers the call that asked");
        call.Phase = CallPhase.PoolAnswered;
        call.Refused = answer.Status;
        if (_state != ProcessState.Exiting)
        {
            _threads[call.Thread].Wait = ThreadWait.None;
        }
        else if (answer.Status == NtStatus.Success)
        {
            outbox.Send(_machine.Cast.SystemSpace, new FreePool(answer.Base));
        }
    }

    private void MakePool(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        bool paged = Regions.IsPagedPool(start);
        if (space.Vads.Find(start) < 0)
        {
            var vad = new Vad
            {
                Start = start,
                End = end,
                CommitCharge = space.Call.Charged,
                AllocationProtection = PageProtection.ReadWrite,
                Protection = ProtectionCode.ReadWrite,
                MemCommit = true,
                Kind = paged ? VadKind.PagedPool : VadKind.NonPagedPool,
            };
            space.Vads.Insert(vad);
            space.VirtualPages += vad.Pages;
            space.PeakVirtualPages = Math.Max(space.PeakVirtualPages, space.VirtualPages);
            space.PrivateCommit += vad.CommitCharge;
            space.Call.Charged = 0;
            space.Call.Built = start;
            StateVad(vad, outbox);
            StateCommit(outbox);
        }

        if (!paged && !LockPool(thread, end, outbox, out NtStatus failure))
        {
            return;
        }

        EndCall(thread, request, start, end, outbox);
    }

    /// <summary>Brings the pages of the call in, one by one, and keeps each. False: the thread waits.</summary>
    private bool LockPool(int thread, Vpn end, Outbox outbox, out NtStatus failure)
    {
        AddressSpace space = Space;
        failure = NtStatus.Success;
        while (space.Call.Built.Value <= end.Value)
        {
            Vpn page = space.Call.Built;
            if (!Touch(thread, page, AccessKind.Write, outbox, out failure))
            {
                return false;
            }

            if (failure != NtStatus.Success)
            {
                throw new BugCheckException(0x2D, FormattableString.Invariant($"non-paged pool at {page} cannot be brought in: {failure}"));
            }

            ref WorkingSetEntry entry = ref space.WorkingSet[(int)space.Tables.WorkingSetIndex(space.Tables.FindCell(page))];
            entry.Locked = true;
            space.Call.Built = new Vpn(page.Value + 1);
        }

        return true;
    }

    private void FreePool(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            Vpn start = new VirtualAddress(request.Base).Page;
            int index = space.Vads.Find(start);
            if (index < 0 || space.Vads[index].Start != start || !space.Vads[index].IsPool)
            {
                // Windows stops: BAD_POOL_CALLER.
                Refuse(thread, request, NtStatus.MemoryNotAllocated, outbox);
                return;
            }

            BeginCall(thread, start, space.Vads[index].End);
        }

        Release(thread, request, outbox);
    }

    /// <summary>The process exits during an allocation: what the pool has granted, and nothing has been made of, is the pool's again.</summary>
    private void ReturnGrantedPool(Outbox outbox)
    {
        MemoryCall call = Space.Call;
        bool isPool = Regions.IsPagedPool(call.Start) || Regions.IsNonPagedPool(call.Start);
        bool granted = call.Phase is CallPhase.Charging or CallPhase.BuildingTables || (call.Phase == CallPhase.PoolAnswered && call.Refused == NtStatus.Success);
        if (isPool && granted && Space.Vads.Find(call.Start) < 0)
        {
            outbox.Send(_machine.Cast.SystemSpace, new FreePool(call.Start));
        }
    }

    /// <summary>Pool that is deleted, by itself or with its process, is the pool's again.</summary>
    private void ReturnPool(in Vad vad, Outbox outbox)
    {
        if (vad.IsPool)
        {
            outbox.Send(_machine.Cast.SystemSpace, new FreePool(vad.Start));
        }
    }
}
