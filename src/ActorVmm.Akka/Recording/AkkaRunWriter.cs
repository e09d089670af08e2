using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using Akka.Actor;

namespace ActorVmm.Akka.Recording;

/// <summary>
/// Writes one run's stream through a persistent actor, whose supervisor is <c>/user/recorder-</c> and the run's id. The run leads it by
/// <see cref="JournalWriter.Bound"/> events at most.
/// <para>
/// The journal's own store makes the tables, looks at what is there, and holds the stream's lock as long as this writes: a run is
/// refused for the same reasons and with the same words however it is written.
/// </para>
/// </summary>
public sealed class AkkaRunWriter : IRunWriter
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly IJournalAppender _held;
    private readonly DurableTail _tail = new();
    private readonly IActorRef _recorder;
    private bool _closed;

    /// <param name="system">Made with <see cref="RecordingConfiguration"/> of the same place as <paramref name="store"/>.</param>
    /// <param name="store">Where to; it has to outlive this.</param>
    /// <param name="stream"><c>run/</c> and the run's id; what is there already is gone on with.</param>
    /// <param name="durability">When what is committed is safe.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <exception cref="JournalException">The store refuses, or what is there is damaged.</exception>
    public AkkaRunWriter(ActorSystem system, IJournalStore store, string stream, Durability durability, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(clock);
        Stream = stream;
        _held = store.OpenWriter(stream, durability);
        try
        {
            string name = "recorder-" + stream[(stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
            RecorderSettings settings = RecorderSettings.Of(system.Settings.Config);
            _recorder = system.ActorOf(RecorderActor.Supervised(RecorderActor.Props(stream, clock, _tail, batch => Recycle?.Invoke(batch)), _tail, settings), name);
            _ = _recorder.WatchAsync().ContinueWith(
                _ => _tail.Abandon(stream), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _tail.WaitUntilOpened();
        }
        catch
        {
            _held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Stream { get; }

    /// <inheritdoc/>
    public long DurableThrough => _tail.Delivery;

    /// <inheritdoc/>
    public long BytesWritten => _tail.Bytes;

    /// <summary>None: the states of a run on Akka.NET are not saved.</summary>
    public long SnapshotBytesWritten => 0;

    /// <inheritdoc/>
    public Action<DeliveryBatch>? Recycle { get; set; }

    /// <inheritdoc/>
    public void Append(JournalEvent next)
    {
        ArgumentNullException.ThrowIfNull(next);
        _tail.Hand(next);
        _recorder.Tell(RecorderActor.More.Instance, ActorRefs.NoSender);
    }

    /// <inheritdoc/>
    public void Flush() => _tail.Flush();

    /// <summary>Writes what is on its way, and lets go of the stream.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        try
        {
            _tail.Flush();
        }
        catch (JournalException error)
        {
            // Whoever wants to know flushes before.
            _ = error;
        }

        _tail.Close();
        _recorder.GracefulStop(_patience).ContinueWith(static stopped => _ = stopped.Exception, TaskScheduler.Default).GetAwaiter().GetResult();
        _held.Dispose();
    }
}
