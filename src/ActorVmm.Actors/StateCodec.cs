using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorVmm.Actors;

/// <summary>State that passes through a <see cref="StateCodec"/>: a row of a table or a part of an actor.</summary>
public interface IEncodable
{
    void Encode(StateCodec codec);
}

/// <summary>
/// One walk over an actor's state serves four purposes: fingerprint, snapshot, restore, description. The actor names each
/// field once, by reference; the codec reads it or replaces it. Only fixed-width values pass, so what is written is the same
/// on every system.
/// </summary>
public abstract class StateCodec
{
    /// <summary>Whether fields are being replaced; an actor then rebuilds what it derives from them.</summary>
    public abstract bool Restoring { get; }

    /// <summary>One integer, enum, bool or unit of 1, 2, 4 or 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Field<T>(string name, ref T value)
        where T : unmanaged
    {
        ulong word = Unsafe.SizeOf<T>() switch
        {
            1 => Unsafe.As<T, byte>(ref value),
            2 => Unsafe.As<T, ushort>(ref value),
            4 => Unsafe.As<T, uint>(ref value),
            8 => Unsafe.As<T, ulong>(ref value),
            _ => throw new NotSupportedException($"field {name} is not of 1, 2, 4 or 8 bytes"),
        };
        Word(name, ref word, Unsafe.SizeOf<T>());
        if (!Restoring)
        {
            return;
        }

        switch (Unsafe.SizeOf<T>())
        {
            case 1: Unsafe.As<T, byte>(ref value) = unchecked((byte)word); break;
            case 2: Unsafe.As<T, ushort>(ref value) = unchecked((ushort)word); break;
            case 4: Unsafe.As<T, uint>(ref value) = unchecked((uint)word); break;
            default: Unsafe.As<T, ulong>(ref value) = word; break;
        }
    }

    /// <summary>The first <paramref name="count"/> values of an array that grows; restored, it is at least that long.</summary>
    public void Values<T>(string name, ref T[] values, ref int count)
        where T : unmanaged
    {
        Field(name, ref count);
        if (Restoring && values.Length < count)
        {
            values = new T[count];
        }

        Block(name, MemoryMarshal.AsBytes(values.AsSpan(0, count)), Unsafe.SizeOf<T>());
    }

    /// <summary>All values of an array of fixed length.</summary>
    public void Values<T>(string name, T[] values)
        where T : unmanaged =>
        Block(name, MemoryMarshal.AsBytes(values.AsSpan()), Unsafe.SizeOf<T>());

    /// <summary>The first <paramref name="count"/> rows of a table that grows; each row encodes its own fields.</summary>
    public void Rows<T>(string name, ref T[] rows, ref int count)
        where T : struct, IEncodable
    {
        Field(name, ref count);
        if (Restoring && rows.Length < count)
        {
            rows = new T[count];
        }

        Enter(name);
        for (int i = 0; i < count; i++)
        {
            Row(i);
            rows[i].Encode(this);
        }

        Leave();
    }

    /// <summary>All rows of a table of fixed length.</summary>
    public void Rows<T>(string name, T[] rows)
        where T : struct, IEncodable
    {
        Enter(name);
        for (int i = 0; i < rows.Length; i++)
        {
            Row(i);
            rows[i].Encode(this);
        }

        Leave();
    }

    /// <summary>A part that is always there, as an object.</summary>
    public void Group(string name, IEncodable part)
    {
        Enter(name);
        part.Encode(this);
        Leave();
    }

    /// <summary>A part that is always there, kept in place.</summary>
    public void Group<T>(string name, ref T part)
        where T : struct, IEncodable
    {
        Enter(name);
        part.Encode(this);
        Leave();
    }

    /// <summary>A part that may be absent; restored, it is created or dropped as needed.</summary>
    public void Part<T>(string name, ref T? part)
        where T : class, IEncodable, new()
    {
        bool present = part is not null;
        Field(name, ref present);
        if (Restoring)
        {
            part = present ? part ?? new T() : null;
        }

        if (part is not null)
        {
            Enter(name);
            part.Encode(this);
            Leave();
        }
    }

    /// <summary>
    /// A part that may be absent and that came after others had been fingerprinted: as long as it is absent, fingerprints are what they
    /// were before there was such a part.
    /// </summary>
    public void Addition<T>(string name, ref T? part)
        where T : class, IEncodable, new()
    {
        ulong present = part is null ? 0UL : 1UL;
        Presence(name, ref present);
        if (Restoring)
        {
            part = present != 0 ? part ?? new T() : null;
        }

        if (part is not null)
        {
            Enter(name);
            part.Encode(this);
            Leave();
        }
    }

    /// <summary>Whether an addition is there: 0 or 1, read or replaced.</summary>
    private protected virtual void Presence(string name, ref ulong present) => Word(name, ref present, 1);

    /// <summary>One word of <paramref name="bytes"/> significant bytes, read or replaced.</summary>
    protected abstract void Word(string name, ref ulong word, int bytes);

    /// <summary>
    /// A run of values of <paramref name="width"/> bytes each, read or replaced: words, or structs of whole 8-byte words.
    /// </summary>
    protected abstract void Block(string name, Span<byte> bytes, int width);

