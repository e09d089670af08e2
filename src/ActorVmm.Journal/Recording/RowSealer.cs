using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Recording;

/// <summary>Makes the rows of one stream, each with the checksum of the one before.</summary>
/// <param name="stream">persistence_id.</param>
/// <param name="clock">What the rows say about when they were written.</param>
public sealed class RowSealer(string stream, TimeProvider clock)
{
    private readonly ByteWriter _bytes = new(1 << 16);
    private readonly DeliveryColumns _columns = new();
    private readonly byte[] _checksum = Envelope.Beginning.ToArray();

    /// <summary>The number of the latest row; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>The next row follows this one.</summary>
    public void GoOnAfter(JournalRow last)
    {
        ArgumentNullException.ThrowIfNull(last);
        Sequence = last.Sequence;
        Envelope.ChecksumOf(last).CopyTo(_checksum);
    }

    /// <summary>The next row.</summary>
    public JournalRow Seal(JournalEvent next)
    {
        ArgumentNullException.ThrowIfNull(next);
        _bytes.Clear();
        if (next is DeliveryBatch batch)
        {
            batch.EncodeWith(_columns, _bytes);
        }
        else
        {
            next.Encode(_bytes);
        }

        JournalRow columns = new(stream, Sequence + 1, clock.GetUtcNow().UtcTicks, next.Manifest, Envelope.Serializer, JournalWriter.WriterId, []);
        JournalRow row = Envelope.Seal(columns, _checksum, _bytes.Written);
        GoOnAfter(row);
        return row;
    }
}
