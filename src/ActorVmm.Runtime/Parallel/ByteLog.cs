namespace ActorVmm.Runtime.Parallel;

/// <summary>Bytes and variable-length numbers (seven bits a byte, lowest first), appended.</summary>
internal sealed class ByteLog
{
    private const int LongestNumber = 10;
    private byte[] _bytes = new byte[64];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value)
    {
        Ensure(1);
        _bytes[Length++] = value;
    }

    public void Number(long value)
    {
        Ensure(LongestNumber);
        ulong rest = unchecked((ulong)value);
        while (rest >= 0x80)
        {
            _bytes[Length++] = unchecked((byte)(rest | 0x80));
            rest >>= 7;
        }

        _bytes[Length++] = (byte)rest;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Where the next bytes go; those that are written there count with <see cref="Advance"/>.</summary>
    public Span<byte> Room(int count)
    {
        Ensure(count);
        return _bytes.AsSpan(Length, count);
    }

    public void Advance(int count) => Length += count;

    private void Ensure(int more)
    {
        if (_bytes.Length - Length < more)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
        }
    }
}

/// <summary>Reads what a <see cref="ByteLog"/> holds.</summary>
internal struct ByteReader(byte[] bytes)
{
    private int _at;

    public int At
    {
        readonly get => _at;
        set => _at = value >= 0 && value <= bytes.Length
            ? value
            : throw new FormatException(FormattableString.Invariant($"the record ends at byte {bytes.Length}, before byte {value} where it is to go on"));
    }

    public readonly int Remaining => bytes.Length - _at;

    public readonly bool AtEnd => _at == bytes.Length;

    public byte Byte() => _at < bytes.Length ? bytes[_at++] : throw Short();

    public long Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            if (shift > 64 - 7 && next >> (64 - shift) != 0)
            {
                // Its highest bits would be lost, and damage to them with it.
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return unchecked((long)value);
            }
        }

        throw new FormatException(FormattableString.Invariant($"a number that ends at byte {_at} of the record is too long"));
    }

    public int Int(int most = int.MaxValue)
    {
        long value = Number();
        return value >= 0 && value <= most
            ? (int)value
            : throw new FormatException(FormattableString.Invariant($"the number {value}, which ends at byte {_at} of the record, is not from 0 to {most}"));
    }

    public byte[] Bytes(int count)
    {
        if (bytes.Length - _at < count)
        {
            throw Short();
        }

        _at += count;
        return bytes[(_at - count).._at];
    }

    public void Fill(Span<byte> into)
    {
        if (bytes.Length - _at < into.Length)
        {
            throw Short();
        }

        bytes.AsSpan(_at, into.Length).CopyTo(into);
        _at += into.Length;
    }

    private readonly FormatException Short() => new(FormattableString.Invariant($"the record ends at byte {bytes.Length}, in the middle"));
}
