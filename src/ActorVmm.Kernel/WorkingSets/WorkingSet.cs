using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.WorkingSets;

/// <summary>
/// The pages of a process that are in memory and mapped, each with its age (fact book §18). Two orders are kept: the entries by
/// index, which trimming walks with a hand, and a list in load order, or in order of last use under LRU, from which a process at its
/// hard maximum chooses the page to give up.
/// </summary>
internal sealed class WorkingSet : IEncodable
{
    /// <summary>No entry; also what a PTE's cell says of a page that is in no working set.</summary>
    public const int None = 0;

    private const int OldestAge = 7;
    private const int Sample = 16;

    // Index 0 is the anchor of the list: its Next is the first page loaded, its Previous the last.
    private WorkingSetEntry[] _entries = new WorkingSetEntry[4];
    private long[] _nextUses = [];
    private int _used = 1;
    private int _freeEntry;
    private int _hand = 1;

    public int Count { get; private set; }

    public int Peak { get; private set; }

    /// <summary>Entries in use lie at indices 1 to this, exclusive.</summary>
    public int Limit => _used;

    public ref WorkingSetEntry this[int index] => ref _entries[index];

    public int Add(Vpn page, int cell, ProtectionCode protection)
    {
        int index = _freeEntry;
        if (index != None)
        {
            _freeEntry = _entries[index].Next;
        }
        else
        {
            if (_used == _entries.Length)
            {
                Array.Resize(ref _entries, _used * 2);
            }

            index = _used++;
        }

        _entries[index] = new WorkingSetEntry { Page = page, Cell = cell, Protection = protection, Valid = true };
        if (index < _nextUses.Length)
        {
            // The entry's last page had a future of its own.
            _nextUses[index] = long.MaxValue;
        }

        LinkLast(index);
        Count++;
        Peak = Math.Max(Peak, Count);
        return index;
    }

    public void Remove(int index)
    {
        Unlink(index);
        _entries[index] = new WorkingSetEntry { Next = _freeEntry };
        _freeEntry = index;
        Count--;
    }

    public void Clear()
    {
        _entries = new WorkingSetEntry[4];
        _nextUses = [];
        _used = 1;
        _freeEntry = None;
        _hand = 1;
        Count = 0;
    }

    /// <summary>The page was used just now (LRU).</summary>
    public void MakeLast(int index)
    {
        WorkingSetEntry[] entries = _entries;
        int last = entries[0].Previous;
        if (last == index)
        {
            return;
        }

        ref WorkingSetEntry entry = ref entries[index];
        entries[entry.Previous].Next = entry.Next;
        entries[entry.Next].Previous = entry.Previous;
        entry.Previous = last;
        entry.Next = 0;
        entries[last].Next = index;
        entries[0].Previous = index;
    }

    /// <summary>Notes when the page will be used next (OPT).</summary>
    public void SetNextUse(int index, long position)
    {
        ForeseeEntries();
        _nextUses[index] = position;
    }

    /// <summary>The page a process at its hard maximum gives up for a new one.</summary>
    public int ChooseVictim(Replacement replacement, PageTables tables, Tlb tlb)
    {
        Invariant.Holds(Count > 0, "a process at its hard maximum has a page to give up");
        return replacement switch
        {
            Replacement.Windows => OldestOfSample(tables, tlb),
            Replacement.Fifo or Replacement.Lru => FirstNotLocked(_entries[0].Next),
            Replacement.Clock => FirstNotReferenced(tables, tlb),
            Replacement.Opt => FurthestInFuture(),
        };
    }

    /// <summary>
    /// The next page to trim on this pass, or <see cref="None"/>; each page is looked at once, from where the hand was left. An
    /// accessed page becomes young, the others age; those that are old enough go.
    /// </summary>
    /// <param name="leastAge">Age from which a page may go; negative: any page, accessed or not.</param>
    /// <param name="remaining">Entries still to be looked at; start with <see cref="Limit"/> − 1.</param>
    /// <param name="tables">Where the accessed bits are.</param>
    /// <param name="tlb">Where they are cached.</param>
    public int NextToTrim(int leastAge, ref int remaining, PageTables tables, Tlb tlb)
    {
        while (remaining > 0)
        {
            remaining--;
            int index = Advance();
            ref WorkingSetEntry entry = ref _entries[index];
            if (!entry.Valid || entry.Locked)
            {
                continue;
            }

            bool accessed = Look(ref entry, tables, tlb);
            if (leastAge < 0 || (!accessed && entry.Age >= leastAge))
            {
                return index;
            }

            entry.Age = accessed ? (byte)0 : (byte)Math.Min(entry.Age + 1, OldestAge);
        }

        return None;
    }

    public void Encode(StateCodec codec)
    {
        if (_nextUses.Length > 0)
        {
            ForeseeEntries();
        }

        int nextUses = Math.Min(_nextUses.Length, _used);
        int count = Count;
        int peak = Peak;
        codec.Rows("entries", ref _entries, ref _used);
        codec.Values("next uses", ref _nextUses, ref nextUses);
        if (codec.Restoring && nextUses == 0)
        {
            _nextUses = [];
        }

        codec.Field("free entry", ref _freeEntry);
        codec.Field("hand", ref _hand);
        codec.Field("count", ref count);
        codec.Field("peak", ref peak);
        Count = count;
        Peak = peak;
    }

