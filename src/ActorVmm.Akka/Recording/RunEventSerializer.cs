using System.Runtime.Serialization;
using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Snapshots;
using ActorVmm.Journal.Stores;
using Akka.Actor;
using Akka.Serialization;
using Envelope = ActorVmm.Journal.Envelope;

namespace ActorVmm.Akka.Recording;

/// <summary>
/// Our number among Akka's serializers. It knows events by the words in <see cref="JournalEvent.Words"/> and by nothing else: no name of
/// a type is written, and none is looked up. What is not registered is refused on the way in and on the way out.
/// </summary>
public sealed class RunEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>What <c>serialization-bindings</c> and plugins call it.</summary>
    public const string Name = "actorvmm";

    private const int VersionAt = 3;

    public override int Identifier => Envelope.Serializer;

    /// <exception cref="SerializationException">It is no event of a run.</exception>
    public override string Manifest(object o) => Registered(o).Manifest;

    /// <exception cref="SerializationException">It is no event of a run.</exception>
    public override byte[] ToBinary(object obj) => Registered(obj).Row.Message;

    /// <exception cref="SerializationException">The word is nobody's, or the bytes are no event's.</exception>
    /// <exception cref="NewerJournalException">A newer program wrote it.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(manifest);
        Refuse(manifest);
        if (bytes.Length <= VersionAt || !bytes.AsSpan(0, VersionAt).SequenceEqual("AVJ"u8))
        {
            throw new SerializationException($"{manifest}: its bytes are no event of a run");
        }

        return new RunEvent(new JournalRow("", 0, 0, manifest, Identifier, "", bytes));
    }

    private static RunEvent Registered(object message)
    {
        if (message is not RunEvent found)
        {
            throw new SerializationException(
                $"{message?.GetType().Name ?? "null"} is not registered with serializer {Envelope.Serializer}: it takes events of a run ({string.Join(", ", JournalEvent.Words)}) and nothing else");
        }

        Refuse(found.Manifest);
        return found;
    }

    private static void Refuse(string manifest)
    {
        if (JournalEvent.Words.Contains(manifest, StringComparer.Ordinal))
        {
            return;
        }

        if (manifest is SnapshotEncoder.Word)
        {
            throw new SerializationException($"{manifest} is the state of a machine, which its own journal opens; whoever recovers a run does so from its events, with SnapshotSelectionCriteria.None");
        }

        Exception reason = JournalEvent.Unknown(manifest);
        throw reason as JournalException as Exception
            ?? new SerializationException($"\"{manifest}\" is not registered with serializer {Envelope.Serializer}, which knows {string.Join(", ", JournalEvent.Words)}", reason);
    }
}
