using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using ActorVmm.Machine.Campaigns;

namespace ActorVmm.Akka.Campaigns;

/// <summary>The actor system of a node, not yet a member of anything.</summary>
internal sealed class NodeSystem : IDisposable
{
    /// <summary>What every node's actor system is called.</summary>
    private const string Name = "actorvmm";

    /// <summary>What the shards of leases are called.</summary>
    private const string Leases = "seeds";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <exception cref="Workloads.InputException">The overrides say something that makes no sense.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public NodeSystem(Overrides overrides, NodeOptions options)
    {
        Config above = ConfigurationFactory.ParseString($$"""
            akka.actor.provider = cluster
            akka.remote.dot-netty.tcp { hostname = "{{options.Host}}", port = {{options.Port.ToString(CultureInfo.InvariantCulture)}} }
            akka.cluster.roles = ["{{options.Role}}"]
            {{(options.Talks ? "akka.loglevel = INFO" : "")}}
            """);
        try
        {
            System = overrides.Start(Name, above, HostConfiguration.Reference.GetConfig(CampaignSettings.System));
        }
        catch (Exception error) when (error.GetBaseException() is System.Net.Sockets.SocketException refused)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{options.Host}:{options.Port} cannot be listened on: {refused.Message}"), error);
        }

        Settings = CampaignSettings.Of(System.Settings.Config);
        Cluster = global::Akka.Cluster.Cluster.Get(System);
        Options = options;
    }

    public ActorSystem System { get; }

    public CampaignSettings Settings { get; }

    public global::Akka.Cluster.Cluster Cluster { get; }

    public NodeOptions Options { get; }

    /// <summary>Where this node listens, host:port.</summary>
    public string Address => AddressOf(Cluster.SelfAddress);

    public static string AddressOf(Address address) => string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");

    /// <summary>The system of a node that listens somewhere.</summary>
    /// <param name="address">host:port.</param>
    public static Address SystemAt(string address)
    {
        int colon = address.LastIndexOf(':');
        return new Address("akka.tcp", Name, address[..colon], int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Makes this node one of those that leases can lie on.</summary>
    /// <param name="bench">Runs the seeds.</param>
    /// <returns>What takes <see cref="RunSeeds"/> for any lease.</returns>
    public IActorRef StartRegion(Bench bench) => ClusterSharding.Get(System).Start(
        Leases, Props.Create(typeof(LeaseActor), bench), ClusterShardingSettings.Create(System).WithRole(Options.Role), new LeaseExtractor(Settings.Shards));

    /// <summary>Leaves, and is gone soon whatever the others do.</summary>
    public void Dispose()
    {
        Cluster.LeaveAsync().Wait(_patience);
        System.Terminate().Wait(_patience);
        System.Dispose();
    }

    /// <summary>Which lease a word is for.</summary>
    private sealed class LeaseExtractor(int shards) : HashCodeMessageExtractor(shards)
    {
        public override string? EntityId(object message) => message is RunSeeds run ? run.Lease.ToString(CultureInfo.InvariantCulture) : null;
    }
}
