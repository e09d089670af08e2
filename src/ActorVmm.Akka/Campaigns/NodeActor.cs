using Akka.Actor;
using Akka.Cluster;

namespace ActorVmm.Akka.Campaigns;

/// <summary>A node as the coordinator knows it: says when it is a member, and hears when the campaign is over.</summary>
internal sealed class NodeActor : ReceiveActor, IWithTimers
{
    /// <summary>Its path is <c>/user/</c> and this.</summary>
    public const string Name = "node";

    /// <summary>A word between nodes can be lost, so this one is said again and again: the coordinator hears nothing new in it.</summary>
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(2);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ActorSelection _coordinator;
    private readonly Address _at;
    private readonly TaskCompletionSource<NodeEnd> _end;
    private readonly int _workers;

    /// <param name="coordinator">The coordinator's system.</param>
    /// <param name="workers">Seeds at a time here.</param>
    /// <param name="end">Gets how it ended.</param>
    public NodeActor(Address coordinator, int workers, TaskCompletionSource<NodeEnd> end)
    {
        (_at, _workers, _end) = (coordinator, workers, end);
        _coordinator = Context.ActorSelection(new RootActorPath(coordinator) / "user" / CoordinatorActor.Name);
        Receive<ClusterEvent.MemberUp>(up => Report(up.Member));
        Receive<ClusterEvent.MemberRemoved>(removed => Part(removed.Member));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<NodeReady>(ready => _coordinator.Tell(ready));
        Receive<CampaignOver>(over => _end.TrySetResult(over.Finished ? NodeEnd.Finished : NodeEnd.Stopped));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _end.TrySetResult(NodeEnd.Lost);
    }

    private void Report(Member member)
    {
        if (member.Address == _cluster.SelfAddress)
        {
            _coordinator.Tell(new NodeReady(_workers));
            Timers.StartPeriodicTimer(Name, new NodeReady(_workers), _again);
        }
    }

    /// <summary>Without its coordinator, or put out by it, a node has nothing to do any more.</summary>
    private void Part(Member member)
    {
        if (member.Address == _at || member.Address == _cluster.SelfAddress)
        {
            _end.TrySetResult(NodeEnd.Lost);
        }
    }
}

/// <summary>How a node's part in a campaign ended.</summary>
public enum NodeEnd
{
    /// <summary>All seeds have been run.</summary>
    Finished,

    /// <summary>Somebody stopped the campaign at its coordinator.</summary>
    Stopped,

    /// <summary>Somebody stopped this node.</summary>
    Interrupted,

    /// <summary>The coordinator is gone, or cannot be reached any more.</summary>
    Lost,
}
