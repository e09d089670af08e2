using System.IO.Compression;

namespace ActorVmm.Journal.Bytes;

/// <summary>Brotli, which is in .NET and on every system; the same for batches and snapshots.</summary>
public static class Compression
{
    /// <summary>Quality of 0 to 11: what columns of small numbers gain beyond this costs more time than the run itself.</summary>
    public const int Quality = 2;

    private const int Window = 20;

    /// <summary>Appends the length before and after, and the compressed bytes.</summary>
    public static void Write(ByteWriter into, ReadOnlySpan<byte> bytes, int quality = Quality)
    {
        ArgumentNullException.ThrowIfNull(into);
        byte[] compressed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        if (!BrotliEncoder.TryCompress(bytes, compressed, out int length, quality, Window))
        {
            throw new InvalidOperationException("compressed bytes need more room than the library says they can");
        }

        into.Number(bytes.Length);
        into.Block(compressed.AsSpan(0, length));
    }

    /// <exception cref="FormatException">The bytes are not what was written.</exception>
    public static byte[] Read(ref ByteReader from, int most)
    {
        int length = from.Int();
        ReadOnlySpan<byte> compressed = from.Block();
        if (length > most)
        {
            throw new FormatException(FormattableString.Invariant($"{length} bytes to unpack, and at most {most} make sense"));
        }

        byte[] bytes = new byte[length];
        return BrotliDecoder.TryDecompress(compressed, bytes, out int written) && written == length
            ? bytes
            : throw new FormatException("compressed bytes that cannot be unpacked");
    }
}
