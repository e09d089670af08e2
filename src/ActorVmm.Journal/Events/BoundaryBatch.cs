using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Events;

/// <summary>
/// What a parallel run's hot path records instead of deliveries: the boundaries of the batches between cores. Its content is the
/// parallel host's own and says by its number how it is to be read.
/// </summary>
public sealed class BoundaryBatch : JournalEvent
{
    public const string Word = "boundaries/1";

    public override string Manifest => Word;

    /// <summary>The first and last delivery that can be computed from this and what came before.</summary>
    public long FirstDelivery { get; init; }

    public long LastComputed { get; init; }

    public override long LastDelivery => LastComputed;

    /// <summary>How <see cref="Content"/> is written.</summary>
    public int Encoding { get; init; }

    public ReadOnlyMemory<byte> Content { get; init; }

    public override void Encode(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Number(FirstDelivery);
        into.Number(LastComputed);
        into.Number(Encoding);
        Compression.Write(into, Content.Span);
    }

    /// <summary>The first and last delivery, without unpacking it.</summary>
    public static (long First, long Last) RangeOf(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        return (reader.Long(), reader.Long());
    }

    internal static BoundaryBatch Decode(ref ByteReader from) => new()
    {
        FirstDelivery = from.Long(), LastComputed = from.Long(), Encoding = from.Int(), Content = Compression.Read(ref from, DeliveryBatch.MostBytes),
    };
}
