namespace ActorVmm.Kernel.Frames;

/// <summary>
/// Where the pages are whose frames were given away while their owners still hold a hint. Windows rewrites the owner's PTE at that
/// moment; here the owner learns it when it asks (architecture.md, decision 2), and this table remembers the answer. One entry per
/// page that was repurposed and not asked for since.
/// </summary>
internal sealed class RepurposedPages : IEncodable
{
    private const int PageBits = 37;
    private const ulong SystemBit = 1UL << 36;
    private const ulong PageMask = SystemBit - 1;

    private ulong[] _keys = new ulong[16];
    private Remembered[] _values = new Remembered[16];
    private int _count;

    public int Count => _count;

    public void Add(ActorId owner, Vpn page, Generation generation, PagingFileSlot slot)
    {
        if ((_count + 1) * 4 > _keys.Length * 3)
        {
            Resize(_keys.Length * 2);
        }

        Insert(KeyOf(owner, page), new Remembered { Slot = slot, Generation = generation });
    }

    /// <summary>Finds a page and forgets it: its slot now belongs to the asker.</summary>
    public bool TryTake(ActorId owner, Vpn page, Generation generation, out PagingFileSlot slot)
    {
        int at = Find(KeyOf(owner, page));
        if (at < 0 || _values[at].Generation != generation)
        {
            slot = default;
            return false;
        }

        slot = _values[at].Slot;
        RemoveAt(at);
        return true;
    }

    /// <summary>Takes a page if its slot is this one: so neighbours in memory are found that are neighbours in the paging file.</summary>
    public bool TryTakeAt(ActorId owner, Vpn page, PagingFileSlot slot)
    {
        int at = Find(KeyOf(owner, page));
        if (at < 0 || _values[at].Slot != slot)
        {
            return false;
        }

        RemoveAt(at);
        return true;
    }

    public void Encode(StateCodec codec)
    {
        // The order of the cells depends on the table's history, so entries pass sorted by key.
        ulong[] keys = new ulong[_count];
        Remembered[] values = new Remembered[_count];
        if (!codec.Restoring)
        {
            int next = 0;
            for (int at = 0; at < _keys.Length; at++)
            {
                if (_keys[at] != 0)
                {
                    keys[next] = _keys[at];
                    values[next++] = _values[at];
                }
            }

            Array.Sort(keys, values);
        }

        int count = _count;
        codec.Values("keys", ref keys, ref count);
        codec.Rows("pages", ref values, ref count);
        if (!codec.Restoring)
        {
            return;
        }

        _count = 0;
        Array.Clear(_keys);
        for (int i = 0; i < count; i++)
        {
            if ((_count + 1) * 4 > _keys.Length * 3)
            {
                Resize(_keys.Length * 2);
            }

            Insert(keys[i], values[i]);
        }
    }

    /// <summary>Never 0: no page belongs to the outside world.</summary>
    private static ulong KeyOf(ActorId owner, Vpn page) =>
        ((ulong)(uint)owner.Value << PageBits) | (page.Value > PageMask ? SystemBit : 0) | (page.Value & PageMask);

    private int Find(ulong key)
    {
        int mask = _keys.Length - 1;
        for (int at = Start(key, mask); _keys[at] != 0; at = (at + 1) & mask)
        {
            if (_keys[at] == key)
            {
                return at;
            }
        }

        return -1;
    }

    private void Insert(ulong key, Remembered value)
    {
        int mask = _keys.Length - 1;
        int at = Start(key, mask);
        while (_keys[at] != 0)
        {
            Invariant.Holds(_keys[at] != key, "a page is remembered once: its owner cannot hold two hints for it");
            at = (at + 1) & mask;
        }

        _keys[at] = key;
        _values[at] = value;
        _count++;
    }

    private void RemoveAt(int hole)
    {
        // Close the gap, so that no search stops early: move back every entry that may stand in the hole.
        int mask = _keys.Length - 1;
        int at = hole;
        while (true)
        {
            at = (at + 1) & mask;
            if (_keys[at] == 0)
            {
                break;
            }

            int home = Start(_keys[at], mask);
            if (((at - home) & mask) >= ((at - hole) & mask))
            {
                _keys[hole] = _keys[at];
                _values[hole] = _values[at];
                hole = at;
            }
        }

        _keys[hole] = 0;
        _count--;
    }

    private void Resize(int length)
    {
        ulong[] keys = _keys;
        Remembered[] values = _values;
        _keys = new ulong[length];
        _values = new Remembered[length];
        _count = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                Insert(keys[i], values[i]);
            }
        }
    }

    private static int Start(ulong key, int mask) => (int)(Mix.Spread(key) >> 34) & mask;

    private struct Remembered : IEncodable
    {
        public PagingFileSlot Slot;
        public Generation Generation;

        public void Encode(StateCodec codec)
        {
            codec.Field("slot", ref Slot);
            codec.Field("generation", ref Generation);
        }
    }
}
