using System.Buffers.Binary;
using System.Text;

namespace ActorVmm.Journal.Bytes;

/// <summary>Reads what a <see cref="ByteWriter"/> wrote.</summary>
/// <exception cref="FormatException">By every method: the bytes end too early or say what cannot be.</exception>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public byte Byte() => Raw(1)[0];

    public ulong Number()
    {
        ulong value = 0;
        for (int i = 0, shift = 0; i < _rest.Length; i++, shift += 7)
        {
            byte part = _rest[i];
            if (shift == 63 && part > 1)
            {
                break;
            }

            value |= (ulong)(part & 0x7F) << shift;
            if (part <= 0x7F)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new FormatException("a number that does not end");
    }

    public long Long()
    {
        ulong value = Number();
        return value <= long.MaxValue ? (long)value : throw new FormatException("a number beyond 63 bits");
    }

    /// <summary>A number of things of which each takes at least <paramref name="least"/> bits of what follows.</summary>
    public int Count(int least = 8)
    {
        ulong value = Number();
        return value <= int.MaxValue && (Int128)value * least <= (Int128)_rest.Length * 8
            ? (int)value
            : throw new FormatException(FormattableString.Invariant($"{value} entries in {_rest.Length} bytes"));
    }

    public int Int()
    {
        ulong value = Number();
        return value <= int.MaxValue ? (int)value : throw new FormatException("a number beyond 31 bits");
    }

    public long Signed()
    {
        ulong value = Number();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    public ulong Fixed() => BinaryPrimitives.ReadUInt64LittleEndian(Raw(sizeof(ulong)));

    public Fingerprint Fingerprint() => new(Fixed(), Fixed());

    public ReadOnlySpan<byte> Raw(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            throw new FormatException(FormattableString.Invariant($"{length} bytes expected and {_rest.Length} there"));
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public ReadOnlySpan<byte> Block() => Raw(Int());

    public string Text()
    {
        try
        {
            return _strict.GetString(Block());
        }
        catch (DecoderFallbackException error)
        {
            throw new FormatException("a text that is not UTF-8", error);
        }
    }

    /// <summary>Whoever reads less than was written reads something else than was meant.</summary>
    public readonly void End()
    {
        if (_rest.Length > 0)
        {
            throw new FormatException(FormattableString.Invariant($"{_rest.Length} bytes too many"));
        }
    }
}
