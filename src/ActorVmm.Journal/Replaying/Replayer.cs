using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;

namespace ActorVmm.Journal.Replaying;

/// <summary>Makes the machine of a recorded run again, on the host that it is given.</summary>
/// <param name="started">What the run was.</param>
/// <param name="hostOf">Where its actors run.</param>
/// <returns>Summarises the machine as the recorded run was summarised.</returns>
public delegate Func<Fingerprint> MachineFactory(RunStarted started, Func<HostOptions, IHost> hostOf);

/// <summary>What a replay came to.</summary>
/// <param name="Deliveries">Deliveries made.</param>
/// <param name="Fingerprint">Of the machine after them.</param>
/// <param name="Recorded">What the run's end says; null when the run was cut off or the replay stopped before it.</param>
/// <param name="Checkpoints">Checkpoints that were met and are the same.</param>
/// <param name="Divergence">The first place where it is not what was recorded; null where there is none.</param>
/// <param name="CutOff">Whether the recorded run has no end: everything that was durable was replayed.</param>
public sealed record ReplayResult(long Deliveries, Fingerprint Fingerprint, Fingerprint? Recorded, int Checkpoints, Divergence? Divergence, bool CutOff)
{
    /// <summary>Whether everything that was recorded about these deliveries was found again.</summary>
    public bool Verified => Divergence is null;
}

/// <summary>
/// Runs a recorded run again, delivery by delivery, and compares: every message is there, every actor's chain is the same, and at every
/// checkpoint and at the end so is the whole machine.
/// </summary>
public sealed class Replayer : IDisposable
{
    private readonly RecordedRun _run;
    private readonly DeliveryReader _reader;
    private readonly Func<Fingerprint> _fingerprint;
    private readonly StateHasher _hasher = new();
    private RecordedHost? _host;
    private Divergence? _divergence;
    private int _checkpoints;
    private bool _atEnd;

    /// <exception cref="JournalException">The run's rows are not what they should be, or newer than this program.</exception>
    public Replayer(RecordedRun run, MachineFactory machine)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(machine);
        _run = run;
        _reader = new DeliveryReader(run);
        _fingerprint = machine(run.Started, options => _host = new RecordedHost(options, _reader));
        Host = _host ?? throw new InvalidOperationException("the factory made a machine without the host it was given");
    }

    /// <summary>The machine's host, for those who look at it between two calls.</summary>
    public RecordedHost Host { get; }

    /// <summary>Goes on, and says how the whole replay stands.</summary>
    /// <param name="deliveries">Up to and including this delivery of the run.</param>
    /// <param name="until">No delivery after this time.</param>
    /// <param name="stop">Stops within a few thousand deliveries.</param>
    public ReplayResult Run(long deliveries = long.MaxValue, Ticks? until = null, CancellationToken stop = default)
    {
        const long Slice = 1 << 16;
        while (_divergence is null && !_atEnd && !stop.IsCancellationRequested)
        {
            long left = deliveries - Host.Statistics.Turns;
            if (left <= 0)
            {
                break;
            }

            RunOutcome outcome = Take(until, Math.Min(left, Slice));
            _divergence ??= Host.Divergence;
            if (outcome == RunOutcome.TimeReached)
            {
                break;
            }

            if (outcome == RunOutcome.Quiescent && _divergence is null)
            {
                Pause();
            }
        }

        return Result();
    }

    public void Dispose() => _reader.Dispose();

    private RunOutcome Take(Ticks? until, long most)
    {
        try
        {
            return Host.Run(until, most);
        }
        catch (MachineStoppedException stop)
        {
            // The recorded run ended in the same way, or it did not.
            string recorded = _run.Ended is { } ended && ended.Statistics.Turns == stop.Turn ? ended.Stop : "";
            if (!string.Equals(recorded, stop.Message, StringComparison.Ordinal))
            {
                _divergence = new Divergence(stop.Turn, stop.Actor, stop.Message);
            }

            CompareEnd();
            return RunOutcome.Quiescent;
        }
    }

    private void Pause()
    {
        if (_reader.Checkpoint is { } checkpoint)
        {
            Compare(checkpoint);
            _reader.GoOn();
        }
        else
        {
            CompareEnd();
        }
    }

    private void CompareEnd()
    {
        _atEnd = true;
        if (_divergence is null && _run.Ended is { } ended && Host.While(ended.UnderWay, _fingerprint) != ended.Fingerprint)
        {
            _divergence = new Divergence(Host.Statistics.Turns, ActorId.Outside, "every delivery was made, and the machine is not what it was at the end of the recorded run");
        }
    }

    private void Compare(Checkpoint checkpoint)
    {
        Fingerprint found = Host.While(checkpoint.UnderWay, _fingerprint);
        if (found == checkpoint.Fingerprint)
        {
            _checkpoints++;
            return;
        }

        // Who is it? The checkpoint knows every actor.
        IReadOnlyList<ActorCheck> checks = Host.While(checkpoint.UnderWay, () => JournalRecorder.ChecksOf(Host, _hasher));
        foreach ((ActorCheck was, ActorCheck now) in checkpoint.Actors.Zip(checks))
        {
            if (was != now)
            {
                _divergence = new Divergence(
                    checkpoint.Delivery, was.Actor,
                    was.Turns == now.Turns ? "its state at the checkpoint is not what was recorded" : FormattableString.Invariant($"it had taken {was.Turns} turns at the checkpoint and has taken {now.Turns}"));
                return;
            }
        }

        _divergence = new Divergence(checkpoint.Delivery, ActorId.Outside, "the machine at the checkpoint is not what was recorded, though its actors are: what they share differs");
    }

    private ReplayResult Result()
    {
        bool whole = _atEnd && _run.Ended is not null;
        Fingerprint fingerprint = whole ? Host.While(_run.Ended!.UnderWay, _fingerprint) : _fingerprint();
        return new ReplayResult(Host.Statistics.Turns, fingerprint, whole ? _run.Ended!.Fingerprint : null, _checkpoints, _divergence, _run.Ended is null);
    }
}
