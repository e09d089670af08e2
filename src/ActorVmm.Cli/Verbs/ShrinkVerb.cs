using System.CommandLine;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Shrinking;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm shrink</c>: a finding that was recorded, made as short as it can be, and recorded too.</summary>
internal sealed class ShrinkVerb : Verb
{
    private readonly Argument<string> _run;
    private readonly Flag<string> _journal;

    public ShrinkVerb()
        : base("shrink", "Make a failing run as short as it can be.")
    {
        _run = Takes("run", "A run that explore found: its id, the beginning of one, 'latest', or a journal.");
        _journal = Has("--journal", "PATH", "Where the run was recorded, and the shrunk one is.", Values.Text);
    }

    public override ExitCode Execute(Session session)
    {
        string argument = session.Arguments.GetRequiredValue(_run);
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
        Finding finding = RecordedFinding.Find(found.Subject, found.Setting, found.Schedule);
        ShrunkFinding shrunk = new Shrinker(found.Subject, found.Setting).Shrink(finding);
        string place = JournalPlace.PlaceOf(session, argument, _journal);
        string recorded = RecordedFinding.Record(place, scenario, found.Setting, shrunk.Schedule, RecordedFinding.WithoutOf(run.Started), session.Clock);
        new ExplorationReport(session, found.Subject, new ExplorationOptions { Setting = found.Setting, Strategy = StrategyKind.Replay }).Shrunk(finding, shrunk, (recorded, place));
        return ExitCode.Fine;
    }
}
