namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// The VADs of a process by page number; they never overlap. Windows keeps an AVL tree; a sorted array gives the same answers,
/// is smaller for the handful of VADs a process has, and is walked in order without pointers.
/// </summary>
internal sealed class VadTree : IEncodable
{
    private Vad[] _vads = [];
    private int _count;
    private int _last;

    public int Count => _count;

    public ref Vad this[int index] => ref _vads[index];

    /// <summary>The VAD that contains <paramref name="page"/>, or −1.</summary>
    public int Find(Vpn page)
    {
        if (_last < _count && _vads[_last].Contains(page))
        {
            return _last;
        }

        int at = FirstNotBelow(page);
        if (at < _count && _vads[at].Start.Value <= page.Value)
        {
            _last = at;
            return at;
        }

        return -1;
    }

    /// <summary>Index of the first VAD that ends at or after <paramref name="page"/>; <see cref="Count"/> when there is none.</summary>
    public int FirstNotBelow(Vpn page)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_vads[middle].End.Value < page.Value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public bool Overlaps(Vpn start, Vpn end) => FindFirst(start, end) >= 0;

    /// <summary>The first VAD that has pages of a range, or −1.</summary>
    public int FindFirst(Vpn start, Vpn end)
    {
        int at = FirstNotBelow(start);
        return at < _count && _vads[at].Start.Value <= end.Value ? at : -1;
    }

    public void Insert(in Vad vad)
    {
        Invariant.Holds(vad.Start.Value <= vad.End.Value && !Overlaps(vad.Start, vad.End), "VADs never overlap");
        int at = FirstNotBelow(vad.Start);
        if (_count == _vads.Length)
        {
            Array.Resize(ref _vads, Math.Max(1, _count * 2));
        }

        Array.Copy(_vads, at, _vads, at + 1, _count - at);
        _vads[at] = vad;
        _count++;
    }

    public void RemoveAt(int index)
    {
        _count--;
        Array.Copy(_vads, index + 1, _vads, index, _count - index);
        _last = 0;
    }

    public void Clear() => _count = 0;

    /// <summary>
    /// The lowest (or highest) hole of <paramref name="pages"/> pages that starts at a multiple of <paramref name="alignment"/>, a power of
    /// two, between the given pages inclusive.
    /// </summary>
    public bool TryFindHole(ulong pages, Vpn lowest, Vpn highest, bool topDown, ulong alignment, out Vpn start) =>
        topDown ? TryFindHighest(pages, lowest, highest, alignment, out start) : TryFindLowest(pages, lowest, highest, alignment, out start);

    public void Encode(StateCodec codec)
    {
        codec.Rows("vads", ref _vads, ref _count);
        _last = codec.Restoring ? 0 : _last;
    }

    private bool TryFindLowest(ulong pages, Vpn lowest, Vpn highest, ulong alignment, out Vpn start)
    {
        ulong candidate = RoundUp(lowest.Value, alignment);
        for (int i = FirstNotBelow(new Vpn(candidate)); ; i++)
        {
            ulong limit = i < _count ? Math.Min(_vads[i].Start.Value, highest.Value + 1) : highest.Value + 1;
            if (candidate < limit && limit - candidate >= pages)
            {
                start = new Vpn(candidate);
                return true;
            }

            if (i >= _count)
            {
                start = default;
                return false;
            }

            candidate = Math.Max(candidate, RoundUp(_vads[i].End.Value + 1, alignment));
        }
    }

    private bool TryFindHighest(ulong pages, Vpn lowest, Vpn highest, ulong alignment, out Vpn start)
    {
        ulong limit = highest.Value + 1;
        for (int i = _count - 1; ; i--)
        {
            ulong floor = i >= 0 ? Math.Max(_vads[i].End.Value + 1, lowest.Value) : lowest.Value;
            if (limit > floor && limit - floor >= pages)
            {
                ulong candidate = (limit - pages) & ~(alignment - 1);
                if (candidate >= floor)
                {
                    start = new Vpn(candidate);
                    return true;
                }
            }

            if (i < 0)
            {
                start = default;
                return false;
            }

            limit = Math.Min(limit, _vads[i].Start.Value);
        }
    }

    private static ulong RoundUp(ulong page, ulong alignment) => (page + alignment - 1) & ~(alignment - 1);
}
