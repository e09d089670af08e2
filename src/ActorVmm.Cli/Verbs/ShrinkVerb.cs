using System.CommandLine;
using System.Text;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Scenarios;
using ActorVmm.Explorer.Shrinking;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm shrink</c>: a finding that was recorded, made as short as it can be, and recorded too.</summary>
internal sealed class ShrinkVerb : Verb
{
    private readonly Argument<string> _run;
    private readonly Flag<string> _journal;
    private readonly Flag<string> _output;
    private readonly Switch _scheduleOnly;

    public ShrinkVerb()
        : base("shrink", "Make a failing run as short as it can be.")
    {
        _run = Takes("run", "A run that explore found: its id, the beginning of one, 'latest', or a journal.");
        _journal = Has("--journal", "PATH", "Where the run was recorded, and the shrunk one is.", Values.Text);
        _output = Has("--output", "FILE", "Where the smaller scenario is written; NAME.shrunk.yaml beside the journal when left out.", Values.Text, "-o");
        _scheduleOnly = Has("--schedule-only", "Leave the scenario's processes, threads and pages as they are.");
    }

    public override ExitCode Execute(Session session)
    {
        string argument = session.Arguments.GetRequiredValue(_run);
        string place = JournalPlace.PlaceOf(session, argument, _journal);
        (IJournalStore store, RecordedRun run) = JournalPlace.OpenRun(session, argument, _journal);
        RecordedMessages.Accept(run.Started);
        Scenario loaded;
        (ISubject Subject, ExecutionSetting Setting, Schedule Schedule) found;
        using (store)
        {
            RecordedFinding.RefuseOther(run);
            loaded = RecordedScenario.Load(run.Started).Scenario;
            found = RecordedFinding.Open(run, loaded);
        }

        using Scenario scenario = loaded;
        KernelRule without = RecordedFinding.WithoutOf(run.Started);
        Finding finding = RecordedFinding.Find(found.Subject, found.Setting, found.Schedule);
        if (!session.Settings.IsOn(_scheduleOnly) && Smaller(session, scenario, without, found.Setting, finding, place) is { } smaller)
        {
            using Scenario small = ScenarioFile.Load(smaller.Path, new ScenarioOverrides { Seed = scenario.Seed });
            Tell(session, SubjectOf(small, without), small, found.Setting, smaller.Finding, without, place, smaller.Path);
            return ExitCode.Fine;
        }

        Tell(session, found.Subject, scenario, found.Setting, finding, without, place, null);
        return ExitCode.Fine;
    }

    private static ScenarioSubject SubjectOf(Scenario scenario, KernelRule without) =>
        new(scenario, FormattableString.Invariant($"{Shell.Quote(scenario.Path)} --seed {scenario.Seed}{RuleNames.FlagOf(without)}"), without);

    /// <summary>Shrinks the scenario's numbers and writes it down; null when nothing can be smaller, and for what is no scenario file.</summary>
    private (string Path, Finding Finding)? Smaller(Session session, Scenario scenario, KernelRule without, ExecutionSetting setting, Finding finding, string place)
    {
        if (scenario.Guests is not null || !File.Exists(scenario.Path) || scenario.Traces.Count > 0)
        {
            return null;
        }

        var overrides = new ScenarioOverrides { Seed = scenario.Seed };
        var shrinker = new ScenarioShrinker(text => ScenarioFile.Load(Encoding.UTF8.GetBytes(text), scenario.Path, overrides), smaller => new ScenarioSubject(smaller, smaller.Path, without), setting);
        if (shrinker.Shrink(File.ReadAllText(scenario.Path), finding.Violation.Specification, session.Interruption.Token) is not { } shrunk)
        {
            return null;
        }

        string folder = JournalStores.IsPostgres(place) ? "." : Path.GetDirectoryName(Path.GetFullPath(place)) ?? ".";
        string path = session.Settings.Text(_output) ?? Path.Combine(folder, Path.GetFileNameWithoutExtension(scenario.Path) + ".shrunk.yaml");
        OutputFile.Write(path, file => file.Write(shrunk.Text));
        return (path, shrunk.Finding);
    }

    private static void Tell(Session session, ISubject subject, Scenario scenario, ExecutionSetting setting, Finding finding, KernelRule without, string place, string? smaller)
    {
        ShrunkFinding shrunk = new Shrinker(subject, setting).Shrink(finding);
        string recorded = RecordedFinding.Record(place, scenario, setting, shrunk.Schedule, without, session.Clock);
        var report = new ExplorationReport(session, subject, new ExplorationOptions { Setting = setting, Strategy = StrategyKind.Replay });
        report.Shrunk(finding, shrunk, (recorded, place), smaller);
    }
}
