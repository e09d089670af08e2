using System.Numerics;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>A set of pages: one bit each, 64 to a word, words by page number. It outlives the PTEs of its pages.</summary>
internal sealed class PageMarks : IEncodable
{
    private const int WordShift = 6;
    private const ulong WithinWord = (1UL << WordShift) - 1;

    private ulong[] _keys = [];
    private ulong[] _bits = [];
    private int _count;

    public void Set(Vpn page) => Set(page, page);

    public void Set(Vpn start, Vpn end)
    {
        for (ulong key = start.Value >> WordShift; key <= end.Value >> WordShift; key++)
        {
            int place = PlaceOf(key);
            _bits[place] |= MaskOf(key, start, end);
        }
    }

    public void Clear(Vpn page) => Clear(page, page);

    public void Clear(Vpn start, Vpn end)
    {
        int kept = 0;
        for (int place = 0; place < _count; place++)
        {
            ulong bits = _bits[place] & ~MaskOf(_keys[place], start, end);
            if (bits != 0)
            {
                _keys[kept] = _keys[place];
                _bits[kept++] = bits;
            }
        }

        _count = kept;
    }

    /// <summary>How many pages of a range are marked.</summary>
    public ulong Count(Vpn start, Vpn end)
    {
        ulong count = 0;
        for (int place = 0; place < _count; place++)
        {
            count += (ulong)BitOperations.PopCount(_bits[place] & MaskOf(_keys[place], start, end));
        }

        return count;
    }

    /// <summary>The marked pages of a range in ascending order, so many at most.</summary>
    public List<Vpn> In(Vpn start, Vpn end, long most)
    {
        var pages = new List<Vpn>();
        for (int place = 0; place < _count; place++)
        {
            for (ulong bits = _bits[place] & MaskOf(_keys[place], start, end); bits != 0 && pages.Count < most; bits &= bits - 1)
            {
                pages.Add(new Vpn((_keys[place] << WordShift) | (uint)BitOperations.TrailingZeroCount(bits)));
            }
        }

        return pages;
    }

    /// <summary>How many pages from <paramref name="start"/> on, up to <paramref name="end"/>, are marked as it is, or not as it is not.</summary>
    public ulong Alike(Vpn start, Vpn end)
    {
        bool marked = Count(start, start) > 0;
        ulong page = start.Value;
        while (page <= end.Value)
        {
            int found = Array.BinarySearch(_keys, 0, _count, page >> WordShift);
            ulong word = found >= 0 ? _bits[found] : 0;
            ulong different = (marked ? ~word : word) & (ulong.MaxValue << (int)(page & WithinWord));
            if (different != 0)
            {
                page = (page & ~WithinWord) | (uint)BitOperations.TrailingZeroCount(different);
                break;
            }

            page = (page | WithinWord) + 1;
            if (!marked && found < 0)
            {
                // Nothing is marked before the next word there is.
                int next = ~found;
                page = next < _count ? Math.Max(page, _keys[next] << WordShift) : end.Value + 1;
            }
        }

        return Math.Min(page, end.Value + 1) - start.Value;
    }

    public void Encode(StateCodec codec)
    {
        int count = _count;
        codec.Values("mark keys", ref _keys, ref count);
        codec.Values("marks", ref _bits, ref _count);
    }

    /// <summary>Which bits of a word belong to a range.</summary>
    private static ulong MaskOf(ulong key, Vpn start, Vpn end)
    {
        if (key < start.Value >> WordShift || key > end.Value >> WordShift)
        {
            return 0;
        }

        ulong mask = ulong.MaxValue;
        mask &= key == start.Value >> WordShift ? ulong.MaxValue << (int)(start.Value & WithinWord) : ulong.MaxValue;
        mask &= key == end.Value >> WordShift ? ulong.MaxValue >> (int)(WithinWord - (end.Value & WithinWord)) : ulong.MaxValue;
        return mask;
    }

    private int PlaceOf(ulong key)
    {
        int found = Array.BinarySearch(_keys, 0, _count, key);
        if (found >= 0)
        {
            return found;
        }

        int place = ~found;
        if (_count == _keys.Length)
        {
            int length = Math.Max(4, _count * 2);
            Array.Resize(ref _keys, length);
            Array.Resize(ref _bits, length);
        }

        Array.Copy(_keys, place, _keys, place + 1, _count - place);
        Array.Copy(_bits, place, _bits, place + 1, _count - place);
        _keys[place] = key;
        _bits[place] = 0;
        _count++;
        return place;
    }
}
