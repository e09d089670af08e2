using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Stores;
using Envelope = ActorVmm.Journal.Envelope;

namespace ActorVmm.Akka.Recording;

/// <summary>
/// What a recorder persists: an event of a run, sealed into the very row that our own stores would write. Its bytes and its checksum are
/// made where the chain of checksums is known, so that nothing is left to the database's side but to copy columns.
/// </summary>
/// <param name="Row">All columns; those that the serializer does not see are empty until the journal has filled them in.</param>
public sealed record RunEvent(JournalRow Row)
{
    public string Manifest => Row.Manifest;

    /// <summary>The last delivery that is known by this event; 0 where it says nothing about deliveries.</summary>
    /// <exception cref="JournalException">The row is not what was written, or newer than this program.</exception>
    public long LastDelivery => Manifest is DeliveryBatch.Word ? DeliveryBatch.RangeOf(Envelope.Open(Row)).Last : Open(null).LastDelivery;

    /// <summary>Reads the event.</summary>
    /// <param name="messages">How the run's messages are laid out; null where they are not known yet.</param>
    /// <exception cref="JournalException">The row is not what was written, or newer than this program.</exception>
    public JournalEvent Open(MessageRegistry? messages)
    {
        ReadOnlySpan<byte> body = Envelope.Open(Row);
        try
        {
            return JournalEvent.Decode(Row.Manifest, body, messages);
        }
        catch (FormatException error)
        {
            throw new DamagedJournalException(Row.Stream, Row.Sequence, FormattableString.Invariant($"{Row.Stream}, row {Row.Sequence}: it cannot be read: {error.Message}"), error);
        }
    }
}
