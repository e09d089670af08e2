using ActorVmm.Kernel.Devices;

namespace ActorVmm.Kernel.Frames;

/// <summary>
/// What is in every frame, and the table of memory descriptor lists: the machine's memory itself, as opposed to what
/// is known about it. No actor owns it; the one that holds a cell at the moment may touch it, and cells change hands in messages
/// (architecture.md, decision 3): a process holds the frames it maps or was granted, a paging file those of the row it was sent,
/// the PFN database all others.
/// </summary>
public sealed class Contents : IEncodable
{
    private readonly PageCells _frames;

    /// <summary>Creates the memory of a machine; every frame is zero, as after the firmware's memory test.</summary>
    /// <param name="frames">Installed pages.</param>
    /// <param name="mdlRows">Transfers of pages that can be under way at once.</param>
    /// <param name="packets">I/O request packets.</param>
    public Contents(uint frames, int mdlRows, int packets = 0)
    {
        _frames = new PageCells((int)frames);
        Mdls = new MdlTable(mdlRows);
        Packets = new IrpTable(packets);
    }

    public uint Frames => (uint)_frames.Count;

    public MdlTable Mdls { get; }

    /// <summary>I/O request packets, on machines with device stacks.</summary>
    public IrpTable Packets { get; }

    public ContentStamp this[Pfn frame]
    {
        get => _frames[(int)frame.Value];
        set => _frames[(int)frame.Value] = value;
    }

    /// <summary>The bytes in every frame, by its number.</summary>
    public PageCells Bytes => _frames;

    /// <summary>Makes a frame contain what another one does.</summary>
    public void Copy(Pfn to, Pfn from) => _frames.Copy((int)to.Value, _frames, (int)from.Value);

    /// <summary>Adds a frame to a row with a copy of what is in it now: what a write writes, whatever becomes of the frame.</summary>
    public void AddCopy(MdlId row, Pfn frame)
    {
        Mdls.Add(row, frame);
        Mdls.Copies.Copy(Mdls.CellOf(row, Mdls.Length(row) - 1), _frames, (int)frame.Value);
    }

    public void Encode(StateCodec codec)
    {
        codec.Group("frames", _frames);
        Mdls.Encode(codec);
        if (Packets.Count > 0)
        {
            Packets.Encode(codec);
        }
    }
}

/// <summary>
/// Memory descriptor lists: which frames a transfer reads into or writes from, and for a write the contents as of the turn that
/// handed the frames over. A fixed number of rows, reserved when the machine is built, so that writing pages out never has to wait
/// for memory (R12).
/// </summary>
public sealed class MdlTable : IEncodable
{
    /// <summary>The most pages in one transfer: 64 KB.</summary>
    public const int RowLength = 16;

    private readonly uint[] _frames;
    private readonly byte[] _lengths;

    public MdlTable(int rows)
    {
        _frames = new uint[rows * RowLength];
        Copies = new PageCells(rows * RowLength);
        _lengths = new byte[rows];
    }

    public int Rows => _lengths.Length;

    /// <summary>What writes write, by <see cref="CellOf"/>.</summary>
    public PageCells Copies { get; }

    public int Length(MdlId row) => _lengths[row.Value];

    public Pfn Frame(MdlId row, int index) => new(_frames[CellOf(row, index)]);

    /// <summary>The contents of page <paramref name="index"/> as copied for a write.</summary>
    public ContentStamp Copied(MdlId row, int index) => Copies[CellOf(row, index)];

    public void Clear(MdlId row) => _lengths[row.Value] = 0;

    public void Add(MdlId row, Pfn frame)
    {
        int at = _lengths[row.Value];
        Invariant.Holds(at < RowLength, "a transfer is of at most 16 pages");
        _frames[(row.Value * RowLength) + at] = frame.Value;
        _lengths[row.Value]++;
    }

    /// <summary>Reads bytes of a row's copies, packed, from the first on.</summary>
    public void Read(MdlId row, int at, Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            int within = at % PageSize.Bytes;
            int count = Math.Min(to.Length, PageSize.Bytes - within);
            Copies.Read(CellOf(row, at >> PageSize.Shift), within, to[..count]);
            to = to[count..];
            at += count;
        }
    }

    /// <summary>Writes bytes to a row's copies.</summary>
    public void Write(MdlId row, int at, ReadOnlySpan<byte> from)
    {
        while (!from.IsEmpty)
        {
            int within = at % PageSize.Bytes;
            int count = Math.Min(from.Length, PageSize.Bytes - within);
            Copies.Write(CellOf(row, at >> PageSize.Shift), within, from[..count]);
            from = from[count..];
            at += count;
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Values("mdl frames", _frames);
        codec.Group("mdl copies", Copies);
        codec.Values("mdl lengths", _lengths);
    }

    /// <summary>Where the copy of page <paramref name="index"/> of a row is.</summary>
    public int CellOf(MdlId row, int index)
    {
        Invariant.Holds((uint)index < _lengths[row.Value], "only the described pages of a memory descriptor list are touched");
        return (row.Value * RowLength) + index;
    }
}
