using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Goes on with a run that was cut off.
/// <para>
/// 1. It takes the stream's lock, and looks only then at what is there: nobody else goes on with it at the same time.
/// 2. What was recorded is done again from the beginning, and compared: at every delivery, and at <see cref="PauseAt"/>, where a
/// checkpoint says what the machine was.
/// 3. Behind the last durable delivery it is recorded, with a <see cref="RunResumed"/> in between. Until then nothing is written, so
/// whoever is killed in between has changed nothing.
/// </para>
/// </summary>
public abstract class Resumption : IRunRecorder, IDisposable
{
    private readonly IEnumerator<Checkpoint> _checkpoints;
    private readonly string _kernel;
    private readonly TimeProvider _clock;
    private Checkpoint? _next;

    private protected Resumption(RecordedRun run, JournalWriter writer, string kernel, TimeProvider clock)
    {
        (Run, Writer, _kernel, _clock, Tail) = (run, writer, kernel, clock, writer.DurableThrough);
        _checkpoints = run.Checkpoints().GetEnumerator();
        Advance();
    }

    public RecordedRun Run { get; }

    public JournalWriter Writer { get; }

    /// <summary>The last delivery that was durable when the run was cut off.</summary>
    public long Tail { get; }

    /// <summary>Whether the run goes on: everything up to the tail is as it was.</summary>
    public bool IsLive { get; private set; }

    /// <summary>After which delivery the machine is to be looked at next; none when it goes on.</summary>
    public long PauseAt => IsLive ? long.MaxValue : Math.Min(Tail, _next?.Delivery ?? Tail);

    /// <inheritdoc/>
    public long Deliveries => Recorder.Deliveries;

    /// <inheritdoc/>
    public virtual bool HasStopped => Recorder.HasStopped;

    /// <summary>Records what comes behind the tail.</summary>
    private protected abstract IRunRecorder Recorder { get; }

    /// <param name="store">Where the run is.</param>
    /// <param name="stream">Its stream.</param>
    /// <param name="durability">When what is committed is safe.</param>
    /// <param name="kernel">The kernel that goes on.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <exception cref="NoSuchRunException">The run has ended.</exception>
    /// <exception cref="JournalException">The store refuses: somebody else is writing, or its first or last row is damaged.</exception>
    public static Resumption Begin(IJournalStore store, string stream, Durability durability, string kernel, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(clock);
        JournalWriter writer = JournalWriter.GoOn(store, stream, durability, clock, out RecordedRun run);
        try
        {
            return RunRecorders.RecordsBoundaries(run.Started) ? new BoundaryResumption(run, writer, kernel, clock)
                : run.Started.Host is "akka" ? new DeliveredResumption(run, writer, kernel, clock)
                : new RowResumption(run, writer, kernel, clock);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Makes the host that the run is done again on, and goes on.</summary>
    /// <param name="options">As the recorded run was given them.</param>
    /// <param name="hostOf">Makes a host as the recorded run's.</param>
    public abstract IHost HostOf(HostOptions options, Func<HostOptions, IHost> hostOf);

    /// <summary>The machine has paused; at the tail the run goes on.</summary>
    /// <param name="turns">After which turn.</param>
    /// <param name="fingerprint">What the machine is.</param>
    /// <exception cref="RunDivergedException">The machine is not what a checkpoint says.</exception>
    public void Paused(long turns, Func<Fingerprint> fingerprint)
    {
        ArgumentNullException.ThrowIfNull(fingerprint);
        for (; !IsLive && _next is { } checkpoint && checkpoint.Delivery == turns; Advance())
        {
            if (checkpoint.Fingerprint != fingerprint())
            {
                throw Diverged(turns, ActorId.Outside, "the machine is not what the checkpoint after this delivery says");
            }
        }

        if (!IsLive && turns == Tail)
        {
            GoLive();
        }
    }

    /// <inheritdoc/>
    public void Attach(IHost host) => throw new InvalidOperationException("it makes its host itself");

    /// <inheritdoc/>
    public void Pause() => Recorder.Pause();

    /// <inheritdoc/>
    public void HandOver() => Recorder.HandOver();

    /// <inheritdoc/>
    public void Checkpoint(Fingerprint fingerprint) => Recorder.Checkpoint(fingerprint);

    /// <inheritdoc/>
    /// <exception cref="RunDivergedException">The recorded run went further.</exception>
    public virtual void End(Fingerprint fingerprint, string end) => Recorder.End(fingerprint, end);

    public virtual void Dispose()
    {
        _checkpoints.Dispose();
        Writer.Dispose();
    }

    /// <summary>Everything up to the tail is as it was: what follows is new.</summary>
    private protected virtual void GoLive()
    {
        IsLive = true;
        Writer.Append(new RunResumed { Delivery = Tail, KernelVersion = _kernel, At = _clock.GetUtcNow().UtcTicks });
    }

    private protected RunDivergedException Diverged(long delivery, ActorId actor, string words) => new(Run.Stream, new Divergence(delivery, actor, words));

    /// <summary>The run has ended before it got to where it was cut off.</summary>
    private protected RunDivergedException TooShort(long turns) =>
        Diverged(turns, ActorId.Outside, FormattableString.Invariant($"the run ends here, and the recorded one went on to delivery {Tail} at least"));

    private void Advance() => _next = _checkpoints.MoveNext() ? _checkpoints.Current : null;
}
