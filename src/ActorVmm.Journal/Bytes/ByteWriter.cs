using System.Buffers.Binary;
using System.Text;

namespace ActorVmm.Journal.Bytes;

/// <summary>
/// A growing buffer of little-endian numbers. Whole numbers are written seven bits a byte, lowest first, so that small ones are
/// short; signed ones alternate in sign (0, −1, 1, −2, …) for the same reason.
/// </summary>
public sealed class ByteWriter(int capacity = 256)
{
    private const int LongestNumber = 10;

    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public byte[] ToArray() => Written.ToArray();

    public void Byte(byte value)
    {
        Ensure(1);
        _bytes[Length++] = value;
    }

    public void Number(ulong value)
    {
        Ensure(LongestNumber);
        byte[] bytes = _bytes;
        int at = Length;
        while (value > 0x7F)
        {
            bytes[at++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }

        bytes[at++] = (byte)value;
        Length = at;
    }

    public void Number(long value) => Number((ulong)value);

    public void Signed(long value) => Number(unchecked((ulong)((value << 1) ^ (value >> 63))));

    public void Fixed(ulong value)
    {
        Ensure(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(Length), value);
        Length += sizeof(ulong);
    }

    public void Fixed(Fingerprint value)
    {
        Fixed(value.High);
        Fixed(value.Low);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Its length, then the bytes.</summary>
    public void Block(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        Raw(bytes);
    }

    public void Text(string text) => Block(Encoding.UTF8.GetBytes(text));

    /// <summary>Room for bytes that the caller writes itself; <see cref="Advance"/> says how many it did.</summary>
    public Span<byte> Reserve(int length)
    {
        Ensure(length);
        return _bytes.AsSpan(Length);
    }

    public void Advance(int length) => Length += length;

    private void Ensure(int more)
    {
        if (_bytes.Length - Length < more)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
        }
    }
}
