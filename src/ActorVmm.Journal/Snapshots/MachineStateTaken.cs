using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Events;

namespace ActorVmm.Journal.Snapshots;

/// <summary>
/// The state of all actors after a delivery, on its way to the snapshot table. It goes through the writer in order with the events, so that
/// its row names the last row of the journal before it.
/// </summary>
public sealed class MachineStateTaken : JournalEvent
{
    public override string Manifest => SnapshotEncoder.Word;

    /// <summary>After which delivery.</summary>
    public long Delivery { get; init; }

    /// <summary>What the bytes are, for whoever reads them: which actors, of which types.</summary>
    public ReadOnlyMemory<byte> Cast { get; init; }

    public ReadOnlyMemory<byte> State { get; init; }

    public override void Encode(ByteWriter into) => throw new InvalidOperationException("a snapshot is a row of its own table");
}
