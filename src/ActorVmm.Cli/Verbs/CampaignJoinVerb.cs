using System.CommandLine;
using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm campaign join</c>: one more node for a campaign that another one coordinates.</summary>
internal sealed class CampaignJoinVerb : Verb
{
    private readonly Argument<string> _address;
    private readonly Flag<int> _workers;
    private readonly Flag<string> _listen;

    public CampaignJoinVerb()
        : base("join", "Lend this computer to a campaign on another node. Needs a build with Akka.NET, the same build as there, and the same input files.")
    {
        _address = Takes("address", "What the node that coordinates says on its first lines: host:port.");
        _workers = Has("--workers", "N", "Seeds at a time on this node; one for each core when left out.", Values.Number(1, 1_024));
        _listen = Has("--listen", "ADDRESS", "Where this node listens, host:port; 127.0.0.1 and a free port when left out.", Values.Text);
    }

    public override ExitCode Execute(Session session) =>
        AkkaCampaigns.Join(session, session.Arguments.GetRequiredValue(_address), session.Settings.Text(_listen), session.Settings.Value(_workers) ?? Environment.ProcessorCount);
}
