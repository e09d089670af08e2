using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Campaigns;
using Akka.Actor;

namespace ActorVmm.Akka.Campaigns;

/// <summary>A node that lends its cores to a campaign which another one coordinates.</summary>
public sealed class CampaignNode : IDisposable
{
    private static readonly TimeSpan _try = TimeSpan.FromSeconds(1);

    private readonly NodeSystem _node;
    private readonly Address _coordinator;
    private readonly TaskCompletionSource<NodeEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Bench? _bench;

    /// <param name="overrides">What is different from <see cref="HostConfiguration.Defaults"/>.</param>
    /// <param name="options">This node.</param>
    /// <param name="coordinator">Where the coordinator listens, host:port.</param>
    /// <exception cref="Workloads.InputException">The overrides say something that makes no sense.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public CampaignNode(Overrides overrides, NodeOptions options, string coordinator)
    {
        _node = new NodeSystem(overrides, options);
        _coordinator = NodeSystem.SystemAt(coordinator);
    }

    /// <summary>Where this node listens, host:port.</summary>
    public string Address => _node.Address;

    /// <summary>Asks to take part.</summary>
    /// <param name="stop">Gives up.</param>
    /// <returns>The campaign; null when nobody answers, or it was stopped.</returns>
    /// <exception cref="NodeRefusedException">The coordinator does not want this node.</exception>
    /// <exception cref="FormatException">What it says of its campaign makes no sense.</exception>
    public CampaignPlan? Knock(CancellationToken stop)
    {
        ActorSelection gate = _node.System.ActorSelection(new RootActorPath(_coordinator) / "user" / GateActor.Name);
        long began = TimeProvider.System.GetTimestamp();
        while (!stop.IsCancellationRequested && TimeProvider.System.GetElapsedTime(began) < _node.Settings.KnockTimeout)
        {
            switch (Answer(gate))
            {
                case Welcome welcome: return CampaignPlan.Decode(welcome.Plan);
                case Refused { Reason: Refused.Cause.Kernel } refused:
                    throw new NodeRefusedException(refused.Kernel, $"refused by {NodeSystem.AddressOf(_coordinator)}: the campaign's kernel is {refused.Kernel}, and this node's is {_node.Options.Kernel}; a seed would not come to the same on both");
                case Refused refused:
                    throw new NodeRefusedException(refused.Kernel, $"refused by {NodeSystem.AddressOf(_coordinator)}: it was told the addresses of its nodes, and {Address} is none of them");
            }
        }

        return null;
    }

    /// <summary>Takes part until the campaign is over, or until told to stop.</summary>
    /// <param name="runnerOf">Makes a worker's runner.</param>
    /// <param name="stop">Leaves: its seeds are run elsewhere.</param>
    public NodeEnd Run(Func<ISeedRunner> runnerOf, CancellationToken stop)
    {
        _bench = new Bench(runnerOf, _node.Options.Workers);
        _node.StartRegion(_bench);
        _node.System.ActorOf(Props.Create(typeof(NodeActor), _coordinator, _node.Options.Workers, _end), NodeActor.Name);
        _node.Cluster.Join(_coordinator);
        using CancellationTokenRegistration interruption = stop.Register(() => _end.TrySetResult(NodeEnd.Interrupted));
        return _end.Task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _bench?.Dispose();
        _node.Dispose();
    }

    private Word? Answer(ActorSelection gate)
    {
        try
        {
            return gate.Ask<Word>(new Knock(_node.Options.Kernel, Address), _try).GetAwaiter().GetResult();
        }
        catch (AskTimeoutException)
        {
            // Perhaps it is not there yet.
            return null;
        }
    }
}
