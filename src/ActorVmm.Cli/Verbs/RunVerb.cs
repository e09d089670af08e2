using System.CommandLine;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Machine;
using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm run</c>: a scenario or a trace on a simulated machine.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Argument<string> _input;
    private readonly RunFlags _flags;

    public RunVerb()
        : base("run", "Run a scenario or a trace on a simulated machine.")
    {
        _input = Takes("input", "A scenario (.yaml, or a name from 'scenario list'), a trace, or - for standard input.");
        _flags = new RunFlags(this);
    }

    public RunFlags Flags => _flags;

    public override ExitCode Execute(Session session)
    {
        _flags.RefuseWhatIsNotBuilt(session.Settings);
        string argument = session.Arguments.GetRequiredValue(_input);
        string? place = _flags.JournalOf(session.Settings);
        var input = new CapturedInput(Console.OpenStandardInput());
        using Scenario scenario = Load(argument, session.Settings, () => place is null ? Console.OpenStandardInput() : input);
        RefuseWhatDoesNotFit(PlanOf(scenario, session.Settings));
        string run = RunId.New(session.Clock);
        session.Log.Debug("run {Run} of {Input}: {Frames} frames, {Processes} processes, {Expectations} expectations", run, scenario.Path, scenario.Machine.Frames, scenario.Operator.Processes.Count, scenario.Expectations.Count);
        PrintHead(session, scenario, _flags.HostWordsOf(session.Settings));
        using AkkaRuns? akka = _flags.OpenAkka(session.Settings, session, place);
        using RunJournal? journal = place is null ? null : new RunJournal(
            place, run, RunJournal.Beginning(_flags.HostNameOf(session.Settings), scenario, input.Bytes, _flags.Recorded(session.Settings), _flags.MessagesOf(session.Settings)), _flags.DurabilityOf(session.Settings), session.Clock,
            akka is null ? null : akka.WriterOf);
        return Carry(session, session.Settings, argument, scenario, run, journal, akka);
    }

    /// <summary>Takes a run to its end, and says what it came to.</summary>
    /// <param name="session">Where it is said.</param>
    /// <param name="settings">The run's flags.</param>
    /// <param name="argument">The input, as it was asked for.</param>
    /// <param name="scenario">The input.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="journal">Records it; null when nobody does.</param>
    /// <param name="akka">Where it takes place, if on Akka.NET.</param>
    public ExitCode Carry(Session session, Settings settings, string argument, Scenario scenario, string run, RunJournal? journal, AkkaRuns? akka)
    {
        Func<HostOptions, IHost> hostOf = _flags.HostOf(settings, session, journal is not null, akka);
        var recorder = new RunRecorder(PlanOf(scenario, settings), run, session.Clock, journal?.HostOf(hostOf) ?? hostOf);
        using var host = recorder.Machine.Host as IDisposable;
        recorder.PauseAt = journal?.PauseAt ?? long.MaxValue;
        ProgressOf(session, scenario, journal).Show(between => recorder.Run(session.Interruption.Token, machine =>
        {
            journal?.Between(machine);
            recorder.PauseAt = journal?.PauseAt ?? long.MaxValue;
            between(machine);
        }));
        RunSummary summary = recorder.Summarize();
        journal?.End(summary);
        string reproduce = _flags.Reproduce(argument, scenario.Seed, settings);
        if (session.Json)
        {
            foreach (string finding in SummaryJson.FindingsOf(summary, reproduce))
            {
                session.Screen.Out.WriteLine(finding);
            }

            session.Screen.Out.WriteLine(SummaryJson.Of(summary, reproduce, journal?.DurableThrough));
        }
        else
        {
            RunReport.Write(session.Screen.Result, summary, reproduce);
            SayWhereRecorded(session, journal, run);
        }

        return summary.FoundSomething ? ExitCode.Found : ExitCode.Fine;
    }

    /// <summary>The scenario of an input with the flags of a command line.</summary>
    public Scenario Load(string argument, Settings settings, Func<Stream> standardInput) => RunScenario.Load(argument, _flags, settings, standardInput);

    private static void SayWhereRecorded(Session session, RunJournal? journal, string run)
    {
        if (journal is not null)
        {
            bool elsewhere = !string.Equals(journal.Place, JournalPlace.Default, StringComparison.Ordinal);
            string from = elsewhere ? $" --journal {Shell.Quote(journal.Place)}" : "";
            session.Screen.Out.WriteLine(FormattableString.Invariant(
                $"recorded in {journal.Place}, durable through delivery {journal.DurableThrough}; again with: actorvmm replay {run}{from}"));
        }
    }

    /// <summary>How a scenario is run with the flags of a command line.</summary>
    public RunPlan PlanOf(Scenario scenario, Settings settings) => new(scenario)
    {
        Host = _flags.HostNameOf(settings),
        Until = settings.Value(_flags.For),
        Specifications = settings.Value(_flags.Specifications) ?? true,
    };

    /// <exception cref="InputException">This computer is too small for the machine.</exception>
    public static void RefuseWhatDoesNotFit(RunPlan plan)
    {
        MachinePlan machine = plan.Scenario.Machine;
        Int128 needed = MachineSize.BytesNeeded(machine, plan.Specifications);
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (machine.Frames > MachineSize.MostFrames || needed > available)
        {
            throw new InputException(
                new Place(plan.Scenario.Path),
                $"a machine of {Numbers.Count(machine.Frames)} frames takes about {Numbers.Bytes((double)needed / PageSize.Bytes)}, and this computer has {Numbers.Bytes((double)available / PageSize.Bytes)}");
        }
    }

    /// <summary>Says what is about to be run; its seed first.</summary>
    public static void PrintHead(Session session, Scenario scenario, string host)
    {
        if (session.Json)
        {
            if (!session.Quiet)
            {
                session.Screen.Out.WriteLine(ProgressLines.BeginningOf(scenario.Seed));
                session.Screen.Flush();
            }

            return;
        }

        MachinePlan machine = scenario.Machine;
        ulong slots = machine.PagingFiles.Aggregate(0UL, (sum, file) => sum + file.Pages);
        session.Screen.Out.WriteLine(FormattableString.Invariant($"seed {scenario.Seed}"));
        session.Screen.Out.WriteLine(
            $"{scenario.Path}: {Numbers.Count(scenario.Operator.Processes.Count, "process", "processes")} on {Numbers.Bytes(machine.Frames)} of memory ({Numbers.Count(machine.Frames)} frames), "
            + $"{Numbers.Count(machine.Processors, "processor")}, {Numbers.Count(machine.PagingFiles.Count, "paging file")} ({Numbers.Bytes(slots)}); "
            + host);
        session.Screen.Flush();
    }

    private static IProgress ProgressOf(Session session, Scenario scenario, RunJournal? journal)
    {
        if (session.Quiet)
        {
            return new NoProgress();
        }

        if (session.Json)
        {
            return new ProgressLines(session.Clock, session.ProgressInterval, (census, elapsed) =>
            {
                session.Screen.Out.WriteLine(ProgressLines.JsonOf(census, elapsed, scenario.Seed, journal?.DurableThrough));
                session.Screen.Flush();
            });
        }

        return session.Screen.IsTalkTerminal && !session.Plain
            ? new LiveView(session.Screen.Talk, session.Clock, scenario.Path)
            : new ProgressLines(session.Clock, session.ProgressInterval, (census, elapsed) => session.Screen.Talk.Line(ProgressLines.TextOf(census, elapsed)));
    }
}
