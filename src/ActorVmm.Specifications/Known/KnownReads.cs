namespace ActorVmm.Specifications.Known;

/// <summary>A read from a paging file that a process has opened and not closed: up to sixteen pages in adjacent slots.</summary>
public struct KnownRead
{
    public Vpn First;
    public PagingFileSlot Slot;
    public ActorId Process;
    public int Block;
    public int Count;

    /// <summary>Mask of its pages that were deleted since it was opened.</summary>
    public uint Deleted;

    public bool Open;

    internal FrameRow Frames;

    /// <summary>The frame the page number <paramref name="index"/> is read into; none until the PFN database has given one.</summary>
    public readonly Pfn Frame(int index) => new(~Frames[index]);

    internal void SetFrame(int index, Pfn pfn) => Frames[index] = ~pfn.Value;

    /// <summary>Sixteen frames, complemented, so that an empty row is all zero.</summary>
    [System.Runtime.CompilerServices.InlineArray(PagesMax)]
    internal struct FrameRow
    {
        private uint _frame;
    }

    /// <summary>64 KB.</summary>
    public const int PagesMax = 16;
}

/// <summary>The rows of open reads, reused.</summary>
public sealed class KnownReads
{
    private readonly FlatMap<int> _byBlock = new();
    private KnownRead[] _rows = new KnownRead[16];
    private int[] _free = new int[16];
    private int _freeCount;
    private int _used;

    /// <summary>Reads that are open now.</summary>
    public int OpenCount => _byBlock.Count;

    public ref readonly KnownRead this[int row] => ref _rows[row];

    /// <summary>The row of a block of a process; −1 when no such read is open.</summary>
    public int Find(ActorId process, int block)
    {
        ref int row = ref _byBlock.Find(process.Value, (uint)block);
        return System.Runtime.CompilerServices.Unsafe.IsNullRef(ref row) ? -1 : row;
    }

    internal ref KnownRead At(int row) => ref _rows[row];

    internal int Open(ActorId process, int block)
    {
        int known = Find(process, block);
        if (known >= 0)
        {
            return known;
        }

        int row = _freeCount != 0 ? _free[--_freeCount] : _used++;
        if (row == _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
            Array.Resize(ref _free, _rows.Length);
        }

        _rows[row] = new KnownRead { Process = process, Block = block, Open = true };
        _byBlock.Put(process.Value, (uint)block) = row;
        return row;
    }

    internal void Close(int row)
    {
        ref KnownRead read = ref _rows[row];
        read.Open = false;
        _byBlock.Remove(read.Process.Value, (uint)read.Block);
        _free[_freeCount++] = row;
    }
}
