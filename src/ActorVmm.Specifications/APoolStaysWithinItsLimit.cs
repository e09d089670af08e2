namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §23: what is allocated of a pool adds up, allocation by allocation; a pool is refused only when it, or the quota of the process that
/// it was for, would be exceeded; and when nothing is in flight and nobody holds any, all of it is back.
/// </summary>
public sealed class APoolStaysWithinItsLimit : Specification, IHear<PoolAllocated>, IHear<PoolFreed>, IHear<PoolRefused>
{
    private readonly SortedDictionary<ulong, ulong> _allocations = [];
    private readonly ulong[] _total = new ulong[2];
    private readonly Situation _nonPaged;
    private readonly Situation _paged;
    private readonly Situation _refused;

    public APoolStaysWithinItsLimit()
        : base(nameof(APoolStaysWithinItsLimit), "every page of pool is accounted for, and pool is refused only at a limit")
    {
        _nonPaged = Sometimes("non-paged pool was allocated");
        _paged = Sometimes("paged pool was allocated");
        _refused = Sometimes("pool was refused");
    }

    public void Hear(in PoolAllocated fact)
    {
        (fact.Pool == PoolKind.Paged ? _paged : _nonPaged).Seen();
        if (!_allocations.TryAdd(fact.Base.Value, fact.Pages))
        {
            Violated($"pool at {fact.Base} was allocated twice");
        }

        _total[(int)fact.Pool] += fact.Pages;
        Compare(fact.Pool, fact.Total);
        ulong limit = fact.Pool == PoolKind.Paged ? Known.Plan.System.PagedPool : Known.Plan.System.NonPagedPool;
        if (limit > 0 && fact.Total > limit)
        {
            Violated($"{fact.Total} pages of {fact.Pool} pool are allocated, and {limit} are allowed");
        }
    }

    public void Hear(in PoolFreed fact)
    {
        if (!_allocations.Remove(fact.Base.Value, out ulong pages) || pages != fact.Pages)
        {
            Violated($"{fact.Pages} pages of pool at {fact.Base} were freed, and {pages} were allocated there");
        }

        _total[(int)fact.Pool] -= Math.Min(fact.Pages, _total[(int)fact.Pool]);
        Compare(fact.Pool, fact.Total);
    }

    public void Hear(in PoolRefused fact)
    {
        _refused.Seen();
        if (fact.Charged <= fact.Limit && fact.Pages <= fact.Limit - fact.Charged)
        {
            Violated($"{fact.Pages} pages of {fact.Pool} pool were refused, and they fit: {fact.Charged} of {fact.Limit} are charged");
        }
    }

    private void Compare(PoolKind pool, ulong stated)
    {
        if (stated != _total[(int)pool])
        {
            Violated($"{stated} pages of {pool} pool are said to be allocated, and the allocations add up to {_total[(int)pool]}");
        }
    }
}
