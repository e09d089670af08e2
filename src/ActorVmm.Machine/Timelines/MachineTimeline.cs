using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A timeline over a machine that can be taken back. Checkpoints lie along it, so that every point already passed is a restore and a
/// few thousand turns away; a few more lie close behind where one stands, so that stepping back is a restore and a few dozen.
/// </summary>
public abstract class MachineTimeline : ITimeline
{
    private readonly ITimelineSource _source;
    private readonly TurnCapture _capture = new();
    private readonly ActorNames _names = new();
    private readonly CheckpointShelf _shelf;
    private long? _length;

    private protected MachineTimeline(ITimelineSource source, long memory)
    {
        _source = source;
        _shelf = new CheckpointShelf(memory);
        _length = source.Length;
        Machine = source.Build([_capture], [_names, _capture]);
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
        if (_source.DeliveryAt(time) is { } known)
        {
            Seek(known, cancel);
            return;
        }

        MachineCheckpoint near = _shelf.Before(time);
        if (Machine.Host.Now > time || near.Turns > Position)
        {
            Restore(near);
        }

        while (!cancel.IsCancellationRequested && Position != _length && Take(NextStop() - Position, time))
        {
            Pass();
        }

        Seek(Position, cancel);
    }

    public bool SeekNext(TurnFilter filter, CancellationToken cancel = default)
    {
        long start = Position;
        _capture.Filter = filter;
        _capture.Matched = 0;
        try
        {
            while (_capture.Matched == 0 && Position != _length && !cancel.IsCancellationRequested)
            {
                Take(1, null);
                Pass();
            }
        }
        finally
        {
            _capture.Filter = null;
        }

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
            MachineCheckpoint from = Nearest(upper - 1);
            Restore(from);
            _capture.Filter = filter;
            _capture.Matched = 0;
            try
            {
                Take(upper - 1 - from.Turns, null);
            }
            finally
            {
                _capture.Filter = null;
            }

            found = _capture.Matched;
            upper = from.Turns + 1;
        }

        Seek(found > 0 ? found : start, CancellationToken.None);
        return found > 0;
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }
    }

    /// <summary>The last checkpoint before a turn, in memory or stored.</summary>
    private MachineCheckpoint Nearest(long turn)
    {
        MachineCheckpoint near = _shelf.Before(turn);
        if (_source.Stored(Machine, turn, near.Turns + (Spacing / 2)) is { } stored)
        {
            _shelf.Keep(stored);
            return stored;
        }

        return near;
    }

    /// <summary>Stands before a turn, as near as checkpoints or the present allow.</summary>
    private void Approach(long target)
    {
        if (target == 0)
        {
            Restore(_shelf.Before(1));
            return;
        }

        if (Position < target && target - Position <= Spacing / 2 && Stop is null)
        {
            return;
        }

        MachineCheckpoint near = Nearest(target);
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
            long stop = Math.Min(target - 1, NextStop());
            foreach (long behind in _shelf.Behind)
            {
                if (target - behind > Position)
                {
                    stop = Math.Min(stop, target - behind);
                }
            }

            _capture.Armed = stop <= Position;
            try
            {
                Take(Math.Max(stop - Position, 1), null);
            }
            finally
            {
                _capture.Armed = false;
            }

            Pass();
            if (_shelf.Behind.Contains(target - Position))
            {
                _shelf.KeepClose(Machine, target - Position);
            }
        }
    }

    /// <summary>Where the machine is saved next on its way.</summary>
    private long NextStop() => Math.Min(Position + _shelf.Spacing - (Position % _shelf.Spacing), _source.NextToStore(Position));

    /// <summary>Saves the machine where that is due.</summary>
    private void Pass()
    {
        if (Stop is null && _source.NextToStore(Position - 1) == Position)
        {
            _source.Store(_shelf.Keep(Machine));
        }
        else
        {
            _shelf.Pass(Machine);
        }
    }

    /// <summary>Takes turns; false when the run, or the time asked for, has ended.</summary>
    private bool Take(long turns, Ticks? until)
    {
        Ticks? limit = until is { } asked && (_source.Until is null || asked < _source.Until) ? asked : _source.Until;
        RunOutcome outcome = RunOutcome.TurnsReached;
        _capture.Kept = null;
        try
        {
            outcome = _source.Run(limit, Math.Min(turns, (_length ?? long.MaxValue) - Position));
        }
        catch (MachineStoppedException stop)
        {
            Stop = stop;
        }
        catch
        {
            // What diverged, or cannot be read, is no point of the run: one stands at its beginning until somebody goes elsewhere.
            Restore(_shelf.Before(1));
            throw;
        }

        Position = Machine.Host.Statistics.Turns;
        Turn = _capture.Kept;
        if (Stop is not null || outcome == RunOutcome.Quiescent || (outcome == RunOutcome.TimeReached && limit == _source.Until))
        {
            _length = Position;
        }

        return Stop is null && outcome == RunOutcome.TurnsReached;
    }

    private void Restore(MachineCheckpoint checkpoint)
    {
        checkpoint.Restore(Machine);
        _source.Restored(checkpoint.Turns);
        _names.Resume(Machine);
        Position = checkpoint.Turns;
        Turn = null;
        Stop = null;
    }
}
