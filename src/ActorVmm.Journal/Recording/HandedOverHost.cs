namespace ActorVmm.Journal.Recording;

/// <summary>
/// A host that replays what was recorded, and then goes on live with the same actors. To the machine on it that is one host.
/// </summary>
/// <param name="replay">Where the machine is until the tail.</param>
/// <param name="live">Where it is from then on.</param>
/// <param name="tail">The last recorded delivery.</param>
/// <param name="replaying">Takes so many recorded turns at most; throws a <see cref="RunDivergedException"/> where they are not the recorded ones.</param>
/// <param name="handOver">Takes the machine from one to the other.</param>
internal sealed class HandedOverHost(IHost replay, IHost live, long tail, Action<long> replaying, Action handOver) : IHost, IDisposable
{
    private bool _isLive;

    public Ticks Now => Here.Now;

    public HostStatistics Statistics => Here.Statistics;

    /// <summary>What stopped the machine while it was replayed.</summary>
    public MachineStoppedException? Stop { get; private set; }

    private IHost Here => _isLive ? live : replay;

    public ActorId Create(IActor actor, Role role) => Here.Create(actor, role);

    public void Inject(ActorId to, in Message message) => Here.Inject(to, in message);

    public RunOutcome Run(Ticks? until = null, long? maxTurns = null)
    {
        if (_isLive)
        {
            return live.Run(until, maxTurns);
        }

        try
        {
            // The recorded turns lay before any time at which the run was to stop; and behind the record there is more to come.
            replaying(Math.Min(maxTurns ?? long.MaxValue, tail - replay.Statistics.Turns));
            return RunOutcome.TurnsReached;
        }
        catch (MachineStoppedException stop)
        {
            Stop = stop;
            throw;
        }
    }

    public Fingerprint Fingerprint(IEncodable? shared = null) => Here.Fingerprint(shared);

    public void Dispose() => (live as IDisposable)?.Dispose();

    /// <summary>From now on the machine is the live host's.</summary>
    public void HandOver()
    {
        handOver();
        _isLive = true;
    }
}
