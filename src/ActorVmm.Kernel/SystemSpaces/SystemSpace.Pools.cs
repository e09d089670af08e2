using ActorVmm.Kernel.Inspection;

namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>
/// The pools (fact book §23): how much of each may be allocated, by all and on behalf of one process. The pages belong to the system's own
/// process, which is charged commitment for them like any other; a pool at its limit refuses although the system could still promise.
/// </summary>
public sealed partial class SystemSpace
{
    private PoolLedger? _pools;

    /// <summary>The most pages of a pool that may be allocated.</summary>
    public ulong LimitOf(PoolKind pool) => _poolLimits[(int)pool];

    /// <summary>Pages of a pool that are allocated.</summary>
    public ulong AllocatedOf(PoolKind pool) => _pools?.Total(pool) ?? 0;

    /// <summary>The most pages of a pool that were ever allocated at once.</summary>
    public ulong PeakOf(PoolKind pool) => _pools?.Peak(pool) ?? 0;

    /// <summary>Every allocation, by address.</summary>
    public IReadOnlyList<PoolAllocationView> InspectPools() => _pools is null
        ? []
        : [.. _pools.Allocations.ToArray().Select(one => new PoolAllocationView(one.Base, one.Pages, one.Pool, one.QuotaOf - 1))];

    /// <summary>
    /// Since Windows 8.1 non-paged pool may be all of memory, on 32 bits three quarters of it and 2 GB at most; paged pool is limited by its
    /// region (15.5 TB, 2 GB), and by commitment in any case.
    /// </summary>
    private static ulong[] PoolLimits(MachinePlan plan)
    {
        const ulong TwoGigabytes = 2UL << (30 - PageSize.Shift);
        const ulong LargestPagedPool = 31UL << (39 - PageSize.Shift);
        bool wide = plan.Platform.Is64Bit;
        ulong nonPaged = wide ? plan.Frames : Math.Min(plan.Frames * 3UL / 4, TwoGigabytes);
        return
        [
            plan.System.NonPagedPool > 0 ? Math.Min(plan.System.NonPagedPool, nonPaged) : nonPaged,
            plan.System.PagedPool > 0 ? plan.System.PagedPool : wide ? LargestPagedPool : TwoGigabytes,
        ];
    }

    private void AllocatePool(ActorId asker, AllocatePool wish, Outbox outbox)
    {
        outbox.Spend(_operation);
        ulong quota = wish.Pool == PoolKind.Paged ? _system.PagedPoolQuota : _system.NonPagedPoolQuota;
        ulong charged = wish.QuotaOf == 0 ? 0 : _pools?.ChargedTo(wish.QuotaOf, wish.Pool) ?? 0;
        if (IsOver(AllocatedOf(wish.Pool), wish.Pages, LimitOf(wish.Pool)))
        {
            RefusePool(asker, wish, AllocatedOf(wish.Pool), LimitOf(wish.Pool), NtStatus.InsufficientResources, outbox);
        }
        else if (wish.QuotaOf > 0 && IsOver(charged, wish.Pages, quota))
        {
            RefusePool(asker, wish, charged, quota, NtStatus.QuotaExceeded, outbox);
        }
        else
        {
            (_pools ??= new PoolLedger()).Add(new PoolAllocation { Base = wish.Base, Pages = wish.Pages, Pool = wish.Pool, QuotaOf = wish.QuotaOf });
            outbox.State(new PoolAllocated(wish.Base, wish.Pages, AllocatedOf(wish.Pool), wish.Pool, wish.QuotaOf));
            outbox.Send(asker, new PoolAnswered(wish.Base, wish.Request, NtStatus.Success));
        }
    }

    private static void RefusePool(ActorId asker, in AllocatePool wish, ulong charged, ulong limit, NtStatus status, Outbox outbox)
    {
        outbox.State(new PoolRefused(wish.Pages, charged, limit, wish.Pool, status));
        outbox.Send(asker, new PoolAnswered(wish.Base, wish.Request, status));
    }

    private void FreePool(FreePool word, Outbox outbox)
    {
        outbox.Spend(_operation);
        Invariant.Holds(_pools is not null, "only pool that was allocated is freed");
        PoolAllocation freed = _pools!.Remove(word.Base);
        outbox.State(new PoolFreed(freed.Base, freed.Pages, AllocatedOf(freed.Pool), freed.Pool, freed.QuotaOf));
    }
}
