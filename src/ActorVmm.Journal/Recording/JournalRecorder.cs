using System.Collections.Concurrent;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Listens to a sequential host and hands what it hears to a <see cref="JournalWriter"/>: 24 bytes a delivery into a batch that is
/// used again, and every few thousand deliveries one hand-over. What the journal throws stops the run.
/// </summary>
public sealed class JournalRecorder : ITurnListener
{
    /// <summary>Deliveries of a batch: large enough that what a batch repeats from the one before costs little.</summary>
    public const int BatchRows = 1 << 14;

    private readonly JournalWriter _writer;
    private readonly MessageRegistry _registry;
    private readonly bool _messages;
    private readonly ConcurrentBag<DeliveryBatch> _free = [];
    private readonly StateHasher _hasher = new();
    private DeliveryBatch _batch;
    private ActorTable? _actors;

    /// <param name="writer">Its stream has begun with the run's <see cref="RunStarted"/>.</param>
    /// <param name="registry">How messages are written.</param>
    /// <param name="messages">Whether all are written out; those from outside always are.</param>
    /// <param name="first">The first delivery that it hears, counted in the run.</param>
    public JournalRecorder(JournalWriter writer, MessageRegistry registry, bool messages, long first = 1)
    {
        ArgumentNullException.ThrowIfNull(writer);
        (_writer, _registry, _messages) = (writer, registry, messages);
        _writer.Recycle = _free.Add;
        _batch = new DeliveryBatch(BatchRows) { Registry = registry };
        _batch.Reset(first);
    }

    /// <summary>Deliveries heard so far.</summary>
    public long Deliveries => _batch.LastDelivery;

    /// <summary>Says where the receivers' chains are found; before the first turn.</summary>
    public void Attach(SequentialHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _actors = host.Actors;
    }

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        if (_batch.IsFull)
        {
            HandOver();
        }

        Note(_batch, _actors!, turn.Actor, in delivery);
        if (_messages || delivery.Sender.IsOutside)
        {
            _batch.AddMessage(in delivery.Message);
        }

        if (!choices.IsEmpty)
        {
            _batch.AddChoices(choices);
        }
    }

    /// <summary>What is kept of every delivery.</summary>
    public static void Note(DeliveryBatch into, ActorTable actors, ActorId receiver, in Delivery delivery)
    {
        ref DeliveryRow row = ref into.Add();
        row.Receiver = receiver.Value;
        row.Sender = delivery.Sender.Value;
        row.SenderCount = delivery.SenderCount;
        row.Check = unchecked((uint)actors[receiver].Chain);
        row.Now = delivery.Now.Value;
    }

    /// <summary>Hands over what has been heard, so that it becomes durable although the batch is not full; between runs.</summary>
    public void HandOver()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        long next = _batch.LastDelivery + 1;
        _writer.Append(_batch);
        _batch = _free.TryTake(out DeliveryBatch? used) ? used : new DeliveryBatch(BatchRows) { Registry = _registry };
        _batch.Reset(next);
    }

    /// <summary>Writes down what the machine is now; between runs.</summary>
    /// <param name="host">The machine's.</param>
    /// <param name="fingerprint">Of the whole run so far.</param>
    public void Checkpoint(SequentialHost host, Fingerprint fingerprint)
    {
        ArgumentNullException.ThrowIfNull(host);
        HandOver();
        _writer.Append(new Checkpoint
        {
            Delivery = Deliveries, Now = host.Now, Fingerprint = fingerprint, UnderWay = host.TurnsUnderWay, Actors = ChecksOf(host, _hasher),
        });
    }

    /// <summary>Ends the stream and waits until all of it is durable.</summary>
    /// <param name="host">The machine's.</param>
    /// <param name="fingerprint">Of the whole run.</param>
    /// <param name="end">How it ended, in a word.</param>
    public void End(SequentialHost host, Fingerprint fingerprint, string end)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.Stop?.Delivery is { } last)
        {
            // Listeners do not hear of a turn that threw; replayed, it throws again.
            Taken(new TurnStamp(host.Stop.Actor, last.Now, host.Stop.Turn), in last, [], null!);
        }

        HandOver();
        _writer.Append(new RunEnded
        {
            End = end, Stop = host.Stop?.Message ?? "", Now = host.Now, Fingerprint = fingerprint, UnderWay = host.TurnsUnderWay, Statistics = host.Statistics,
        });
        _writer.Flush();
    }

    /// <summary>Every actor's turns and hash.</summary>
    internal static IReadOnlyList<ActorCheck> ChecksOf(SequentialHost host, StateHasher hasher)
    {
        var checks = new List<ActorCheck>(host.Actors.Count);
        for (int id = 1; id < host.Actors.Count; id++)
        {
            if (host.Actors.Exists(id))
            {
                checks.Add(new ActorCheck(new ActorId(id), host.Actors[id].Turns, RunFingerprint.Of(host.Actors, new ActorId(id), hasher).Low));
            }
        }

        return checks;
    }
}
