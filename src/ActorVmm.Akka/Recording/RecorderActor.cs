using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using Akka.Actor;
using Akka.Pattern;
using Akka.Persistence;

namespace ActorVmm.Akka.Recording;

/// <summary>
/// Records one run.
/// <para>
/// 1. It reads the stream that is there, usually none, and knows the last row's number and checksum. 2. Whenever it is told that there is
/// more, the event behind the last row becomes the next one: encoded, sealed, persisted. It does not wait in between; what comes meanwhile
/// is written as one transaction. 3. What has been persisted is acknowledged, and nothing else.
/// </para>
/// <para>
/// When persisting fails, or is refused, it stops and says so: whether the row is there is unknown, so nobody goes on behind it. When it
/// fails in any other way, its supervisor waits a little and starts it again, and it begins with 1.
/// </para>
/// </summary>
internal sealed class RecorderActor : ReceivePersistentActor
{
    private const string Dispatcher = "actorvmm.dispatchers.recorder";

    private readonly RowSealer _sealer;
    private readonly DurableTail _tail;
    private readonly Action<DeliveryBatch> _recycle;
    private bool _getsOn;

    public RecorderActor(string stream, TimeProvider clock, DurableTail tail, Action<DeliveryBatch> recycle)
    {
        PersistenceId = stream;
        (_sealer, _tail, _recycle) = (new RowSealer(stream, clock), tail, recycle);
        Recover<RunEvent>(Follow);
        Recover<RecoveryCompleted>(_ => Open());
        Command<More>(_ => Record());
    }

    public override string PersistenceId { get; }

    /// <summary>The events are all there is to know; snapshots are the machine's.</summary>
    public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);

    /// <param name="stream">Its persistence id: <c>run/</c> and the run's id.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <param name="tail">What there is to record, and who is told what is durable.</param>
    /// <param name="recycle">Given batches that can be filled again.</param>
    public static Props Props(string stream, TimeProvider clock, DurableTail tail, Action<DeliveryBatch> recycle) =>
        global::Akka.Actor.Props.Create(typeof(RecorderActor), stream, clock, tail, recycle).Here(Dispatcher);

    /// <summary>A recorder that is started again when it fails, ever more slowly, and given up in the end.</summary>
    /// <param name="recorder">Its <see cref="Props"/>.</param>
    /// <param name="tail">Hears of every failure, so that the run can say why its recorder was given up.</param>
    /// <param name="settings">How slowly, and how often.</param>
    public static Props Supervised(Props recorder, DurableTail tail, RecorderSettings settings)
    {
        OneForOneStrategy strategy = new(
            settings.MaxRetries, Timeout.InfiniteTimeSpan,
            cause =>
            {
                tail.Stumble(cause);
                return global::Akka.Actor.SupervisorStrategy.DefaultDecider.Decide(cause);
            });
        return BackoffSupervisor.Props(
            Backoff.OnFailure(recorder, "recorder", settings.MinBackoff, settings.MaxBackoff, settings.RandomFactor, settings.MaxRetries)
                .WithManualReset()
                .WithSupervisorStrategy(strategy))
            .Here(Dispatcher);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _tail.Fail(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _tail.Fail(cause);
        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _tail.Fail(reason);

    private void Follow(RunEvent found)
    {
        _sealer.GoOnAfter(found.Row);
        Acknowledge(found.Row, found.LastDelivery);
    }

    private void Open()
    {
        _tail.Opened(_sealer.Sequence);
        Self.Tell(More.Instance);
    }

    private void Record()
    {
        if (_tail.After(_sealer.Sequence) is { } next)
        {
            long last = next.LastDelivery;
            PersistAsync(new RunEvent(_sealer.Seal(next)), persisted => Settle(persisted.Row, last));
            Self.Tell(More.Instance);
        }
    }

    private void Settle(JournalRow row, long delivery)
    {
        if (Acknowledge(row, delivery) is DeliveryBatch batch)
        {
            _recycle(batch);
        }
    }

    /// <summary>As soon as one row has got through, what went wrong before is over: it no longer counts against the recorder.</summary>
    private JournalEvent? Acknowledge(JournalRow row, long delivery)
    {
        JournalEvent? arrived = _tail.Acknowledge(row.Sequence, delivery, row.Message.Length);
        if (arrived is not null && !_getsOn)
        {
            _getsOn = true;
            Context.Parent.Tell(BackoffSupervisor.Reset.Instance);
        }

        return arrived;
    }

    /// <summary>There may be more to record.</summary>
    internal sealed class More : INoSerializationVerificationNeeded
    {
        public static readonly More Instance = new();

        private More()
        {
        }
    }
}