    /// <summary>
    /// Whether the page was accessed since it was looked at last. The bit is cleared for the next look, and with it the cached
    /// translation, or the next access would not set it again.
    /// </summary>
    private static bool Look(ref WorkingSetEntry entry, PageTables tables, Tlb tlb)
    {
        ref Pte pte = ref tables.Pte(entry.Cell);
        if (!pte.IsAccessed)
        {
            return false;
        }

        pte = pte.WithoutAccessed;
        tlb.Flush(entry.Page);
        return true;
    }

    /// <summary>Makes room for the future of every entry; as long as nobody tells it, a page will not be used again.</summary>
    private void ForeseeEntries()
    {
        int known = _nextUses.Length;
        if (known < _entries.Length)
        {
            Array.Resize(ref _nextUses, _entries.Length);
            Array.Fill(_nextUses, long.MaxValue, known, _nextUses.Length - known);
        }
    }

    /// <summary>Of the next sixteen pages, the oldest that was not accessed; if all were, of the sixteen after them.</summary>
    private int OldestOfSample(PageTables tables, Tlb tlb)
    {
        while (true)
        {
            int oldest = None;
            for (int looked = 0; looked < Math.Min(Sample, _used - 1); looked++)
            {
                int index = Advance();
                ref WorkingSetEntry entry = ref _entries[index];
                if (!entry.Valid || entry.Locked)
                {
                    continue;
                }

                if (Look(ref entry, tables, tlb))
                {
                    entry.Age = 0;
                    continue;
                }

                entry.Age = (byte)Math.Min(entry.Age + 1, OldestAge);
                if (oldest == None || entry.Age > _entries[oldest].Age)
                {
                    oldest = index;
                }
            }

            if (oldest != None)
            {
                return oldest;
            }
        }
    }

    private int FirstNotReferenced(PageTables tables, Tlb tlb)
    {
        while (true)
        {
            int first = FirstNotLocked(_entries[0].Next);
            if (!Look(ref _entries[first], tables, tlb))
            {
                return first;
            }

            MakeLast(first);
        }
    }

    private int FurthestInFuture()
    {
        ForeseeEntries();
        int furthest = FirstNotLocked(_entries[0].Next);
        for (int index = furthest; index != 0; index = _entries[index].Next)
        {
            if (_nextUses[index] > _nextUses[furthest] && !_entries[index].Locked)
            {
                furthest = index;
            }
        }

        return furthest;
    }

    /// <summary>Fewer pages can be locked than a working set holds, so there is one (fact book §10).</summary>
    private int FirstNotLocked(int index)
    {
        while (_entries[index].Locked)
        {
            index = _entries[index].Next;
        }

        return index;
    }

    private int Advance()
    {
        int index = _hand < _used ? _hand : 1;
        _hand = index + 1;
        return index;
    }

    private void LinkLast(int index)
    {
        int last = _entries[0].Previous;
        _entries[index].Previous = last;
        _entries[index].Next = 0;
        _entries[last].Next = index;
        _entries[0].Previous = index;
    }

    private void Unlink(int index)
    {
        ref WorkingSetEntry entry = ref _entries[index];
        _entries[entry.Previous].Next = entry.Next;
        _entries[entry.Next].Previous = entry.Previous;
    }
}

/// <summary>A working-set list entry.</summary>
internal struct WorkingSetEntry : IEncodable
{
    public Vpn Page;

    /// <summary>Where the page's PTE is kept.</summary>
    public int Cell;

    /// <summary>Next page in order; of a free entry, the next free one.</summary>
    public int Next;

    public int Previous;

    /// <summary>The page's protection; a valid PTE does not hold all of it.</summary>
    public ProtectionCode Protection;

    /// <summary>0 to 7: how often it was looked at since it was accessed last.</summary>
    public byte Age;

    private EntryFlags _flags;

    public bool Valid
    {
        readonly get => (_flags & EntryFlags.Valid) != 0;
        set => Set(EntryFlags.Valid, value);
    }

    /// <summary>The page differs from its copy in a paging file, or has none, whatever its dirty bit says (fact book §16.3).</summary>
    public bool Modified
    {
        readonly get => (_flags & EntryFlags.Modified) != 0;
        set => Set(EntryFlags.Modified, value);
    }

    /// <summary>The program has locked the page: it is not trimmed (fact book §10).</summary>
    public bool Locked
    {
        readonly get => (_flags & EntryFlags.Locked) != 0;
        set => Set(EntryFlags.Locked, value);
    }

    /// <summary>The program has said that it does not need the contents any more (MEM_RESET): they are not saved, unless stored to again.</summary>
    public bool Reset
    {
        readonly get => (_flags & EntryFlags.Reset) != 0;
        set => Set(EntryFlags.Reset, value);
    }

    private void Set(EntryFlags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;

    public void Encode(StateCodec codec)
    {
        codec.Field("page", ref Page);
        codec.Field("cell", ref Cell);
        codec.Field("next", ref Next);
        codec.Field("previous", ref Previous);
        codec.Field("protection", ref Protection);
        codec.Field("age", ref Age);
        codec.Field("flags", ref _flags);
    }

    [Flags]
    private enum EntryFlags : byte
    {
        None = 0,
        Valid = 1,
        Modified = 2,
        Locked = 4,
        Reset = 8,
    }
}
