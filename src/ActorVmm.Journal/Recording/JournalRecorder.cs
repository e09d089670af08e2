using System.Collections.Concurrent;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Listens to a host, turn by turn, and hands what it hears to a <see cref="IRunWriter"/>: 24 bytes a delivery into a batch that is
/// used again, and every few thousand deliveries one hand-over. What the journal throws stops the run.
/// </summary>
public sealed class JournalRecorder : IRunRecorder, ITurnListener
{
    /// <summary>Deliveries of a batch: large enough that what a batch repeats from the one before costs little.</summary>
    public const int BatchRows = 1 << 14;

    private readonly IRunWriter _writer;
    private readonly MessageRegistry _registry;
    private readonly bool _messages;
    private readonly ConcurrentBag<DeliveryBatch> _free = [];
    private readonly BirthLog _births = new();
    private DeliveryBatch _batch;
    private HostView? _host;

    /// <param name="writer">Its stream has begun with the run's <see cref="RunStarted"/>.</param>
    /// <param name="registry">How messages are written.</param>
    /// <param name="messages">Whether all are written out; those from outside always are.</param>
    /// <param name="first">The first delivery that it hears, counted in the run.</param>
    public JournalRecorder(IRunWriter writer, MessageRegistry registry, bool messages, long first = 1)
    {
        ArgumentNullException.ThrowIfNull(writer);
        (_writer, _registry, _messages) = (writer, registry, messages);
        _writer.Recycle = _free.Add;
        _batch = new DeliveryBatch(BatchRows) { Registry = registry };
        _batch.Reset(first);
    }

    /// <inheritdoc/>
    public long Deliveries => _batch.LastDelivery;

    /// <inheritdoc/>
    public bool HasStopped => Host.Stop is not null;

    private HostView Host => _host ?? throw new InvalidOperationException("nobody has said whose run it is");

    /// <inheritdoc/>
    public void Attach(IHost host)
    {
        _host = new HostView(host);
        _births.AreForeseen = _host.GivesIdsInOrder;
    }

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        Take(in turn, in delivery, choices);
        if (!outbox.Births.IsEmpty)
        {
            _births.Note(_batch, outbox.Births);
        }
    }

    /// <summary>What is kept of every delivery.</summary>
    public static void Note(DeliveryBatch into, in TurnStamp turn, in Delivery delivery)
    {
        ref DeliveryRow row = ref into.Add();
        row.Receiver = turn.Actor.Value;
        row.Sender = delivery.Sender.Value;
        row.SenderCount = delivery.SenderCount;
        row.Check = unchecked((uint)turn.Chain);
        row.Now = delivery.Now.Value;
    }

    /// <summary>Full batches are handed over as they fill.</summary>
    public void Pause()
    {
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public void Checkpoint(Fingerprint fingerprint)
    {
        HandOver();
        _writer.Append(new Checkpoint
        {
            Delivery = Deliveries, Now = Host.Now, Fingerprint = fingerprint, UnderWay = Host.TurnsUnderWay, OnTheirWay = _births.OnTheirWay(Host), Actors = Host.Checks(),
        });
    }

    /// <inheritdoc/>
    public void End(Fingerprint fingerprint, string end)
    {
        if (Host.Stop is { Delivery: { } last } stop && stop.Turn > Deliveries)
        {
            // Listeners do not hear of a turn that threw; replayed, it throws again.
            Take(new TurnStamp(stop.Actor, last.Now, stop.Turn) { Chain = stop.Chain }, in last, [.. stop.Choices]);
            _births.Note(_batch, stop.Births);
        }

        HandOver();
        _writer.Append(new RunEnded
        {
            End = end, Stop = Host.Stop?.Message ?? "", Now = Host.Now, Fingerprint = fingerprint, UnderWay = Host.TurnsUnderWay, OnTheirWay = _births.OnTheirWay(Host), Statistics = Host.Statistics,
        });
        _writer.Flush();
    }

    private void Take(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices)
    {
        if (_batch.IsFull)
        {
            HandOver();
        }

        Note(_batch, in turn, in delivery);
        if (_messages || delivery.Sender.IsOutside)
        {
            _batch.AddMessage(in delivery.Message);
        }

        if (!choices.IsEmpty)
        {
            _batch.AddChoices(choices);
        }
    }
}
