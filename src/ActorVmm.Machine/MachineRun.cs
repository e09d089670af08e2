using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine;

/// <summary>How a run stands between two slices of turns.</summary>
public enum RunState
{
    /// <summary>There is more to do.</summary>
    Going,

    /// <summary>Nothing is left to deliver.</summary>
    Quiescent,

    /// <summary>What comes next lies after the time asked for.</summary>
    TimeReached,

    /// <summary>Turns are taken, but no thread has got any further for longer than a thread can sleep.</summary>
    Stuck,

    /// <summary>A turn stopped the machine.</summary>
    BugCheck,
}

/// <summary>
/// Runs a machine in slices, short enough that somebody who watches can look, or stop it, about twenty times a second.
/// </summary>
public sealed class MachineRun
{
    private const long ShortestSlice = 64;
    private const long LongestSlice = 1L << 17;

    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(50);

    /// <summary>Longer than the longest pause of a program (Operation.MaxArgument is 9.8 hours).</summary>
    private static readonly Ticks _longestSleep = Ticks.FromSeconds(12 * 3600);

    private readonly SimulatedMachine _machine;
    private readonly TimeProvider _clock;
    private readonly Ticks? _until;
    private long _sliceTurns = 1_024;
    private Ticks _progressAt;
    private long _progress = -1;

    public MachineRun(SimulatedMachine machine, Ticks? until, TimeProvider clock)
    {
        _machine = machine;
        _until = until;
        _clock = clock;
    }

    /// <summary>What stopped the machine, when a turn did.</summary>
    public MachineStoppedException? Stop { get; private set; }

    /// <summary>A slice ends after this turn of the run, whatever else it would have held; behind it, no longer.</summary>
    public long PauseAt { get; set; } = long.MaxValue;

    /// <summary>Takes about 50 ms of turns.</summary>
    public RunState Slice()
    {
        long ahead = PauseAt - _machine.Host.Statistics.Turns;
        bool cut = ahead > 0 && ahead < _sliceTurns;
        long began = _clock.GetTimestamp();
        RunOutcome outcome;
        try
        {
            outcome = _machine.Host.Run(_until, cut ? ahead : _sliceTurns);
        }
        catch (MachineStoppedException stop) when (stop.InnerException is BugCheckException)
        {
            Stop = stop;
            return RunState.BugCheck;
        }

        TimeSpan took = _clock.GetElapsedTime(began);
        _sliceTurns = cut ? _sliceTurns : Math.Clamp(took > _slice ? _sliceTurns / 2 : took < _slice / 2 ? _sliceTurns * 2 : _sliceTurns, ShortestSlice, LongestSlice);
        return outcome switch
        {
            RunOutcome.Quiescent => RunState.Quiescent,
            RunOutcome.TimeReached => RunState.TimeReached,
            RunOutcome.TurnsReached => IsStuck() ? RunState.Stuck : RunState.Going,
        };
    }

    /// <summary>
    /// Whether only the machine's own clocks still tick: threads that wait for something that never comes, while the
    /// working-set manager looks around once a second for ever.
    /// </summary>
    private bool IsStuck()
    {
        Ticks now = _machine.Host.Now;
        if (_progress >= 0 && now - _progressAt < _longestSleep)
        {
            return false;
        }

        long progress = _machine.Processes.Sum(process => process.Accesses) + _machine.Processes.Count;
        bool stuck = progress == _progress;
        _progress = progress;
        _progressAt = now;
        return stuck;
    }
}
