using ActorVmm.Machine.Campaigns;
using Akka.Actor;

namespace ActorVmm.Akka.Campaigns;

/// <summary>The node that has a campaign's ledger. It runs seeds too.</summary>
public sealed class CampaignCoordinator : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _farewell = TimeSpan.FromMilliseconds(500);

    private readonly NodeSystem _node;
    private readonly Bench _bench;
    private readonly CampaignBook _book;
    private readonly CoordinatorState _state = new();
    private readonly IActorRef _coordinator;

    /// <param name="overrides">What is different from <see cref="HostConfiguration.Defaults"/>.</param>
    /// <param name="options">This node.</param>
    /// <param name="book">The campaign.</param>
    /// <param name="runnerOf">Makes a worker's runner.</param>
    /// <param name="wanted">Nodes to wait for, this one included.</param>
    /// <param name="named">The addresses that may take part; null when any may.</param>
    /// <exception cref="Workloads.InputException">The overrides say something that makes no sense.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public CampaignCoordinator(Overrides overrides, NodeOptions options, CampaignBook book, Func<ISeedRunner> runnerOf, int wanted, IReadOnlySet<string>? named = null)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(book);
        _book = book;
        _node = new NodeSystem(overrides, options);
        _bench = new Bench(runnerOf, options.Workers);
        _node.System.ActorOf(Props.Create(typeof(GateActor), book.Plan.Encode(), options.Kernel, named), GateActor.Name);
        IActorRef region = _node.StartRegion(_bench);
        _coordinator = _node.System.ActorOf(
            Props.Create(typeof(CoordinatorActor), book, region, _node.Settings, options.Role, wanted, _state).Here("actorvmm.dispatchers.campaign"), CoordinatorActor.Name);
        _node.System.ActorOf(Props.Create(typeof(NodeActor), _node.Cluster.SelfAddress, options.Workers, new TaskCompletionSource<NodeEnd>()), NodeActor.Name);
        _node.Cluster.Join(_node.Cluster.SelfAddress);
    }

    /// <summary>Where others join, host:port.</summary>
    public string Address => _node.Address;

    /// <summary>Nodes that take part.</summary>
    public int Nodes => _state.Nodes;

    /// <summary>Whether as many nodes have been there as were asked for.</summary>
    public bool Begun => _state.Begun;

    /// <summary>Runs until no seed is left, or until told to stop. All that has been counted is written down when it returns.</summary>
    /// <param name="stop">Stops it: seeds that are out are given back.</param>
    /// <param name="tick">Called ten times a second, on the calling thread, but while a finding is recorded.</param>
    /// <exception cref="Journal.JournalException">The ledger cannot be written.</exception>
    public void Run(CancellationToken stop, Action tick)
    {
        ArgumentNullException.ThrowIfNull(tick);
        while (!stop.IsCancellationRequested && !_state.Wait(_tick))
        {
            tick();
            _book.RecordFindings(patient: true, stop);
        }

        _state.ThrowIfFailed();
        _book.Flush();
        _book.RecordFindings(patient: false, stop);
        tick();
        // Not with the token: those who are told to stop are told that it is over, too.
        _coordinator.Ask<CampaignOver>(new CoordinatorActor.Stop(!stop.IsCancellationRequested), _farewell, CancellationToken.None).Wait(_farewell, CancellationToken.None);
    }

    public void Dispose()
    {
        _bench.Dispose();
        _node.Dispose();
        _state.Dispose();
    }
}
