using System.CommandLine;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Machine.Timelines;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary>A run as verbs take it that look into runs: a scenario or a trace, which is run again, or a recorded run.</summary>
internal static class TimelineArgument
{
    public const string Description = "A run id or the beginning of one, 'latest', a journal; or a scenario or a trace, which is run again with its seed.";

    private const int RunIdLength = 26;
    private const string RunIdDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The timeline of what was named.</summary>
    /// <param name="verb">Who asks, for the refusal.</param>
    /// <param name="argument">What was named.</param>
    /// <param name="flags">How to run it again, or where it was recorded.</param>
    /// <param name="session">Whose settings hold the flags.</param>
    /// <param name="change">What this one run has of its own.</param>
    /// <param name="beside">Flags are meant for another run, which is named beside this one.</param>
    public static ITimeline Open(string verb, string argument, RunFlags flags, Session session, Func<ScenarioOverrides, ScenarioOverrides>? change = null, bool beside = false)
    {
        if (!IsRecorded(argument))
        {
            Scenario rerun = Load(verb, argument, flags, session, change);
            return new RerunTimeline(rerun, session.Settings.Value(flags.For));
        }

        (IJournalStore store, RecordedRun run, Scenario scenario) = OpenRecorded(argument, flags, session, beside);
        try
        {
            return new RecordedTimeline(run, scenario, session.Clock, store: store);
        }
        catch
        {
            scenario.Dispose();
            store.Dispose();
            throw;
        }
    }

    /// <summary>The scenario of what was named, to be run again.</summary>
    public static Scenario Load(string verb, string argument, RunFlags flags, Session session, Func<ScenarioOverrides, ScenarioOverrides>? change = null)
    {
        flags.RefuseWhatIsNotBuilt(session.Settings);
        if (flags.HostKindOf(session.Settings) is not HostKind.Deterministic)
        {
            // Only the deterministic host takes the same turns twice without a record.
            throw new Refusal(ExitCode.WrongUsage, $"{verb} of a run on the {flags.HostNameOf(session.Settings)} host needs a recording: actorvmm run it, and name that run");
        }

        Scenario scenario = RunScenario.Load(argument, flags, session.Settings, Console.OpenStandardInput, change);
        RunVerb.RefuseWhatDoesNotFit(new RunPlan(scenario) { Specifications = false });
        return scenario;
    }

    /// <summary>A recorded run and what it was a run of.</summary>
    public static (IJournalStore Store, RecordedRun Run, Scenario Scenario) OpenRecorded(string argument, RunFlags flags, Session session, bool beside = false)
    {
        if (!beside)
        {
            flags.RefuseWhatIsRecorded(session.Settings, argument);
        }

        (IJournalStore store, RecordedRun run) = JournalPlace.OpenRun(session, argument, flags.Journal);
        try
        {
            RecordedMessages.Accept(run.Started);
            return (store, run, RecordedScenario.Load(run.Started).Scenario);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>A file is a journal when it is a database; of names, a scenario's goes before the beginning of a run id.</summary>
    public static bool IsRecorded(string argument)
    {
        if (argument is JournalReader.Latest || JournalStores.IsPostgres(argument))
        {
            return true;
        }

        if (File.Exists(argument))
        {
            return SqliteStore.IsDatabase(argument);
        }

        return argument.Length <= RunIdLength
            && argument.All(letter => RunIdDigits.Contains(letter, StringComparison.OrdinalIgnoreCase))
            && !Directory.Exists(argument)
            && string.Equals(ScenarioFiles.Resolve(argument), argument, StringComparison.Ordinal);
    }
}
