using ActorVmm.Machine;
using ActorVmm.Machine.Timelines;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary>A run as verbs take it that look into runs: a scenario or a trace, which is run again, or a recorded run.</summary>
internal static class TimelineArgument
{
    public const string Description = "A scenario or a trace, which is run again with its seed; later also a run id, 'latest', or a journal.";

    private const int RunIdLength = 26;
    private const string RunIdDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The timeline of what was named.</summary>
    /// <param name="verb">Who asks, for the refusal.</param>
    /// <param name="argument">What was named.</param>
    /// <param name="flags">How to run it again.</param>
    /// <param name="session">Whose settings hold the flags.</param>
    /// <param name="change">What this one run has of its own.</param>
    /// <exception cref="Refusal">It is a recorded run.</exception>
    public static ITimeline Open(string verb, string argument, RunFlags flags, Session session, Func<ScenarioOverrides, ScenarioOverrides>? change = null)
    {
        Scenario scenario = Load(verb, argument, flags, session, change);
        return new RerunTimeline(scenario, session.Settings.Value(flags.For));
    }

    /// <summary>The scenario of what was named.</summary>
    /// <exception cref="Refusal">It is a recorded run.</exception>
    public static Scenario Load(string verb, string argument, RunFlags flags, Session session, Func<ScenarioOverrides, ScenarioOverrides>? change = null)
    {
        flags.RefuseWhatIsNotBuilt(session.Settings);
        if (IsRecorded(argument))
        {
            throw new Refusal(ExitCode.WrongUsage, $"{verb} of a recorded run ({argument}) is not built yet: name a scenario or a trace, and it is run again");
        }

        if (flags.WorkersOf(session.Settings) is not null)
        {
            // Only the deterministic host takes the same turns twice without a record.
            throw new Refusal(ExitCode.WrongUsage, $"{verb} of a run on the parallel host is not built yet: it needs a recording");
        }

        Scenario scenario = RunScenario.Load(argument, flags, session.Settings, Console.OpenStandardInput, change);
        RunVerb.RefuseWhatDoesNotFit(new RunPlan(scenario) { Specifications = false });
        return scenario;
    }

    private static bool IsRecorded(string argument) =>
        argument is "latest"
        || argument.StartsWith("postgres://", StringComparison.Ordinal)
        || argument.EndsWith(".db", StringComparison.OrdinalIgnoreCase)
        || (argument.Length == RunIdLength && argument.All(letter => RunIdDigits.Contains(letter, StringComparison.Ordinal)));
}
