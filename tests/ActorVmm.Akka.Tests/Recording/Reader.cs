using ActorVmm.Akka.Recording;
using Akka.Actor;
using Akka.Persistence;

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>A persistent actor such as anybody might write, which recovers a stream and says what it was told.</summary>
internal sealed class Reader : ReceivePersistentActor
{
    private readonly List<RunEvent> _found = [];
    private readonly TaskCompletionSource<IReadOnlyList<RunEvent>> _told;

    public Reader(string stream, TaskCompletionSource<IReadOnlyList<RunEvent>> told)
    {
        PersistenceId = stream;
        _told = told;
        Recover<RunEvent>(_found.Add);
        Recover<RecoveryCompleted>(_ => _told.SetResult(_found));
        CommandAny(message => Persist(message, _ => Sender.Tell("persisted")));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);

    /// <summary>All events of a stream.</summary>
    public static async Task<IReadOnlyList<RunEvent>> Read(ActorSystem system, string stream)
    {
        TaskCompletionSource<IReadOnlyList<RunEvent>> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef reader = system.ActorOf(Props.Create(typeof(Reader), stream, told));
        try
        {
            return await told.Task;
        }
        finally
        {
            await reader.GracefulStop(TimeSpan.FromSeconds(10));
        }
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _told.SetException(reason);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Sender.Tell(new Status.Failure(cause));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Sender.Tell(new Status.Failure(cause));
}
