using System.CommandLine;
using ActorVmm.Cli.Campaigns;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine.Campaigns;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm campaign</c>: many seeds of a scenario or a race, on all cores, on one node or many.</summary>
internal sealed class CampaignVerb : Verb
{
    private const int MostWorkers = 1_024;

    private readonly Argument<string?> _subject;
    private readonly CampaignFlags _flags;
    private readonly Flag<int> _workers;
    private readonly Flag<string> _journal;
    private readonly Flag<string> _nodes;
    private readonly Flag<string> _listen;

    public CampaignVerb()
        : base("campaign", "Run or explore with many seeds, on all cores; what they find is told once, grouped. The same command goes on where it was stopped.")
    {
        _subject = MayTake("scenario", "A scenario file or the name of one, a trace, or race:NAME.");
        _flags = new CampaignFlags(this);
        _workers = Has("--workers", "N", "Seeds at a time on this node; one for each core when left out.", Values.Number(1, MostWorkers));
        _journal = Has("--journal", "PATH|postgres://…|none", "Where results are kept, and findings recorded as runs.", Values.Text);
        _nodes = Has("--nodes", "N|ADDRESS,…", "Nodes that take part, this one included: how many, or their addresses, this one's first. Needs a build with Akka.NET.", Values.Text);
        _listen = Has("--listen", "ADDRESS", "With --nodes: where this node listens, host:port; 127.0.0.1 and a free port when left out.", Values.Text);
        Add(new CampaignJoinVerb());

        // A command with subcommands and no action would insist on one of them; what is done stands in Execute.
        SetAction(static _ => 0);
    }

    public override ExitCode Execute(Session session)
    {
        string argument = session.Arguments.GetValue(_subject) ?? throw Refusal.WrongUsage("campaign needs a scenario or race:NAME; more with: actorvmm campaign --help");
        using AkkaCampaigns? nodes = NodesOf(session);
        CampaignPlan plan = _flags.PlanOf(session, argument);
        var runners = new SeedRunners(plan, session.Clock);
        string? place = PlaceOf(session);
        using IJournalStore? store = place is null ? null : JournalStores.OpenOrCreate(JournalPlace.WithFolder(place));
        using ICampaignLedger ledger = store?.OpenCampaign(plan, session.Clock) ?? new MemoryLedger(plan);
        FindingRuns? findings = place is null ? null : new FindingRuns(place, runners, session.Clock);
        var book = new CampaignBook(ledger, session.Clock, findings is null ? null : findings.Record);
        int workers = session.Settings.Value(_workers) ?? Environment.ProcessorCount;
        var report = new CampaignReport(session, plan, runners, place, book) { Workers = workers };
        report.Head();
        if (nodes is null)
        {
            new LocalCampaign(book, runners.Create, workers).Run(session.Interruption.Token, report.Tick);
        }
        else
        {
            nodes.Run(session, book, runners, workers, report);
        }

        return report.Summary(ledger, session.Interruption.Token.IsCancellationRequested);
    }

    private AkkaCampaigns? NodesOf(Session session)
    {
        string? nodes = session.Settings.Text(_nodes);
        string? listen = session.Settings.Text(_listen);
        return nodes is not null ? new AkkaCampaigns(nodes, listen)
            : listen is not null ? throw Refusal.WrongUsage("--listen goes with --nodes: a campaign on one node listens nowhere")
            : null;
    }

    private string? PlaceOf(Session session) =>
        session.Settings.Text(_journal) is JournalPlace.None ? null : JournalPlace.Of(session, _journal);
}