    /// <summary>The word of up to 8 bytes at one place of a block.</summary>
    private protected static ulong WordAt(string name, ReadOnlySpan<byte> bytes, int at, int width)
    {
        if (width > sizeof(ulong))
        {
            throw new NotSupportedException(
                FormattableString.Invariant($"values {name} of {width} bytes are neither words nor made of 8-byte words"));
        }

        ulong word = 0;
        bytes.Slice(at, width).CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref word)));
        return word;
    }

    /// <summary>What follows, up to the matching <see cref="Leave"/>, belongs to the table or part <paramref name="name"/>.</summary>
    protected virtual void Enter(string name)
    {
    }

    /// <summary>What follows belongs to row <paramref name="index"/> of the table entered last.</summary>
    protected virtual void Row(int index)
    {
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    protected virtual void Leave()
    {
    }
}

/// <summary>Takes the fingerprint of what passes.</summary>
public sealed class StateHasher : StateCodec
{
    private FingerprintBuilder _builder = new(0);

    public override bool Restoring => false;

    public void Reset(ulong salt) => _builder = new FingerprintBuilder(salt);

    public Fingerprint Build() => _builder.Build();

    /// <summary>What is there says by its name which addition it is; what is absent says nothing.</summary>
    private protected override void Presence(string name, ref ulong present)
    {
        for (int i = 0; present != 0 && i < name.Length; i++)
        {
            _builder.Add(name[i]);
        }
    }

    protected override void Word(string name, ref ulong word, int bytes) => _builder.Add(word);

    protected override void Block(string name, Span<byte> bytes, int width)
    {
        if (width % sizeof(ulong) != 0)
        {
            for (int at = 0; at < bytes.Length; at += width)
            {
                _builder.Add(WordAt(name, bytes, at, width));
            }

            return;
        }

        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            _builder.Add(word);
        }
    }
}

/// <summary>Appends what passes to a growing buffer, little-endian, each word at its own width.</summary>
public sealed class SnapshotWriter : StateCodec
{
    private byte[] _buffer = new byte[1024];
    private int _length;

    public override bool Restoring => false;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>The same as <see cref="Written"/>, for a <see cref="SnapshotReader"/>; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    public void Clear() => _length = 0;

    protected override void Word(string name, ref ulong word, int bytes)
    {
        Ensure(sizeof(ulong));
        Unsafe.WriteUnaligned(ref _buffer[_length], word);
        _length += bytes;
    }

    protected override void Block(string name, Span<byte> bytes, int width)
    {
        Ensure(bytes.Length + sizeof(ulong));
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Ensure(int more)
    {
        if (_buffer.Length - _length < more)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
        }
    }
}

/// <summary>Replaces what passes by what a <see cref="SnapshotWriter"/> has written.</summary>
public sealed class SnapshotReader : StateCodec
{
    private byte[] _snapshot = [];
    private int _end;
    private int _start;
    private int _at;

    public override bool Restoring => true;

    /// <summary>Bytes not read yet; 0 after a complete restore.</summary>
    public int Remaining => _end - _at;

    public void Open(ReadOnlyMemory<byte> snapshot)
    {
        ArraySegment<byte> bytes = MemoryMarshal.TryGetArray(snapshot, out ArraySegment<byte> array) ? array : new(snapshot.ToArray());
        _snapshot = bytes.Array!;
        _start = bytes.Offset;
        _at = bytes.Offset;
        _end = bytes.Offset + bytes.Count;
    }

    protected override void Word(string name, ref ulong word, int bytes)
    {
        // The common case reads a whole word and drops what belongs to the next; only the last few are read byte by byte.
        if (_snapshot.Length - _at >= sizeof(ulong) && Remaining >= bytes)
        {
            word = Unsafe.ReadUnaligned<ulong>(ref _snapshot[_at]) & (ulong.MaxValue >> (64 - (8 * bytes)));
            _at += bytes;
            return;
        }

        word = 0;
        Take(name, bytes).CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref word)));
    }

    protected override void Block(string name, Span<byte> bytes, int width) => Take(name, bytes.Length).CopyTo(bytes);

    private ReadOnlySpan<byte> Take(string name, int bytes)
    {
        if (Remaining < bytes)
        {
            throw new FormatException(
                FormattableString.Invariant($"snapshot ends inside {name}, at byte {_at - _start} of {_end - _start}"));
        }

        _at += bytes;
        return _snapshot.AsSpan(_at - bytes, bytes);
    }
}

/// <summary>Lists what passes as name and value, for people and for naming the first difference of two states.</summary>
public sealed class StateDescriber : StateCodec
{
    private readonly List<(string Path, ulong Value)> _fields = [];
    private readonly Stack<(string Name, int Row)> _path = new();
    private string _prefix = "";

    public override bool Restoring => false;

    public IReadOnlyList<(string Path, ulong Value)> Fields => _fields;

    public void Clear()
    {
        _fields.Clear();
        _path.Clear();
        _prefix = "";
    }

    protected override void Word(string name, ref ulong word, int bytes) => _fields.Add((_prefix + name, word));

    protected override void Block(string name, Span<byte> bytes, int width)
    {
        int step = width % sizeof(ulong) == 0 ? sizeof(ulong) : width;
        for (int at = 0; at < bytes.Length; at += step)
        {
            _fields.Add((FormattableString.Invariant($"{_prefix}{name}[{at / step}]"), WordAt(name, bytes, at, step)));
        }
    }

    protected override void Enter(string name)
    {
        _path.Push((name, -1));
        Prefix();
    }

    protected override void Row(int index)
    {
        (string name, _) = _path.Pop();
        _path.Push((name, index));
        Prefix();
    }

    protected override void Leave()
    {
        _path.Pop();
        Prefix();
    }

    private void Prefix() =>
        _prefix = string.Concat(_path.Reverse().Select(part =>
            part.Row < 0 ? part.Name + "." : FormattableString.Invariant($"{part.Name}[{part.Row}].")));
}
