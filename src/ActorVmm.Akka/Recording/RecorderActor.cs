using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Recording;
using Akka.Actor;
using Akka.Persistence;

namespace ActorVmm.Akka.Recording;

/// <summary>
/// Records one run.
/// <para>
/// 1. It reads the stream that is there, usually none, and knows the last row's number and checksum. 2. Every event that it is told
/// becomes the next row: encoded, sealed, persisted. It does not wait in between; what comes meanwhile is written as one transaction.
/// 3. What has been persisted is acknowledged, and nothing else. 4. When persisting fails, or is refused, or the actor itself fails, it
/// says so and writes nothing more, even when it is started again: whether the row is there is unknown, so nobody may go on behind it.
/// </para>
/// </summary>
internal sealed class RecorderActor : ReceivePersistentActor
{
    private readonly RowSealer _sealer;
    private readonly DurableTail _tail;
    private readonly Action<DeliveryBatch> _recycle;
    private long _delivery;

    public RecorderActor(string stream, TimeProvider clock, DurableTail tail, Action<DeliveryBatch> recycle)
    {
        PersistenceId = stream;
        (_sealer, _tail, _recycle) = (new RowSealer(stream, clock), tail, recycle);
        Recover<RunEvent>(Follow);
        Recover<RecoveryCompleted>(_ => _tail.Opened(_delivery));
        Command<JournalEvent>(Record);
    }

    public override string PersistenceId { get; }

    /// <summary>The events are all there is to know; snapshots are the machine's.</summary>
    public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);

    /// <param name="stream">Its persistence id: <c>run/</c> and the run's id.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <param name="tail">Who is told what is durable.</param>
    /// <param name="recycle">Given batches that can be filled again.</param>
    public static Props Props(string stream, TimeProvider clock, DurableTail tail, Action<DeliveryBatch> recycle) =>
        global::Akka.Actor.Props.Create(typeof(RecorderActor), stream, clock, tail, recycle).WithDispatcher("actorvmm.dispatchers.recorder");

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _tail.Fail(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _tail.Fail(cause);
        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _tail.Fail(reason);

    protected override void PreRestart(Exception reason, object message)
    {
        _tail.Fail(reason);
        base.PreRestart(reason, message);
    }

    private void Follow(RunEvent found)
    {
        _sealer.GoOnAfter(found.Row);
        _delivery = Math.Max(_delivery, found.LastDelivery);
    }

    private void Record(JournalEvent next)
    {
        if (_tail.HasFailed)
        {
            return;
        }

        RunEvent made = new(_sealer.Seal(next));
        long last = next.LastDelivery;
        PersistAsync(made, persisted => _tail.Acknowledge(last, persisted.Row.Message.Length));
        if (next is DeliveryBatch batch)
        {
            _recycle(batch);
        }
    }
}
