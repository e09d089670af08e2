using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Campaigns;
using ActorVmm.Workloads;
using Akka.Actor;
using Akka.Cluster;

namespace ActorVmm.Akka.Campaigns;

/// <summary>
/// Gives out seeds and counts what they come to, on the node that has the ledger.
/// <para>
/// 1. It waits until as many nodes are there as were asked for. 2. It keeps a few leases out for each worker. 3. What comes first for
/// a lease is counted, and written down; anything later is somebody who did not know. 4. When a member is removed its leases are
/// said again, and sharding finds them another node. A lease of which nothing was heard for a while is said again too: words can
/// be lost. 5. It ends when no seed is left and no lease is out.
/// </para>
/// </summary>
internal sealed class CoordinatorActor : ReceiveActor, IWithTimers
{
    /// <summary>Its path is <c>/user/</c> and this.</summary>
    public const string Name = "coordinator";

    private readonly CampaignBook _book;
    private readonly IActorRef _region;
    private readonly CampaignSettings _settings;
    private readonly CoordinatorState _state;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<long, Lease> _out = [];
    private readonly Dictionary<Address, (int Workers, IActorRef Node)> _nodes = [];
    private readonly string _role;
    private readonly int _wanted;
    private long _latest;
    private bool _begun;
    private bool _nothingLeft;

    /// <param name="book">Where seeds come from and results go.</param>
    /// <param name="region">Takes words for any lease.</param>
    /// <param name="settings">How seeds are leased.</param>
    /// <param name="role">What members of this build have.</param>
    /// <param name="wanted">Nodes to wait for, from 1.</param>
    /// <param name="state">What the waiting thread sees.</param>
    public CoordinatorActor(CampaignBook book, IActorRef region, CampaignSettings settings, string role, int wanted, CoordinatorState state)
    {
        (_book, _region, _settings, _role, _wanted, _state) = (book, region, settings, role, wanted, state);
        Receive<NodeReady>(Add);
        Receive<SeedsTaken>(Take);
        Receive<SeedsRun>(Count);
        Receive<SeedsFailed>(failed => _state.Fail(failed.IsInput ? new InputException(new Place(NodeSystem.AddressOf(AddressOf(Sender))), failed.Words) : new SeedFailedException(failed.Seed, new InvalidOperationException(failed.Words))));
        Receive<AskAgain>(_ => RepeatSilent());
        Receive<Stop>(stop => TellOver(stop.Finished));
        Receive<ClusterEvent.MemberUp>(up => RefuseStranger(up.Member));
        Receive<ClusterEvent.MemberRemoved>(removed => Lose(removed.Member.Address));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(AskAgain.Instance, AskAgain.Instance, _settings.AskAgain);
    }

    /// <summary>What it knew is gone, and the ledger is where to go on from.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _state.Fail(reason);
        base.PreRestart(reason, message);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Add(NodeReady node)
    {
        if (_nodes.ContainsKey(AddressOf(Sender)))
        {
            return;
        }

        _nodes[AddressOf(Sender)] = (node.Workers, Sender);
        _begun |= _nodes.Count >= _wanted;
        _state.SetNodes(_nodes.Count, _begun);
        GiveOut();
    }

    /// <summary>A lease has arrived somewhere.</summary>
    private void Take(SeedsTaken taken)
    {
        if (_out.TryGetValue(taken.Lease, out Lease? lease))
        {
            lease.Node = AddressOf(Sender);
            lease.IsSilent = false;
        }
    }

    private void Count(SeedsRun run)
    {
        Sender.Tell(new SeedsCounted(run.Lease));
        if (!_out.Remove(run.Lease, out Lease? lease))
        {
            return;
        }

        if (run.Results.Count != lease.Seeds.Count || run.Results.Any(result => !lease.Seeds.Contains(result.Seed)))
        {
            _state.Fail(new InvalidOperationException(FormattableString.Invariant($"lease {run.Lease} came back with other seeds than it went out with")));
            return;
        }

        Try(() =>
        {
            foreach (SeedResult result in run.Results)
            {
                _book.Settle(result);
            }
        });
        GiveOut();
    }

    private void GiveOut()
    {
        Try(() =>
        {
            while (_begun && !_nothingLeft && _out.Count < _settings.LeasesPerWorker * _nodes.Values.Sum(node => node.Workers))
            {
                List<ulong> seeds = [];
                while (seeds.Count < _settings.SeedsPerLease && _book.TryTake(out ulong seed))
                {
                    seeds.Add(seed);
                }

                _nothingLeft = seeds.Count < _settings.SeedsPerLease;
                if (seeds.Count > 0)
                {
                    _out.Add(++_latest, new Lease(seeds));
                    _region.Tell(new RunSeeds(_latest, seeds));
                }
            }

            if (_begun && _nothingLeft && _out.Count == 0)
            {
                _book.Flush();
                _state.Finish();
            }
        });
    }

    private void Lose(Address address)
    {
        _nodes.Remove(address);
        _state.SetNodes(_nodes.Count, _begun);
        foreach ((long number, Lease lease) in _out.Where(entry => entry.Value.Node == address).ToList())
        {
            lease.Node = null;
            _region.Tell(new RunSeeds(number, lease.Seeds));
        }
    }

    /// <summary>Asks about leases of which nothing was heard since the last time. Where one is being run, that is the answer.</summary>
    private void RepeatSilent()
    {
        foreach ((long number, Lease lease) in _out)
        {
            if (lease.IsSilent)
            {
                _region.Tell(new RunSeeds(number, lease.Seeds));
            }

            lease.IsSilent = true;
        }
    }

    /// <summary>Whoever went past the gate gets no lease, and is no member for long.</summary>
    private void RefuseStranger(Member member)
    {
        if (!member.HasRole(_role))
        {
            _cluster.Down(member.Address);
        }
    }

    private void TellOver(bool finished)
    {
        foreach ((_, IActorRef node) in _nodes.Values)
        {
            node.Tell(new CampaignOver(finished));
        }

        Sender.Tell(new CampaignOver(finished));
    }

    private Address AddressOf(IActorRef actor) => actor.Path.Address.HasGlobalScope ? actor.Path.Address : _cluster.SelfAddress;

    private void Try(Action change)
    {
        try
        {
            change();
        }
        catch (Exception error)
        {
            _nothingLeft = true;
            _state.Fail(error);
        }
    }

    /// <summary>Seeds that are out.</summary>
    private sealed class Lease(IReadOnlyList<ulong> seeds)
    {
        public IReadOnlyList<ulong> Seeds { get; } = seeds;

        /// <summary>Where they are run; null while nobody has said.</summary>
        public Address? Node { get; set; }

        /// <summary>Whether nothing was heard of them since they were last asked about.</summary>
        public bool IsSilent { get; set; }
    }

    /// <summary>Some time has passed.</summary>
    private sealed class AskAgain : INoSerializationVerificationNeeded
    {
        public static readonly AskAgain Instance = new();
    }

    /// <summary>From this node: tell the others that it is over.</summary>
    internal sealed record Stop(bool Finished) : INoSerializationVerificationNeeded;
}
