using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel.Files;

/// <summary>
/// What is in a file: so many bytes, to the byte, in cells of a page each. Beyond the last byte ever written there are no cells, and beyond
/// the end of the file there are zeros, so that a file that grows again shows nothing of what it was (fact book §13.5).
/// </summary>
internal sealed class FileBytes : IEncodable
{
    private readonly ulong _mark;
    private readonly PageCells _pages = new(0);
    private ulong _length;
    private ulong _stamps;
    private int _reached;

    /// <param name="number">The file's own number: what it calls its contents depends on it.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="contents">The first of them; the others are zero.</param>
    public FileBytes(int number, ulong length, ReadOnlySpan<byte> contents)
    {
        // Processes and segments call theirs by numbers of their own.
        _mark = (3UL << 62) | ((ulong)(uint)(number + 1) << 40);
        _length = length;
        Write(0, contents[..(int)Math.Min(length, (ulong)contents.Length)]);
    }

    /// <summary>Bytes up to the end of the file.</summary>
    public ulong Length => _length;

    /// <summary>Reads bytes; what is beyond the end is zero.</summary>
    public void Read(ulong offset, Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            (int cell, int within, int count) = At(offset, to.Length);
            if (cell < _reached)
            {
                _pages.Read(cell, within, to[..count]);
            }
            else
            {
                to[..count].Clear();
            }

            to = to[count..];
            offset += (ulong)count;
        }
    }

    /// <summary>Writes bytes that lie before the end of the file.</summary>
    public void Write(ulong offset, ReadOnlySpan<byte> from)
    {
        Invariant.Holds(offset + (ulong)from.Length <= _length, "a file is written up to its end, and grows before that");
        while (!from.IsEmpty)
        {
            (int cell, int within, int count) = At(offset, from.Length);
            Reach(cell);
            _pages[cell] = NewStamp();
            _pages.Write(cell, within, from[..count]);
            from = from[count..];
            offset += (ulong)count;
        }
    }

    /// <summary>Makes a frame contain a page's worth of the file, as far as it goes; the rest of the frame is zero.</summary>
    /// <param name="frames">Where the frame is.</param>
    /// <param name="frame">Its number.</param>
    /// <param name="offset">First byte; not always the first of a page.</param>
    /// <param name="bytes">How many at most.</param>
    public void Fill(PageCells frames, int frame, ulong offset, ulong bytes)
    {
        ulong rest = offset >= _length ? 0 : Math.Min(bytes, _length - offset);
        (int cell, int within, _) = At(offset, 1);
        if (rest == 0 || cell >= _reached)
        {
            frames[frame] = ContentStamp.Zeros;
            return;
        }

        bool whole = within == 0 && (rest >= PageSize.Bytes || offset + rest == _length);
        if (whole)
        {
            frames.Copy(frame, _pages, cell);
            return;
        }

        Span<byte> page = stackalloc byte[PageSize.Bytes];
        page.Clear();
        Read(offset, page[..(int)Math.Min(rest, PageSize.Bytes)]);
        frames[frame] = StampOf(cell, within, rest);
        frames.Write(frame, 0, page);
    }

    /// <summary>Takes over a page that was written; what of it is beyond the end of the file is not.</summary>
    public void Store(ulong offset, PageCells copies, int copy)
    {
        if (offset >= _length)
        {
            return;
        }

        (int cell, _, _) = At(offset, 1);
        Reach(cell);
        _pages.Copy(cell, copies, copy);
        ClearBehind(cell);
    }

    /// <summary>The file grows, or ends earlier from now on.</summary>
    public void SetLength(ulong length)
    {
        bool shorter = length < _length;
        _length = length;
        int end = (int)Math.Min(PageSize.PagesOf(length), (ulong)_reached);
        for (int cell = end; cell < _reached; cell++)
        {
            _pages[cell] = ContentStamp.Zeros;
        }

        _reached = end;
        if (shorter && end > 0 && _pages[end - 1] != ContentStamp.Zeros && ClearBehind(end - 1))
        {
            _pages[end - 1] = NewStamp();
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("length", ref _length);
        codec.Field("stamps given", ref _stamps);
        _pages.Encode(codec, ref _reached);
    }

    /// <summary>Whether part of a cell is beyond the end of the file; that part is zero then.</summary>
    private bool ClearBehind(int cell)
    {
        ulong start = (ulong)cell << PageSize.Shift;
        if (_length - start >= PageSize.Bytes || _pages[cell] == ContentStamp.Zeros)
        {
            return false;
        }

        int kept = (int)(_length - start);
        Span<byte> zeros = stackalloc byte[PageSize.Bytes];
        zeros.Clear();
        _pages.Write(cell, kept, zeros[kept..]);
        return true;
    }

    /// <summary>What a page is called that is no cell: the same whenever it is the same part of the same cells.</summary>
    private ContentStamp StampOf(int cell, int within, ulong bytes)
    {
        ulong first = _pages[cell].Value;
        ulong second = within > 0 && cell + 1 < _reached ? _pages[cell + 1].Value : 0;
        ulong place = ((ulong)within << 32) | Math.Min(bytes, PageSize.Bytes);
        return (first | second) == 0 ? ContentStamp.Zeros : new ContentStamp(Mix.Fold(Mix.Fold(first, second), place) | (3UL << 62));
    }

    private ContentStamp NewStamp() => new(_mark | ++_stamps);

    private void Reach(int cell)
    {
        if (cell >= _pages.Count)
        {
            _pages.Grow(Math.Max(cell + 1, _pages.Count * 2));
        }

        _reached = Math.Max(_reached, cell + 1);
    }

    private static (int Cell, int Within, int Count) At(ulong offset, int wanted)
    {
        int within = (int)(offset % PageSize.Bytes);
        ulong page = offset >> PageSize.Shift;
        return ((int)Math.Min(page, int.MaxValue), within, Math.Min(wanted, PageSize.Bytes - within));
    }
}
