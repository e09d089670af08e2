using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Scenarios;
using ActorVmm.Explorer.Strategies;
using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary>
/// One schedule that <c>explore</c> found, as a recorded run: recorded delivery by delivery, so that every verb that looks into
/// runs can, with its schedule beside it, so that it can be shrunk and explained.
/// </summary>
internal static class RecordedFinding
{
    /// <summary>What begins the settings that are no flags of <c>run</c>.</summary>
    public const string Prefix = "explored:";

    private const string Host = "explored";
    private const string ScheduleSetting = Prefix + "schedule";
    private const string WithoutSetting = Prefix + "without";
    private const string TimersSetting = Prefix + "timers";

    /// <summary>Whether a run was found by <c>explore</c>.</summary>
    public static bool Is(RunStarted started) => started.Host is Host;

    /// <summary>Records a schedule of a scenario, or of a race as a scenario.</summary>
    /// <param name="place">The journal.</param>
    /// <param name="scenario">What was explored.</param>
    /// <param name="setting">How messages travel.</param>
    /// <param name="schedule">One of its schedules, to its end.</param>
    /// <param name="without">The rule that was taken out.</param>
    /// <param name="clock">Says when.</param>
    /// <returns>The run's id.</returns>
    /// <exception cref="JournalException">The journal cannot be written.</exception>
    public static string Record(string place, Scenario scenario, ExecutionSetting setting, Schedule schedule, KernelRule without, TimeProvider clock)
    {
        string run = RunId.New(clock);
        KeyValuePair<string, string>[] settings =
            [new(WithoutSetting, RuleNames.NameOf(without)), new(ScheduleSetting, schedule.ToString()), new(TimersSetting, setting.TimerFirings.ToString(CultureInfo.InvariantCulture))];
        RunStarted started = RunJournal.Beginning(Host, scenario, ReadOnlyMemory<byte>.Empty, settings, messages: false, ExplorationReport.NameOf(setting.Model));
        using var journal = new RunJournal(place, run, started, Durability.Full, clock);
        SteppedHost? host = null;
        SimulatedMachine machine = MachineBuilder.Build(ScenarioSubject.Explored(scenario, without), [], journal.HostOf(given => host = new SteppedHost(new SteppedOptions
        {
            Processors = given.Processors,
            Seed = given.Seed,
            Outside = given.Outside,
            TurnListeners = given.TurnListeners,
            Model = setting.Model,
            TimerFirings = setting.TimerFirings,
        })));
        string end = "finished";
        try
        {
            host!.Replay(schedule);
        }
        catch (MachineStoppedException)
        {
            end = "bugCheck";
        }

        journal.End(machine.Fingerprint(), end);
        return run;
    }

    /// <summary>The rule that was taken out of the machine of a finding.</summary>
    public static KernelRule WithoutOf(RunStarted started) => RuleNames.Find(SettingOf(started, WithoutSetting));

    /// <exception cref="Refusal">The run was not found by explore.</exception>
    public static void RefuseOther(RecordedRun run)
    {
        if (!Is(run.Started))
        {
            throw new Refusal(ExitCode.NothingToDo, $"run {run.Id} took place on the {run.Started.Host} host and was not found by explore: there is no schedule to work on");
        }
    }

    /// <summary>What a recorded finding is a schedule of, and which.</summary>
    /// <exception cref="Refusal">The run was not found by explore, or its settings are damaged.</exception>
    public static (ISubject Subject, ExecutionSetting Setting, Schedule Schedule) Open(RecordedRun run, Scenario scenario)
    {
        RefuseOther(run);
        RunStarted started = run.Started;
        if (!Enum.TryParse(started.DeliveryModel, ignoreCase: true, out DeliveryModel model)
            || !int.TryParse(SettingOf(started, TimersSetting), NumberStyles.None, CultureInfo.InvariantCulture, out int timers)
            || !Schedule.TryParse(SettingOf(started, ScheduleSetting), out Schedule schedule, out _))
        {
            throw new Refusal(ExitCode.JournalDamaged, $"run {run.Id}: its delivery model, its timers or its schedule cannot be read");
        }

        if (RaceArgument.IsRace(started.InputPath))
        {
            return (RaceArgument.OfCommand(started.InputPath), new ExecutionSetting { Model = model, TimerFirings = timers, Seed = started.Seed }, schedule);
        }

        KernelRule without = WithoutOf(started);
        var subject = new ScenarioSubject(scenario, FormattableString.Invariant($"{Shell.Quote(started.InputPath)} --seed {started.Seed}{RuleNames.FlagOf(without)}"), without);
        return (subject, new ExecutionSetting { Model = model, TimerFirings = timers }, schedule);
    }

    /// <summary>Runs a schedule again, and says which promise it breaks.</summary>
    /// <exception cref="Refusal">It is no schedule of this subject here, or breaks no promise.</exception>
    public static Finding Find(ISubject subject, ExecutionSetting setting, Schedule schedule)
    {
        var machine = new ExploredMachine(subject, setting, recorded: false);
        var replay = new ReplayStrategy(schedule);
        replay.Begin(0);
        try
        {
            machine.Run(replay);
        }
        catch (ScheduleMismatchException mismatch)
        {
            throw new Refusal(ExitCode.JournalDamaged, mismatch.Message, mismatch);
        }

        return machine.Violation is { } violation
            ? new Finding(violation, machine.Host.Recorded, 1, machine.Turns)
            : throw new Refusal(ExitCode.NothingToDo, "the schedule breaks no promise here: it was found with another build, and there is nothing to shrink or explain");
    }

    private static string SettingOf(RunStarted started, string name) =>
        started.Settings.FirstOrDefault(setting => string.Equals(setting.Key, name, StringComparison.Ordinal)).Value ?? "";
}
