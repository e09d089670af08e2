using ActorVmm.Journal.Replaying;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// A host that replays what was recorded, and then goes on live with the same actors. To the machine on it that is one host.
/// </summary>
internal sealed class HandedOverHost(ReplayHost replay, ParallelHost live, string stream, long tail) : IHost
{
    private IHost _now = replay;

    public Ticks Now => _now.Now;

    public HostStatistics Statistics => _now.Statistics;

    /// <summary>What stopped the machine while it was replayed.</summary>
    public MachineStoppedException? Stop { get; private set; }

    public ActorId Create(IActor actor, Role role) => _now.Create(actor, role);

    public void Inject(ActorId to, in Message message) => _now.Inject(to, in message);

    public RunOutcome Run(Ticks? until = null, long? maxTurns = null)
    {
        if (_now == live)
        {
            return live.Run(until, maxTurns);
        }

        try
        {
            // The recorded turns lay before any time at which the run was to stop; and behind the record there is more to come.
            replay.Run(until: null, Math.Min(maxTurns ?? long.MaxValue, tail - replay.Statistics.Turns));
            return RunOutcome.TurnsReached;
        }
        catch (MachineStoppedException stop)
        {
            Stop = stop;
            throw;
        }
        catch (ReplayDivergedException difference)
        {
            throw new RunDivergedException(stream, new Divergence(replay.Statistics.Turns + 1, difference.Actor, difference.Message));
        }
        catch (Exception cause) when (BoundaryReplayer.IsMisfit(cause))
        {
            throw new RunDivergedException(stream, new Divergence(replay.Statistics.Turns + 1, ActorId.Outside, cause.Message));
        }
    }

    public Fingerprint Fingerprint(IEncodable? shared = null) => _now.Fingerprint(shared);

    /// <summary>From now on the machine is the live host's.</summary>
    public void HandOver()
    {
        var machine = new MachineSnapshot();
        replay.Save(machine);
        live.Restore(machine);
        _now = live;
    }
}
