using ActorVmm.Journal.Bytes;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Events;

/// <summary>
/// What a parallel run's hot path records instead of deliveries: the boundaries of the batches between cores, from which the
/// deliveries are computed. Its content is the parallel host's own and says by its number how it is to be read.
/// </summary>
public sealed class BoundaryBatch : JournalEvent
{
    public const string Word = "boundaries/1";

    /// <summary>How <see cref="Record"/> is written, and the only way that this program reads.</summary>
    public const int Encoding = ParallelRecord.FormatVersion;

    private const int MostBytes = 1 << 30;

    /// <param name="firstDelivery">The first delivery that can be computed from this and what came before.</param>
    /// <param name="record">What the host recorded from there on.</param>
    public BoundaryBatch(long firstDelivery, ParallelRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        (FirstDelivery, Record) = (firstDelivery, record);
    }

    public override string Manifest => Word;

    public long FirstDelivery { get; }

    public ParallelRecord Record { get; }

    public override long LastDelivery => FirstDelivery + Record.Deliveries - 1;

    public override void Encode(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Number(FirstDelivery);
        into.Number(LastDelivery);
        into.Number(Encoding);
        ReadOnlySpan<byte> record = Record.Encode(out int structure);
        Compression.Write(into, record[..structure]);
        into.Block(record[structure..]);
    }

    /// <summary>The first and last delivery, without unpacking it.</summary>
    public static (long First, long Last) RangeOf(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        return (reader.Long(), reader.Long());
    }

    internal static BoundaryBatch Decode(ref ByteReader from)
    {
        (long first, long last, int encoding) = (from.Long(), from.Long(), from.Int());
        if (encoding > Encoding)
        {
            throw new NewerJournalException("the encoding of the boundaries", encoding, Encoding);
        }

        ParallelRecord record = ParallelRecord.Decode([.. Compression.Read(ref from, MostBytes), .. from.Block()]);
        return first >= 1 && record.Deliveries >= 0 && record.Deliveries == last - first + 1
            ? new BoundaryBatch(first, record)
            : throw new FormatException(FormattableString.Invariant($"{record.Deliveries} deliveries where {first} to {last} were expected"));
    }
}
