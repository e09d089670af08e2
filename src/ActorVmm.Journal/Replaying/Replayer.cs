using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;

namespace ActorVmm.Journal.Replaying;

/// <summary>
/// Runs a recorded run again, and compares: every delivery takes place as it did, and at every checkpoint and at the end the whole
/// machine is what it was. How the deliveries are found depends on what was recorded.
/// </summary>
public abstract class Replayer : IDisposable
{
    private readonly RecordedRun _run;
    private Divergence? _divergence;
    private bool _atEnd;
    private int _checkpoints;
    private string _stop = "";
    private long _stopped;

    private protected Replayer(RecordedRun run) => _run = run;

    /// <summary>The machine's host, for those who look at it between two calls.</summary>
    public abstract IHost Host { get; }

    /// <summary>Summarises the machine.</summary>
    private protected abstract Func<Fingerprint> Fingerprint { get; }

    /// <summary>Whether every delivery that was recorded has been made.</summary>
    private protected abstract bool IsAtEnd { get; }

    /// <param name="run">The run.</param>
    /// <param name="machine">Makes its machine.</param>
    /// <param name="threads">On how many threads; more than one where <see cref="HasBoundaries"/>.</param>
    /// <exception cref="JournalException">The run's rows are not what they should be, or newer than this program.</exception>
    public static Replayer Of(RecordedRun run, MachineFactory machine, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(machine);
        return HasBoundaries(run) ? new BoundaryReplayer(run, machine, threads) : new RowReplayer(run, machine);
    }

    /// <summary>Whether the boundaries of a run on several cores were recorded: then it can be replayed on several threads.</summary>
    public static bool HasBoundaries(RecordedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Events().FirstOrDefault(next => next is DeliveryBatch or BoundaryBatch) is BoundaryBatch;
    }

    /// <summary>Goes on, and says how the whole replay stands.</summary>
    /// <param name="deliveries">Up to and including this delivery of the run.</param>
    /// <param name="until">No delivery after this time.</param>
    /// <param name="stop">Stops within a second.</param>
    public virtual ReplayResult Run(long deliveries = long.MaxValue, Ticks? until = null, CancellationToken stop = default)
    {
        bool early = false;
        while (_divergence is null && !_atEnd && !early && !stop.IsCancellationRequested && Host.Statistics.Turns < deliveries)
        {
            early = Take(deliveries, until) == RunOutcome.TimeReached;
            if (_divergence is null && !_atEnd && IsAtEnd)
            {
                CompareEnd();
            }
        }

        return Result();
    }

    public abstract void Dispose();

    /// <summary>Takes some turns, and compares at the checkpoints that it meets.</summary>
    /// <param name="deliveries">Up to this one at most.</param>
    /// <param name="until">No later than this.</param>
    private protected abstract RunOutcome Go(long deliveries, Ticks? until);

    /// <summary>Looks at the machine as it was when these turns were under way and these actors on theirs.</summary>
    private protected abstract T While<T>(IReadOnlyList<long> underWay, IReadOnlyList<ActorId> onTheirWay, Func<T> look);

    /// <summary>How every actor stands.</summary>
    private protected abstract IReadOnlyList<ActorCheck> Checks();

    private RunOutcome Take(long deliveries, Ticks? until)
    {
        try
        {
            return Go(deliveries, until);
        }
        catch (MachineStoppedException stop)
        {
            if (IsRecorded(stop))
            {
                (_stop, _stopped) = (stop.Message, stop.Turn);
            }
            else
            {
                _divergence = new Divergence(stop.Turn, stop.Actor, stop.Message);
            }

            CompareEnd();
            return RunOutcome.Quiescent;
        }
    }

    /// <summary>The recorded run ended in the same way. Where its end is missing: a turn that threw is nowhere but in the last place.</summary>
    private bool IsRecorded(MachineStoppedException stop) =>
        _run.Ended is { } ended
            ? ended.Statistics.Turns == stop.Turn && string.Equals(ended.Stop, stop.Message, StringComparison.Ordinal)
            : _run.Deliveries() == stop.Turn;

    private void CompareEnd()
    {
        _atEnd = true;
        if (_divergence is not null || _run.Ended is not { } ended)
        {
            return;
        }

        if (_stop.Length == 0 && ended.Stop.Length > 0)
        {
            _divergence = new Divergence(Host.Statistics.Turns, ActorId.Outside, $"the recorded run was stopped here, and the replay was not: {ended.Stop}");
        }
        else if (While(ended.UnderWay, ended.OnTheirWay, Fingerprint) != ended.Fingerprint)
        {
            _divergence = new Divergence(Host.Statistics.Turns, ActorId.Outside, "every delivery was made, and the machine is not what it was at the end of the recorded run");
        }
    }

    /// <summary>The replay is not what was recorded, and does not go on.</summary>
    private protected void Diverge(Divergence first) => _divergence ??= first;

    /// <summary>Whether the machine is what it was.</summary>
    private protected bool Compare(Checkpoint checkpoint)
    {
        if (While(checkpoint.UnderWay, checkpoint.OnTheirWay, Fingerprint) == checkpoint.Fingerprint)
        {
            _checkpoints++;
            return true;
        }

        // Who is it? The checkpoint knows every actor.
        IReadOnlyList<ActorCheck> checks = While(checkpoint.UnderWay, checkpoint.OnTheirWay, Checks);
        foreach ((ActorCheck was, ActorCheck now) in checkpoint.Actors.Zip(checks))
        {
            if (was != now)
            {
                _divergence = new Divergence(
                    checkpoint.Delivery, was.Actor,
                    was.Turns == now.Turns ? "its state at the checkpoint is not what was recorded" : FormattableString.Invariant($"it had taken {was.Turns} turns at the checkpoint and has taken {now.Turns}"));
                return false;
            }
        }

        _divergence = new Divergence(checkpoint.Delivery, ActorId.Outside, "the machine at the checkpoint is not what was recorded, though its actors are: what they share differs");
        return false;
    }

    private ReplayResult Result()
    {
        bool whole = _atEnd && _run.Ended is not null;
        Fingerprint fingerprint = whole ? While(_run.Ended!.UnderWay, _run.Ended.OnTheirWay, Fingerprint) : Fingerprint();
        return new ReplayResult(Math.Max(_stopped, Host.Statistics.Turns), fingerprint, whole ? _run.Ended!.Fingerprint : null, _checkpoints, _divergence, _run.Ended is null, _stop);
    }
}
