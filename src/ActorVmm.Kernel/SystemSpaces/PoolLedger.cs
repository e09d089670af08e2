namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>What is allocated of the two pools: each allocation by its base, in the order of bases, and the sums.</summary>
internal sealed class PoolLedger : IEncodable
{
    private const int Pools = 2;

    private readonly ulong[] _total = new ulong[Pools];
    private readonly ulong[] _peak = new ulong[Pools];
    private PoolAllocation[] _allocations = new PoolAllocation[4];
    private int _count;

    public ReadOnlySpan<PoolAllocation> Allocations => _allocations.AsSpan(0, _count);

    /// <summary>Pages allocated.</summary>
    public ulong Total(PoolKind pool) => _total[(int)pool];

    /// <summary>The most pages that were ever allocated at once.</summary>
    public ulong Peak(PoolKind pool) => _peak[(int)pool];

    /// <summary>Pages of a pool that a process is charged for.</summary>
    public ulong ChargedTo(int quotaOf, PoolKind pool)
    {
        ulong charged = 0;
        foreach (ref readonly PoolAllocation allocation in Allocations)
        {
            charged += allocation.QuotaOf == quotaOf && allocation.Pool == pool ? allocation.Pages : 0;
        }

        return charged;
    }

    public void Add(in PoolAllocation allocation)
    {
        int row = Find(allocation.Base);
        Invariant.Holds(row < 0, "pool is allocated once at a time");
        row = ~row;
        if (_count == _allocations.Length)
        {
            Array.Resize(ref _allocations, _count * 2);
        }

        Array.Copy(_allocations, row, _allocations, row + 1, _count - row);
        _allocations[row] = allocation;
        _count++;
        ref ulong total = ref _total[(int)allocation.Pool];
        total += allocation.Pages;
        _peak[(int)allocation.Pool] = Math.Max(_peak[(int)allocation.Pool], total);
    }

    public PoolAllocation Remove(Vpn start)
    {
        int row = Find(start);
        Invariant.Holds(row >= 0, "only pool that was allocated is freed");
        PoolAllocation allocation = _allocations[row];
        _count--;
        Array.Copy(_allocations, row + 1, _allocations, row, _count - row);
        _total[(int)allocation.Pool] -= allocation.Pages;
        return allocation;
    }

    public void Encode(StateCodec codec)
    {
        codec.Values("total", _total);
        codec.Values("peak", _peak);
        codec.Rows("allocations", ref _allocations, ref _count);
    }

    private int Find(Vpn start)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_allocations[middle].Base == start)
            {
                return middle;
            }

            if (_allocations[middle].Base.Value < start.Value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return ~low;
    }
}

/// <summary>One allocation of pool.</summary>
internal struct PoolAllocation : IEncodable
{
    public Vpn Base;
    public ulong Pages;
    public PoolKind Pool;

    /// <summary>1 + the serial number of the process that is charged for it; 0 for nobody.</summary>
    public int QuotaOf;

    public void Encode(StateCodec codec)
    {
        codec.Field("base", ref Base);
        codec.Field("pages", ref Pages);
        codec.Field("pool", ref Pool);
        codec.Field("quota of", ref QuotaOf);
    }
}
