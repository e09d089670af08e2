using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A run that is not recorded but run again: a deterministic host gives the same run whenever it is asked. Checkpoints lie along it,
/// so that every point already passed is a restore and a few thousand turns away; a few more lie close behind where one stands, so
/// that stepping back is a restore and a few dozen. Works over any host that can be taken back.
/// </summary>
public sealed class RerunTimeline : ITimeline
{
    /// <summary>How far behind where one stands the close checkpoints are laid.</summary>
    private static readonly long[] _behind = [768, 48];

    private readonly Scenario _scenario;
    private readonly Ticks? _until;
    private readonly TurnCapture _capture = new();
    private readonly ActorNames _names = new();
    private readonly CheckpointShelf _shelf;
    private long? _length;

    /// <param name="scenario">What to run; disposed with the timeline.</param>
    /// <param name="until">The run ends at this virtual time.</param>
    /// <param name="memory">Bytes that checkpoints may take, roughly; they lie further apart when there is less.</param>
    /// <param name="hostOf">Where the actors run; the deterministic host when left out.</param>
    public RerunTimeline(Scenario scenario, Ticks? until = null, long memory = CheckpointShelf.UsualMemory, Func<HostOptions, IRestorableHost>? hostOf = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        _scenario = scenario;
        _until = until;
        _shelf = new CheckpointShelf(memory);
        Machine = MachineBuilder.Build(scenario, [_capture], options =>
        {
            HostOptions listened = options with { TurnListeners = [_names, _capture] };
            return hostOf?.Invoke(listened) ?? new DeterministicHost(listened);
        });
        _names.Attach(Machine);
        _shelf.Keep(Machine);
    }

    public SimulatedMachine Machine { get; }

    public IActorNames Names => _names;

    public long Position { get; private set; }

    public long? Length => _length;

    public TimelineTurn? Turn { get; private set; }

    public MachineStoppedException? Stop { get; private set; }

    /// <summary>Bytes that checkpoints take now.</summary>
    public long CheckpointBytes => _shelf.Bytes;

    /// <summary>Turns between two checkpoints along the run.</summary>
    public long Spacing => _shelf.Spacing;

    public void Seek(long delivery, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delivery);
        long target = Math.Min(delivery, _length ?? long.MaxValue);
        if (target == Position && (Turn is not null || target == 0 || Stop is not null))
        {
            return;
        }

        Approach(target);
        Advance(target, cancel);
        if (_length is { } length && length < target)
        {
            // It ended on the way: the last turn was not known to be the last.
            Seek(length, cancel);
        }
    }

    public void SeekTime(Ticks time, CancellationToken cancel = default)
    {
        MachineCheckpoint near = _shelf.Before(time);
        if (Machine.Host.Now > time || near.Turns > Position)
        {
            Restore(near);
        }

        while (!cancel.IsCancellationRequested && Position != _length && Take(_shelf.Spacing - (Position % _shelf.Spacing), time))
        {
            _shelf.Pass(Machine);
        }

        Seek(Position, cancel);
    }

    public bool SeekNext(TurnFilter filter, CancellationToken cancel = default)
    {
        long start = Position;
        _capture.Filter = filter;
        _capture.Matched = 0;
        while (_capture.Matched == 0 && Position != _length && !cancel.IsCancellationRequested)
        {
            Take(1, null);
            _shelf.Pass(Machine);
        }

        _capture.Filter = null;
        bool found = _capture.Matched > 0;
        Seek(found ? _capture.Matched : start, CancellationToken.None);
        return found;
    }

    public bool SeekPrevious(TurnFilter filter, CancellationToken cancel = default)
    {
        long start = Position;
        long found = 0;
        for (long upper = start; upper > 1 && found == 0 && !cancel.IsCancellationRequested;)
        {
            MachineCheckpoint from = _shelf.Before(upper - 1);
            Restore(from);
            _capture.Filter = filter;
            _capture.Matched = 0;
            Take(upper - 1 - from.Turns, null);
            _capture.Filter = null;
            found = _capture.Matched;
            upper = from.Turns + 1;
        }

        Seek(found > 0 ? found : start, CancellationToken.None);
        return found > 0;
    }

    public void Dispose() => _scenario.Dispose();

    /// <summary>Stands before a turn, as near as checkpoints or the present allow.</summary>
    private void Approach(long target)
    {
        if (target == 0)
        {
            Restore(_shelf.Before(1));
            return;
        }

        MachineCheckpoint near = _shelf.Before(target);
        if (Position >= target || near.Turns > Position)
        {
            Restore(near);
        }
    }

    /// <summary>Takes turns up to one, the last of them alone so that it is kept, and lays checkpoints on the way.</summary>
    private void Advance(long target, CancellationToken cancel)
    {
        while (Position < target && Position != _length && !cancel.IsCancellationRequested)
        {
            long stop = Math.Min(target - 1, Position + _shelf.Spacing - (Position % _shelf.Spacing));
            foreach (long behind in _behind)
            {
                if (target - behind > Position)
                {
                    stop = Math.Min(stop, target - behind);
                }
            }

            _capture.Armed = stop <= Position;
            Take(Math.Max(stop - Position, 1), null);
            _capture.Armed = false;
            _shelf.Pass(Machine);
            if (Array.IndexOf(_behind, target - Position) >= 0)
            {
                _shelf.KeepClose(Machine);
            }
        }
    }

    /// <summary>Takes turns; false when the run, or the time asked for, has ended.</summary>
    private bool Take(long turns, Ticks? until)
    {
        Ticks? limit = until is { } asked && (_until is null || asked < _until) ? asked : _until;
        RunOutcome outcome = RunOutcome.TurnsReached;
        _capture.Kept = null;
        try
        {
            outcome = Machine.Host.Run(limit, turns);
        }
        catch (MachineStoppedException stop)
        {
            Stop = stop;
        }

        Position = Machine.Host.Statistics.Turns;
        Turn = _capture.Kept;
        if (Stop is not null || outcome == RunOutcome.Quiescent || (outcome == RunOutcome.TimeReached && limit == _until))
        {
            _length = Position;
        }

        return Stop is null && outcome == RunOutcome.TurnsReached;
    }

    private void Restore(MachineCheckpoint checkpoint)
    {
        checkpoint.Restore(Machine);
        Position = checkpoint.Turns;
        Turn = null;
        Stop = null;
    }
}
