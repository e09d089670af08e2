using System.CommandLine;
using System.CommandLine.Help;
using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary>All verbs. Everything parses; what is not built yet refuses.</summary>
internal static class Root
{
    public static RootCommand Create(GlobalFlags flags)
    {
        var root = new RootCommand("ActorVmm: the Windows virtual memory manager as concurrent actors.")
        {
            new RunVerb(),
            new CheckVerb(),
            new ReplayVerb(),
            new InspectVerb(),
            new ExploreVerb(),
            new CampaignVerb(),
            new ShrinkVerb(),
            new ExplainVerb(),
            new DiffVerb(),
            new RacesVerb(),
            JournalVerbs.Create(),
            new Command("trace", "Recorded memory accesses of real programs.") { new TraceImportVerb(), new TraceInfoVerb(), new TraceExportVerb() },
            new Command("scenario", "Scenario files.")
            {
                new ScenarioListVerb(), new ScenarioShowVerb(), new ScenarioNewVerb(), new ScenarioCheckVerb(), new ScenarioSchemaVerb(),
            },
            new ServeVerb(),
            new DoctorVerb(),
        };
        root.Options.Clear();
        root.Directives.Clear();
        root.Add(new HelpOption("--help", "-h") { Description = "What a verb does and takes." });
        foreach (Option option in flags.All)
        {
            root.Add(option);
        }

        return root;
    }

    /// <summary>Names of all flags of all verbs, without dashes: what a user's file may set.</summary>
    public static IReadOnlyCollection<string> FlagNames(Command command) =>
        command.Options.OfType<IFlag>().Select(flag => flag.Name.TrimStart('-'))
            .Concat(command.Subcommands.SelectMany(FlagNames))
            .Where(name => name is not "version")
            .ToHashSet(StringComparer.Ordinal);
}
