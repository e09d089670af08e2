using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// The translations a processor has cached for this process: direct-mapped, one word each. A hit needs neither page table nor
/// message. The owner flushes it in the turn that changes a PTE, so no stale translation is ever used (architecture.md,
/// decision 4). It grows when pages displace each other, up to the reach of a second-level
/// TLB; misses after flushes do not count, so that a small process stays small however long it runs.
/// </summary>
internal sealed class Tlb : IEncodable
{
    private const ulong PresentBit = 1;
    private const ulong StoreBit = 2;
    private const ulong ExecuteBit = 4;
    private const int TagShift = 3;
    private const int SmallestLength = 16;
    private const int LargestLength = 2048;

    private ulong[] _entries = new ulong[SmallestLength];
    private int _length = SmallestLength;
    private int[] _workingSetIndices = [];
    private int _displaced;

    /// <summary>Accesses that had to walk the page tables.</summary>
    public long Misses { get; private set; }

    /// <summary>Which bits an entry must have for an access to hit.</summary>
    public static ulong Needed(AccessKind access) => access switch
    {
        AccessKind.Read => PresentBit,
        AccessKind.Write => PresentBit | StoreBit,
        AccessKind.Execute => PresentBit | ExecuteBit,
    };

    /// <summary>The cells, for the access loop; their number is a power of two.</summary>
    public ReadOnlySpan<ulong> Entries => _entries.AsSpan(0, _length);

    /// <summary>Whether <paramref name="entry"/> translates <paramref name="page"/> for accesses that need these bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Hits(ulong entry, ulong page, ulong needed) =>
        ((entry ^ (page << TagShift)) & (~0UL << TagShift | needed)) == needed;

    /// <summary>Caches a translation after a walk.</summary>
    public void Fill(Vpn page, Pte entry)
    {
        Misses++;
        ref ulong place = ref _entries[(int)(page.Value & (uint)(_length - 1))];
        if (place != 0 && place >> TagShift != page.Value && ++_displaced > _length * 4 && _length < LargestLength)
        {
            Grow();
            place = ref _entries[(int)(page.Value & (uint)(_length - 1))];
        }

        place = (page.Value << TagShift) | PresentBit
            | (entry.IsWritable && entry.IsDirty ? StoreBit : 0)
            | (entry.IsExecutable ? ExecuteBit : 0);
    }

    /// <summary>Notes where in the working set the page just filled in stands: under LRU a hit is a use that its order must see.</summary>
    public void Note(Vpn page, int workingSetIndex)
    {
        if (_workingSetIndices.Length != _length)
        {
            _workingSetIndices = new int[_length];
        }

        _workingSetIndices[(int)(page.Value & (uint)(_length - 1))] = workingSetIndex;
    }

    /// <summary>What was noted of a page that hits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Noted(ulong page) => _workingSetIndices[(int)(page & (uint)(_workingSetIndices.Length - 1))];

    /// <summary>Drops the translation of one page.</summary>
    public void Flush(Vpn page)
    {
        ref ulong entry = ref _entries[(int)(page.Value & (uint)(_length - 1))];
        if (entry >> TagShift == page.Value)
        {
            entry = 0;
        }
    }

    /// <summary>From now on it has at least so many cells, a power of two.</summary>
    public void BeAsLargeAs(int length)
    {
        if (_length < length)
        {
            _length = length;
            _entries = new ulong[length];
            _displaced = 0;
        }
    }

    /// <summary>Other page tables have been loaded: what is not global is gone; or everything is.</summary>
    public void FlushAll(bool keepGlobal)
    {
        ulong firstSystemPage = VirtualAddress.SystemStart.Page.Value;
        for (int at = 0; at < _length; at++)
        {
            bool isGlobal = keepGlobal && _entries[at] >> TagShift >= firstSystemPage;
            _entries[at] = isGlobal ? _entries[at] : 0;
        }
    }

    /// <summary>Whether a page of system space hits; otherwise its translation is brought in.</summary>
    public bool VisitsSystemPage(Vpn page)
    {
        bool hits = Hits(_entries[(int)(page.Value & (uint)(_length - 1))], page.Value, PresentBit);
        if (!hits)
        {
            Fill(page, Pte.Zero);
        }

        return hits;
    }

    public void Encode(StateCodec codec)
    {
        Invariant.Holds(BitOperations.IsPow2(_length), "the TLB's length is a power of two");
        codec.Values("tlb", ref _entries, ref _length);
        int noted = _workingSetIndices.Length;
        codec.Values("tlb working-set indices", ref _workingSetIndices, ref noted);
        if (noted != _workingSetIndices.Length)
        {
            Array.Resize(ref _workingSetIndices, noted);
        }

        codec.Field("displaced", ref _displaced);
        long misses = Misses;
        codec.Field("misses", ref misses);
        Misses = misses;
    }

    private void Grow()
    {
        // A larger TLB starts empty: what it held is found again by walks, and no entry ends up in a wrong cell.
        _length *= 4;
        _length = Math.Min(_length, LargestLength);
        _entries = new ulong[_length];
        _displaced = 0;
    }
}
