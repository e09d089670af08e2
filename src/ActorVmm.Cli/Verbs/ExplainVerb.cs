using System.CommandLine;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Explaining;
using ActorVmm.Cli.Output;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Explaining;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Shrinking;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm explain</c>: a finding, a run or an error code, in words.</summary>
internal sealed class ExplainVerb : Verb
{
    private readonly Argument<string> _what;
    private readonly Flag<string> _journal;

    public ExplainVerb()
        : base("explain", "Tell the story of a run, a finding or an error code.")
    {
        _what = Takes("what", "A recorded run, a finding (a run that explore recorded), or an error code such as 0xC0000005, 0x4E or STATUS_ACCESS_VIOLATION.");
        _journal = Has("--journal", "PATH", "Where the run was recorded.", Values.Text);
    }

    public override ExitCode Execute(Session session)
    {
        string argument = session.Arguments.GetRequiredValue(_what);
        if (RaceArgument.IsRace(argument))
        {
            throw Refusal.WrongUsage($"{argument} is a race: actorvmm races {argument["race:".Length..]} tells its story, and actorvmm explore {argument} --schedule STRING explains a finding of it");
        }

        if (ErrorCode.Is(argument))
        {
            Print(session, ErrorCode.Read(argument));
            return ExitCode.Fine;
        }

        (IJournalStore store, RecordedRun run) = JournalPlace.OpenRun(session, argument, _journal);
        using IJournalStore owned = store;
        RecordedMessages.Accept(run.Started);
        using Scenario scenario = RecordedScenario.Load(run.Started).Scenario;
        Print(session, run, RecordedFinding.Is(run.Started) ? WordsOfFinding(run, scenario) : WordsOfRun(session, run, scenario));
        return ExitCode.Fine;
    }

    private static IReadOnlyList<string> WordsOfFinding(RecordedRun run, Scenario scenario)
    {
        (ISubject subject, ExecutionSetting setting, Schedule schedule) = RecordedFinding.Open(run, scenario);
        ShrunkFinding shrunk = new Shrinker(subject, setting).Shrink(RecordedFinding.Find(subject, setting, schedule));
        return new Explainer(subject, setting).Explain(shrunk);
    }

    /// <summary>The run is done again, and every promise judged.</summary>
    private static List<string> WordsOfRun(Session session, RecordedRun run, Scenario scenario)
    {
        var suite = new SpecificationSuite(scenario.Machine);
        using Replayer replayer = Replayer.Of(run, (_, hostOf) => MachineBuilder.Build(scenario, [suite], hostOf).Fingerprint);
        ReplayResult result = replayer.Run(long.MaxValue, null, session.Interruption.Token);
        List<string> lines =
        [
            FormattableString.Invariant($"Run {run.Id}: {run.Started.InputPath} with seed {run.Started.Seed} on the {run.Started.Host} host, {run.Started.Machine}."),
            result.Divergence is { } divergence ? FormattableString.Invariant($"Done again, it parts from what was recorded at {divergence}: what follows is not the whole story.")
                : FormattableString.Invariant($"Done again, it is what was recorded: {Numbers.Count(result.Deliveries, "delivery", "deliveries")}{(result.CutOff ? ", and then it was cut off" : "")}."),
        ];
        if (result.Stop.Length > 0)
        {
            lines.Add($"A turn stopped the machine: {result.Stop}.");
        }

        lines.Add(suite.Holds ? "No promise broke." : Told(run.Id, suite.Violations[0]));
        return lines;
    }

    private static string Told(string run, Specifications.Judging.Violation broken) => FormattableString.Invariant(
        $"In turn {broken.Turn.Number} a promise broke first, {broken.Specification}: {broken.Words}. actorvmm inspect {run} at {broken.Turn.Number} pfn shows the machine then.");

    private static void Print(Session session, RecordedRun run, IReadOnlyList<string> words)
    {
        if (!session.Json)
        {
            foreach (string line in words)
            {
                session.Screen.Out.WriteLine(line);
            }

            return;
        }

        session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
        {
            json.WriteString("run", run.Id);
            json.WriteString("host", run.Started.Host);
            json.WriteStartArray("words");
            foreach (string line in words)
            {
                json.WriteStringValue(line);
            }

            json.WriteEndArray();
        }));
    }

    private static void Print(Session session, ErrorCode code)
    {
        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                json.WriteString("kind", code.Kind);
                json.WriteString("code", code.NumberText);
                json.WriteString("name", code.Name);
                json.WriteString("when", code.When);
                json.WriteStartArray("places");
                foreach (string place in code.Places)
                {
                    json.WriteStringValue("src/" + place);
                }

                json.WriteEndArray();
            }));
            return;
        }

        session.Screen.Out.WriteLine($"{code.NumberText} {code.Name}{(code.Kind is "bugCheck" ? " (bug check: the machine stops)" : "")}");
        session.Screen.Out.WriteLine(code.When);
        session.Screen.Out.WriteLine(code.Places.Count == 0
            ? "The simulated kernel never gives it; Windows does."
            : "Given in: " + string.Join(", ", code.Places.Select(place => "src/" + place)));
    }
}
