using ActorVmm.Journal.Snapshots;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// When a run that is recorded saves its state: seldom enough that neither its speed nor its journal show it. What is missing is
/// laid by whoever looks into the run later.
/// <para>
/// 1. Not in the first second. 2. Not within 200,000 deliveries of the one before. 3. Saving takes at most 3 % of the run's
/// time. 4. Snapshots are at most a quarter as large as the rows.
/// </para>
/// </summary>
public sealed class RunSnapshots(TimeProvider clock, string host)
{
    private const long LeastDeliveries = 200_000;
    private const double MostTime = 0.03;
    private const double MostBytes = 0.25;

    /// <summary>What compression leaves of a state, before one has been seen.</summary>
    private const int UsualCompression = 4;

    private static readonly TimeSpan _first = TimeSpan.FromSeconds(1);

    private readonly long _began = clock.GetTimestamp();
    private readonly MachineCheckpoint _checkpoint = new();
    private TimeSpan _spent;
    private TimeSpan _last;
    private long _turns;

    /// <summary>Whether it is time to <see cref="Take"/> one.</summary>
    /// <param name="turns">Turns taken.</param>
    /// <param name="rowBytes">Bytes of all rows written so far.</param>
    /// <param name="snapshotBytes">Bytes of all snapshots written so far.</param>
    public bool IsDue(long turns, long rowBytes, long snapshotBytes)
    {
        TimeSpan elapsed = clock.GetElapsedTime(_began);
        return elapsed >= _first
            && turns - _turns >= LeastDeliveries
            && _spent + _last <= elapsed * MostTime
            && snapshotBytes + (_checkpoint.Bytes / UsualCompression) <= rowBytes * MostBytes;
    }

    /// <summary>Saves the machine, between two runs of its host.</summary>
    public MachineStateTaken Take(SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        long start = clock.GetTimestamp();
        _checkpoint.Save(machine);
        MachineStateTaken state = EncodedCheckpoint.Encode(_checkpoint, host);
        _turns = _checkpoint.Turns;
        _last = clock.GetElapsedTime(start);
        _spent += _last;
        return state;
    }

    /// <summary>The same for the host of a run; null when nobody could go on from its states.</summary>
    /// <param name="host">Where the run is.</param>
    /// <param name="boundaries">Whether the boundaries between its cores are recorded.</param>
    /// <param name="clock">Measures what saving takes.</param>
    public static RunSnapshots? For(IHost host, bool boundaries, TimeProvider clock) =>
        host is DeterministicHost ? new RunSnapshots(clock, FollowedSource.HostKind)
        : host is IRestorableHost && boundaries ? new RunSnapshots(clock, ParallelSource.HostKind)
        : null;
}
