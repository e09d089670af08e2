using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Journal.Events;

/// <summary>
/// One row of a run's stream. What is stored names an event by a short word and a version, never by a type of ours, so that a
/// later version, or somebody else's program, can read it.
/// </summary>
public abstract class JournalEvent
{
    /// <summary>Its word and version, such as <c>batch/1</c>.</summary>
    public abstract string Manifest { get; }

    /// <summary>The last delivery that is known once this is: 0 where the event says nothing about deliveries.</summary>
    public virtual long LastDelivery => 0;

    public abstract void Encode(ByteWriter into);

    /// <summary>Reads an event's bytes.</summary>
    /// <param name="manifest">Its word and version.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="messages">How the run's messages are laid out; null where they are not known yet.</param>
    /// <exception cref="NewerJournalException">A word or a version that this program does not know.</exception>
    /// <exception cref="FormatException">The bytes are not such an event.</exception>
    public static JournalEvent Decode(string manifest, ReadOnlySpan<byte> body, MessageRegistry? messages)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var reader = new ByteReader(body);
        JournalEvent decoded = manifest switch
        {
            RunStarted.Word => RunStarted.Decode(ref reader),
            DeliveryBatch.Word => DeliveryBatch.Decode(ref reader, messages ?? MessageRegistry.Empty),
            BoundaryBatch.Word => BoundaryBatch.Decode(ref reader),
            Checkpoint.Word => Checkpoint.Decode(ref reader),
            RunResumed.Word => RunResumed.Decode(ref reader),
            RunEnded.Word => RunEnded.Decode(ref reader),
            _ => throw Unknown(manifest),
        };
        reader.End();
        return decoded;
    }

    /// <summary>The words and versions of all events that this program knows.</summary>
    public static IReadOnlyList<string> Words { get; } = [RunStarted.Word, DeliveryBatch.Word, BoundaryBatch.Word, Checkpoint.Word, RunResumed.Word, RunEnded.Word];

    /// <summary>Why a word that is not among <see cref="Words"/> is refused: it is newer, or no event's at all.</summary>
    public static Exception Unknown(string manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        int slash = manifest.LastIndexOf('/');
        return slash > 0 && int.TryParse(manifest.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int version)
            ? new NewerJournalException($"the event {manifest[..slash]}", version, Words.Any(word => word.StartsWith(manifest[..(slash + 1)], StringComparison.Ordinal)) ? 1 : 0)
            : new FormatException($"\"{manifest}\" is no event");
    }
}
