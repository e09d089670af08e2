using System.Security.Cryptography;
using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal;

/// <summary>
/// What stands around an event in a row's bytes: the letters AVJ, a format version, the checksum of the stream's row before, this
/// row's own, then the event.
/// <para>
/// A checksum is the first 16 bytes of SHA-256 over every column of the row and over the checksum before, so the rows of a stream
/// are a chain: a flipped bit, a row that is missing, and one that belongs elsewhere all show, and the row they show in is known.
/// SHA-256 because it is in .NET, has instructions of its own in today's processors, and costs a microsecond or so for thousands of deliveries;
/// sixteen bytes because a row is written every few thousand deliveries and nobody should have to think about collisions.
/// </para>
/// </summary>
public static class Envelope
{
    /// <summary>Our number among serializers; those up to 40 are Akka's own.</summary>
    public const int Serializer = 22093;

    public const byte Version = 1;

    public const int ChecksumBytes = 16;

    private const int BeforeAt = 4;
    private const int OwnAt = BeforeAt + ChecksumBytes;
    private const int BodyAt = OwnAt + ChecksumBytes;

    /// <summary>What the first row of a stream has for a checksum before.</summary>
    public static ReadOnlyMemory<byte> Beginning { get; } = new byte[ChecksumBytes];

    /// <summary>Wraps an event's bytes.</summary>
    /// <param name="row">The other columns; its message is replaced.</param>
    /// <param name="before">The checksum of the row before, or <see cref="Beginning"/>.</param>
    /// <param name="body">The event.</param>
    public static JournalRow Seal(JournalRow row, ReadOnlySpan<byte> before, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(row);
        byte[] message = new byte[BodyAt + body.Length];
        (message[0], message[1], message[2], message[3]) = ((byte)'A', (byte)'V', (byte)'J', Version);
        before.CopyTo(message.AsSpan(BeforeAt));
        body.CopyTo(message.AsSpan(BodyAt));
        JournalRow sealed_ = row with { Message = message };
        Checksum(sealed_, Version).CopyTo(message.AsSpan(OwnAt));
        return sealed_;
    }

    public static ReadOnlySpan<byte> ChecksumOf(JournalRow row) => row.Message.AsSpan(OwnAt, ChecksumBytes);

    public static ReadOnlySpan<byte> ChecksumBefore(JournalRow row) => row.Message.AsSpan(BeforeAt, ChecksumBytes);

    /// <summary>Where the event begins in a row's first bytes; they have proved nothing.</summary>
    internal static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> head) =>
        head.Length >= BodyAt ? head[BodyAt..] : throw new FormatException("its bytes are no event of a run");

    /// <summary>The event's bytes, once they have proved to be what was written.</summary>
    /// <exception cref="DamagedJournalException">They are not.</exception>
    /// <exception cref="NewerJournalException">The envelope is one that this program does not know.</exception>
    public static ReadOnlySpan<byte> Open(JournalRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        byte[] message = row.Message;
        if (message.Length < BodyAt || !message.AsSpan(0, 3).SequenceEqual("AVJ"u8))
        {
            throw DamagedJournalException.Of(row.Stream, row.Sequence, "its bytes are no event of a run");
        }

        // A version that is larger only because of a flipped bit is damage: with ours in its place the checksum is right.
        bool ours = Checksum(row, Version).AsSpan().SequenceEqual(ChecksumOf(row));
        if (message[3] > Version && !ours)
        {
            throw new NewerJournalException(FormattableString.Invariant($"{row.Stream}, row {row.Sequence}"), message[3], Version);
        }

        if (!ours || message[3] != Version)
        {
            throw DamagedJournalException.Of(row.Stream, row.Sequence, "its checksum is not that of its bytes");
        }

        return message.AsSpan(BodyAt);
    }

    private static byte[] Checksum(JournalRow row, byte version)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var columns = new ByteWriter(256);
        columns.Text(row.Stream);
        columns.Number(row.Sequence);
        columns.Number(row.Created);
        columns.Text(row.Manifest);
        columns.Number(row.Identifier);
        columns.Text(row.Writer);
        columns.Byte(row.Deleted ? (byte)1 : (byte)0);
        columns.Byte(version);
        columns.Raw(ChecksumBefore(row));
        hash.AppendData(columns.Written);
        hash.AppendData(row.Message.AsSpan(BodyAt));
        return hash.GetHashAndReset()[..ChecksumBytes];
    }
}
