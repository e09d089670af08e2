using ActorVmm.Journal.Events;

namespace ActorVmm.Journal.Recording;

/// <summary>What a recorder asks a host between its runs, whichever host it is.</summary>
internal sealed class HostView
{
    private readonly IHost _host;
    private readonly StateHasher _hasher = new();

    public HostView(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
    }

    /// <summary>Whether ids are given in the order of the turns that ask for them.</summary>
    public bool GivesIdsInOrder => _host is DeterministicHost;

    public Ticks Now => _host.Now;

    public HostStatistics Statistics => _host.Statistics;

    /// <summary>What ended the machine; null while it can go on.</summary>
    public MachineStoppedException? Stop => (_host as IStoppableHost)?.Stop;

    /// <summary>Turns whose births and stops have not taken place.</summary>
    public IReadOnlyList<long> TurnsUnderWay => (_host as SequentialHost)?.TurnsUnderWay ?? [];

    public bool Exists(ActorId actor) => _host switch
    {
        IChainedHost chained => chained.TryChain(actor, out _, out _),
        _ => true,
    };

    /// <summary>Every actor's turns and hash.</summary>
    public IReadOnlyList<ActorCheck> Checks()
    {
        var checks = new List<ActorCheck>();
        for (int id = 1; id < Ids; id++)
        {
            if (Check(new ActorId(id)) is { } check)
            {
                checks.Add(check);
            }
        }

        return checks;
    }

    private int Ids => (_host as IInspectedHost)?.ActorCount ?? 0;

    private ActorCheck? Check(ActorId actor)
    {
        switch (_host)
        {
            case SequentialHost sequential when sequential.Actors.Exists(actor.Value):
                return new ActorCheck(actor, sequential.Actors[actor].Turns, RunFingerprint.Of(sequential.Actors, actor, _hasher).Low);
            case IChainedHost chained when chained.TryChain(actor, out _, out long turns):
                return new ActorCheck(actor, turns, chained.FingerprintOf(actor, _hasher).Low);
            default:
                return null;
        }
    }
}
