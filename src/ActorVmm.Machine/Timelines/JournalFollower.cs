using ActorVmm.Actors;
using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// Compares the turns of a run that is taken again with the rows of the recorded one: who heard which message of whom at what time,
/// and some bits of what that actor has been told so far. Rows are read a batch at a time, and the latest few batches are kept.
/// </summary>
internal sealed class JournalFollower(RecordedRun run) : ITurnListener
{
    private const int BatchesKept = 4;

    private readonly Queue<DeliveryBatch> _batches = new();
    private DeliveryBatch? _batch;
    private ActorTable? _actors;

    /// <summary>Says where the receivers' chains are found; before the first turn.</summary>
    public void Attach(SequentialHost host) => _actors = host.Actors;

    /// <summary>A recorded delivery.</summary>
    public DeliveryRow this[long delivery]
    {
        get
        {
            if (_batch is null || delivery < _batch.First || delivery > _batch.LastDelivery)
            {
                _batch = BatchOf(delivery);
            }

            return _batch.Rows[(int)(delivery - _batch.First)];
        }
    }

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        DeliveryRow row = this[turn.Number];
        uint check = unchecked((uint)_actors![turn.Actor].Chain) & DeliveryBatch.CheckMask;
        if (row.Receiver != turn.Actor.Value || row.Sender != delivery.Sender.Value || row.SenderCount != delivery.SenderCount || row.Now != delivery.Now.Value || row.Check != check)
        {
            throw new RunDivergedException(run.Stream, new Divergence(turn.Number, turn.Actor, DifferenceOf(in row, in turn, in delivery)), run.Started.KernelVersion);
        }
    }

    private static string DifferenceOf(in DeliveryRow row, in TurnStamp turn, in Delivery delivery) =>
        row.Receiver != turn.Actor.Value ? FormattableString.Invariant($"actor {row.Receiver} was recorded to take this turn")
        : row.Sender != delivery.Sender.Value || row.SenderCount != delivery.SenderCount
            ? FormattableString.Invariant($"it hears message {delivery.SenderCount} of {delivery.Sender}, and message {row.SenderCount} of {new ActorId(row.Sender)} was recorded")
        : row.Now != delivery.Now.Value ? FormattableString.Invariant($"it is {delivery.Now.Value} ns, and {row.Now} ns was recorded")
        : "what it has been told so far is not what it was told when the run was recorded";

    private DeliveryBatch BatchOf(long delivery)
    {
        DeliveryBatch? known = _batches.FirstOrDefault(batch => delivery >= batch.First && delivery <= batch.LastDelivery);
        if (known is not null)
        {
            return known;
        }

        if (_batches.Count == BatchesKept)
        {
            _batches.Dequeue();
        }

        DeliveryBatch read = run.BatchOf(delivery);
        _batches.Enqueue(read);
        return read;
    }
}
