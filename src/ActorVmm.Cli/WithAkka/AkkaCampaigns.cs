using System.Globalization;
using System.Net;
using ActorVmm.Akka;
using ActorVmm.Akka.Campaigns;
using ActorVmm.Cli.Campaigns;
using ActorVmm.Cli.Output;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Campaigns;
using Serilog;

namespace ActorVmm.Cli;

/// <summary>A campaign on many nodes; <c>WithoutAkka/AkkaCampaigns.cs</c> is there in its stead where the build has no Akka.</summary>
internal sealed class AkkaCampaigns : IDisposable
{
    private const string Loopback = "127.0.0.1";

    private readonly int _wanted;
    private readonly HashSet<string>? _named;
    private readonly (string Host, int Port) _listen;
    private CampaignCoordinator? _coordinator;

    /// <param name="nodes">How many nodes take part, or their addresses, this one's first.</param>
    /// <param name="listen">Where this one listens; null for where nobody else can reach it.</param>
    /// <exception cref="Refusal">These are no addresses.</exception>
    public AkkaCampaigns(string nodes, string? listen)
    {
        if (int.TryParse(nodes, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
        {
            _wanted = count;
            _listen = Listening(listen);
            return;
        }

        if (listen is not null)
        {
            throw Refusal.WrongUsage("--listen goes with --nodes N; of addresses, the first is where this node listens");
        }

        string[] addresses = nodes.Split(',');
        (string Host, int Port)[] read = [.. addresses.Select(address => AddressOf(address, "--nodes"))];
        _wanted = read.Length;
        _named = addresses.ToHashSet(StringComparer.Ordinal);
        _listen = read[0];
    }

    /// <summary>Takes part in a campaign on another node.</summary>
    /// <param name="session">Where it is said.</param>
    /// <param name="address">The coordinator's.</param>
    /// <param name="listen">Where this one listens; null for where nobody else can reach it.</param>
    /// <param name="workers">Seeds at a time.</param>
    /// <exception cref="Refusal">It is refused there, or nobody answers.</exception>
    public static ExitCode Join(Session session, string address, string? listen, int workers)
    {
        AddressOf(address, "join");
        (string host, int port) = Listening(listen);
        Log.Logger = session.Log;
        using var node = new CampaignNode(Overrides.Find(AkkaRuns.Files), new NodeOptions(host, port, workers, CampaignFlags.Kernel) { Talks = session.Verbose }, address);
        Warn(session, host);
        CampaignPlan plan;
        try
        {
            plan = node.Knock(session.Interruption.Token) is { } welcome ? welcome
                : session.Interruption.Token.IsCancellationRequested ? throw new Refusal(ExitCode.Interrupted, "stopped before anybody answered")
                : throw new Refusal(ExitCode.NothingToDo, $"nobody at {address} coordinates a campaign");
        }
        catch (NodeRefusedException refused)
        {
            throw new Refusal(ExitCode.MadeByNewerVersion, refused.Message, refused);
        }

        var runners = new SeedRunners(plan, session.Clock);
        runners.CheckInput();
        Say(session, "joined", address, plan);
        NodeEnd end = node.Run(runners.Create, session.Interruption.Token);
        Say(session, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(end.ToString()), address, plan);
        return end is NodeEnd.Lost ? throw new Refusal(ExitCode.Storage, $"the coordinator at {address} is gone; what it has counted is in its journal") : ExitCode.Fine;
    }

    /// <summary>Coordinates a campaign, and takes part. Its nodes are told when it is over; they are left when this is disposed of.</summary>
    public void Run(Session session, CampaignBook book, SeedRunners runners, int workers, CampaignReport report)
    {
        Log.Logger = session.Log;
        CampaignCoordinator coordinator = _coordinator = new CampaignCoordinator(
            Overrides.Find(AkkaRuns.Files), new NodeOptions(_listen.Host, _listen.Port, workers, CampaignFlags.Kernel) { Talks = session.Verbose }, book, runners.Create, _wanted, _named);
        Warn(session, _listen.Host);
        report.Listening(coordinator.Address, _wanted);
        coordinator.Run(session.Interruption.Token, () =>
        {
            report.SayNodes(coordinator.Nodes);
            report.Tick();
        });
    }

    public void Dispose() => _coordinator?.Dispose();

    private static void Say(Session session, string state, string address, CampaignPlan plan)
    {
        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of(state is "joined" ? "progress" : "summary", json =>
            {
                json.WriteString("campaign", plan.Id);
                json.WriteString("coordinator", address);
                json.WriteString(state is "joined" ? "state" : "end", state);
            }));
        }
        else
        {
            session.Screen.Out.WriteLine($"{state}: campaign {plan.Id[..8]} of {plan.Subject}, coordinated at {address}");
        }

        session.Screen.Flush();
    }

    /// <summary>Nothing between nodes is encrypted, and nobody is asked for a password.</summary>
    private static void Warn(Session session, string host)
    {
        if (!(IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)) && host is not "localhost")
        {
            session.Screen.Talk.Line($"warning: listening on {host}: whoever reaches that port can take part, unencrypted and without a password; let only a network that you trust reach it");
        }
    }

    private static (string Host, int Port) Listening(string? listen) => listen is null ? (Loopback, 0) : AddressOf(listen, "--listen");

    private static (string Host, int Port) AddressOf(string text, string flag)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= ushort.MaxValue
            && Uri.CheckHostName(text[..colon]) is not UriHostNameType.Unknown
            ? (text[..colon], port)
            : throw Refusal.WrongUsage($"{flag}: expected an address, host:port, not \"{text}\"");
    }
}
