using System.Buffers.Binary;

namespace ActorVmm.Kernel.Frames;

/// <summary>
/// Cells of one page each: what is in it as a stamp, and its bytes as far as anybody has ever looked into it. Frames, rows of memory
/// descriptor lists, slots of a paging file and pages of a file are such cells, and bytes go from one to another together with the stamp. A
/// cell without bytes reads as zeros; most pages of most runs are only ever told apart by their stamps and never have any.
/// </summary>
public sealed class PageCells : IEncodable
{
    private ulong[] _stamps;
    private byte[]?[] _bytes;

    /// <summary>Creates cells, all zero.</summary>
    public PageCells(int cells)
    {
        _stamps = new ulong[cells];
        _bytes = new byte[cells][];
    }

    public int Count => _stamps.Length;

    /// <summary>What is in a cell; nothing but zeros when it is made so.</summary>
    public ContentStamp this[int cell]
    {
        get => new(_stamps[cell]);
        set
        {
            _stamps[cell] = value.Value;
            if (value == ContentStamp.Zeros && _bytes[cell] is not null)
            {
                _bytes[cell] = null;
            }
        }
    }

    /// <summary>Reads up to eight bytes, little-endian, within one cell.</summary>
    public ulong Read(int cell, int offset, int width)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        word.Clear();
        Read(cell, offset, word[..width]);
        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    }

    /// <summary>Reads bytes within one cell.</summary>
    public void Read(int cell, int offset, Span<byte> to)
    {
        if (_bytes[cell] is { } bytes)
        {
            bytes.AsSpan(offset, to.Length).CopyTo(to);
        }
        else
        {
            to.Clear();
        }
    }

    /// <summary>Writes up to eight bytes, little-endian, within one cell. The caller gives the cell its new stamp.</summary>
    public void Write(int cell, int offset, int width, ulong value)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        Write(cell, offset, word[..width]);
    }

    /// <summary>Writes bytes within one cell.</summary>
    public void Write(int cell, int offset, ReadOnlySpan<byte> from)
    {
        byte[] bytes = _bytes[cell] ??= new byte[PageSize.Bytes];
        from.CopyTo(bytes.AsSpan(offset));
    }

    /// <summary>Makes a cell contain what another one does, of the same cells or of others.</summary>
    public void Copy(int cell, PageCells source, int from)
    {
        ArgumentNullException.ThrowIfNull(source);
        _stamps[cell] = source._stamps[from];
        if (source._bytes[from] is not { } bytes)
        {
            _bytes[cell] = null;
            return;
        }

        bytes.CopyTo(_bytes[cell] ??= new byte[PageSize.Bytes], 0);
    }

    /// <summary>Makes room for more cells, all zero.</summary>
    public void Grow(int cells)
    {
        if (cells > _stamps.Length)
        {
            Array.Resize(ref _stamps, cells);
            Array.Resize(ref _bytes, cells);
        }
    }

    /// <summary>All cells.</summary>
    public void Encode(StateCodec codec)
    {
        int count = _stamps.Length;
        Encode(codec, ref count);
    }

    /// <summary>The first <paramref name="count"/> cells; those behind them are zero.</summary>
    public void Encode(StateCodec codec, ref int count)
    {
        ArgumentNullException.ThrowIfNull(codec);
        codec.Values("stamps", ref _stamps, ref count);
        if (codec.Restoring)
        {
            Array.Clear(_stamps, count, _stamps.Length - count);
            Array.Resize(ref _bytes, _stamps.Length);
        }

        EncodeBytes(codec);
    }

    /// <summary>Only cells that have bytes take room: which they are, and what is in them.</summary>
    private void EncodeBytes(StateCodec codec)
    {
        int written = 0;
        foreach (byte[]? bytes in _bytes.AsSpan())
        {
            written += bytes is null ? 0 : 1;
        }

        int[] cells = written == 0 ? [] : [.. Enumerable.Range(0, _bytes.Length).Where(cell => _bytes[cell] is not null)];
        int[] saved = [.. cells];
        codec.Values("cells with bytes", ref saved, ref written);
        if (codec.Restoring)
        {
            foreach (int cell in cells.Except(saved[..written]))
            {
                _bytes[cell] = null;
            }
        }

        for (int index = 0; index < written; index++)
        {
            codec.Values("bytes", _bytes[saved[index]] ??= new byte[PageSize.Bytes]);
        }
    }
}
