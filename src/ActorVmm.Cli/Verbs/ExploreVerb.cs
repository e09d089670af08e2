using System.CommandLine;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Catalogue;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Models;
using ActorVmm.Explorer.Scenarios;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm explore</c>: many schedules of one machine or race.</summary>
internal sealed class ExploreVerb : Verb
{
    /// <summary>What a sampling strategy tries when nothing else is said.</summary>
    private const long UsualSchedules = 100_000;
    internal const long UsualScenarioSchedules = 100;

    /// <summary>Firings of timers in one execution of a scenario: devices and the system's periodic work are timers too.</summary>
    internal const int UsualTimers = 100;

    internal static readonly (string, StrategyKind)[] Strategies =
    [
        ("random", StrategyKind.Random), ("pct", StrategyKind.Pct), ("pctcp", StrategyKind.Pctcp), ("pos", StrategyKind.Pos), ("delay", StrategyKind.Delay),
        ("dpor", StrategyKind.Dpor), ("states", StrategyKind.States), ("portfolio", StrategyKind.Portfolio),
    ];

    internal static readonly (string, DeliveryModel)[] Models =
        [("fifo", DeliveryModel.Fifo), ("causal", DeliveryModel.Causal), ("mailbox", DeliveryModel.Mailbox), ("bag", DeliveryModel.Bag)];

    private readonly Argument<string> _scenario;
    private readonly Option<string[]> _parameters = new("--param") { Description = "A parameter of a race, k=v; may be repeated.", HelpName = "k=v" };
    private readonly Switch _fixed;
    private readonly Flag<KernelRule> _without;
    private readonly Switch _kernel;
    private readonly Flag<StrategyKind> _strategy;
    private readonly Flag<int> _depth;
    private readonly Flag<DeliveryModel> _delivery;
    private readonly Flag<int> _schedules;
    private readonly Switch _exhaustive;
    private readonly Flag<Ticks> _for;
    private readonly Switch _stopOnFirst;
    private readonly Flag<int> _workers;
    private readonly Flag<ulong> _seed;
    private readonly Flag<string> _journal;
    private readonly Flag<string> _schedule;
    private readonly Flag<int> _timers;
    private readonly Flag<string> _checkpoint;
    private readonly Flag<string> _certificate;
    private readonly Switch _twice;
    private readonly Switch _distinctStates;
    private readonly Switch _noCoverage;

    public ExploreVerb()
        : base("explore", "Search the schedules of a scenario or race for broken promises.")
    {
        _scenario = Takes("scenario", "A scenario file, or race:NAME.");
        Add(_parameters);
        _fixed = Has("--fixed", "The race's mended variant.");
        _without = Has("--without", "RULE", "Take a rule of the kernel out; what it is for is then found. `actorvmm races` lists them.", Values.OneOf<KernelRule>(RuleNames.All));
        _kernel = Has("--kernel", "The race on the real kernel: a stock scenario without the rule that excludes it; with --fixed, with it.");
        _strategy = Has("--strategy", "NAME", "random, pct, pctcp, pos, delay, dpor, states or portfolio.", Values.OneOf<StrategyKind>(Strategies));
        _depth = Has("--depth", "D", "Depth of pct and its kin; 3 when left out.", Values.Number(1, 64));
        _delivery = Has("--delivery", "MODEL", "fifo, causal, mailbox or bag.", Values.OneOf<DeliveryModel>(Models));
        _schedules = Has("--schedules", "N", "How many schedules to try.", Values.Number(1));
        _exhaustive = Has("--exhaustive", "All schedules that differ: --strategy dpor without a limit; with --distinct-states all states: --strategy states.");
        _for = Has("--for", "TIME", "How long, such as 5m.", Values.Duration);
        _stopOnFirst = Has("--stop-on-first", "Stop at the first finding.");
        _workers = Has("--workers", "N", "Cores to use; the count of traces does not depend on it.", Values.Number(1, 1024));
        _seed = Has("--seed", "N", "Seed of the search.", Values.Seed);
        _journal = Has("--journal", "PATH|none", "Where findings are recorded; none for not at all.", Values.Text);
        _schedule = Has("--schedule", "STRING", "Run this one schedule.", Values.Text);
        _timers = Has("--timers", "K", "How often timers may fire in one execution, at any point; 1 when left out, of a scenario 100.", Values.Number(0));
        _checkpoint = Has("--checkpoint", "FILE", "Where an interrupted exhaustive search goes on.", Values.Text);
        _certificate = Has("--certificate", "FILE", "With --exhaustive: where the proof is written; when it is there, the search has to come to the same. With --checkpoint FILE, FILE" + CertificateFile.BesideCheckpoint + ".", Values.Text);
        _twice = Has("--twice", "Run every schedule twice; it has to be the same again.");
        _noCoverage = Has("--no-coverage", "Do not note racing pairs and situations, which makes short schedules faster.");
        _distinctStates = Has("--distinct-states", "Keep drawn schedules away from states from which all has been seen; with --exhaustive, until all have.");
    }

    public override ExitCode Execute(Session session)
    {
        string asked = session.Arguments.GetRequiredValue(_scenario);
        KernelVariant? kernel = session.Settings.IsOn(_kernel) ? RaceArgument.KernelOf(asked) : null;
        string argument = kernel?.Scenario ?? asked;
        KernelRule without = WithoutOf(session.Settings, argument, kernel);
        using Scenario? scenario = RaceArgument.IsRace(argument) ? null : ScenarioOf(argument, session.Settings);
        ISubject subject = scenario is null
            ? RaceArgument.Read(argument, Parameters(session), session.Settings.IsOn(_fixed))
            : new ScenarioSubject(scenario, Shell.Quote(argument) + SeedOf(session.Settings) + RuleNames.FlagOf(without), without);
        ExplorationOptions options = scenario is null ? OptionsOf(session.Settings, 1, UsualSchedules) : OptionsOf(session.Settings, kernel?.Timers ?? UsualTimers, kernel?.FoundWithin ?? UsualScenarioSchedules);
        string? place = session.Settings.Text(_journal) is JournalPlace.None ? null : JournalPlace.Of(session, _journal);
        var said = new ExplorationReport(session, subject, options)
        {
            Record = place is null ? null : schedule => (RecordOf(place, subject, scenario, options.Setting, schedule, without, session.Clock), place),
        };
        if (session.Settings.Text(_schedule) is { } schedule)
        {
            return said.Replay(ScheduleOf(schedule));
        }

        CheckpointFile? file = FileOf(session, subject, options);
        CertificateFile? certificate = CertificatePath(session.Settings) is { } proof ? new CertificateFile(proof, subject, scenario, options) : null;
        said.Head();
        ExplorationResult result = new Exploration(subject, options with { From = file?.Read() }).Run(session.Interruption.Token, said.Progress);
        file?.Write(result.Checkpoint);
        CertificateOutcome? proved = certificate?.Settle(result);
        said.Summary(result, proved);
        return result.Findings.Count > 0 ? ExitCode.Found : proved?.State is CertificateState.Differs ? ExitCode.JournalDamaged : ExitCode.Fine;
    }

    private KernelRule WithoutOf(Settings settings, string argument, KernelVariant? kernel)
    {
        KernelRule without = settings.Value(_without) ?? (kernel is null || settings.IsOn(_fixed) ? KernelRule.None : kernel.Rule);
        if (without == KernelRule.None)
        {
            return without;
        }

        return RaceArgument.IsRace(argument) ? throw Refusal.WrongUsage("--without is for scenarios; a race says itself what it lacks")
            : settings.Text(_certificate) is not null ? throw Refusal.WrongUsage("--certificate is about the kernel as it is, so not --without")
            : without;
    }

    /// <summary>Records a schedule that was found.</summary>
    /// <returns>The run's id.</returns>
    private static string RecordOf(string place, ISubject subject, Scenario? scenario, ExecutionSetting setting, Schedule schedule, KernelRule without, TimeProvider clock)
    {
        if (scenario is not null)
        {
            return RecordedFinding.Record(place, scenario, setting, schedule, without, clock);
        }

        using Scenario race = ((ModelSubject)subject).Scenario(setting.Seed);
        return RecordedFinding.Record(place, race, setting, schedule, without, clock);
    }

    private string? CertificatePath(Settings settings)
    {
        if (!settings.IsOn(_exhaustive))
        {
            return settings.Text(_certificate) is null ? null : throw Refusal.WrongUsage("--certificate goes with --exhaustive: a proof needs all schedules");
        }

        return settings.Text(_certificate) ?? (settings.Text(_checkpoint) is { } checkpoint && (settings.Value(_without) ?? KernelRule.None) == KernelRule.None && !settings.IsOn(_kernel) ? checkpoint + CertificateFile.BesideCheckpoint : null);
    }

    private static Schedule ScheduleOf(string text) =>
        Schedule.TryParse(text, out Schedule schedule, out string error) ? schedule : throw Refusal.WrongUsage("--schedule: " + error);

    private string[] Parameters(Session session) => session.Arguments.GetValue(_parameters) ?? [];

    /// <summary>A scenario's seed decides its draws, so it belongs to what is explored.</summary>
    private string SeedOf(Settings settings) => settings.Ordered(_seed) is { } seed ? FormattableString.Invariant($" --seed {seed}") : "";

    private Scenario ScenarioOf(string argument, Settings settings)
    {
        if (settings.IsGiven(_parameters) || (settings.IsOn(_fixed) && !settings.IsOn(_kernel)))
        {
            throw Refusal.WrongUsage("--param and --fixed are for races; a scenario says itself what it is");
        }

        return ScenarioFile.Load(ScenarioFiles.Resolve(argument), new ScenarioOverrides { Seed = settings.Ordered(_seed) });
    }

    private ExplorationOptions OptionsOf(Settings settings, int timers, long schedules)
    {
        bool exhaustive = settings.IsOn(_exhaustive);
        bool distinct = settings.IsOn(_distinctStates);
        StrategyKind strategy = settings.Value(_strategy) ?? (!exhaustive ? StrategyKind.Portfolio : distinct ? StrategyKind.States : StrategyKind.Dpor);
        if (strategy == StrategyKind.Dpor && distinct)
        {
            throw Refusal.WrongUsage("--distinct-states does not go with --strategy dpor, which runs orders that differ, not states");
        }

        if (strategy != StrategyKind.Dpor && ((exhaustive && !distinct && strategy != StrategyKind.States) || settings.Text(_checkpoint) is not null))
        {
            throw Refusal.WrongUsage($"{(exhaustive ? "--exhaustive" : "--checkpoint")} goes with --strategy dpor; the others draw at random and are never done");
        }

        if (exhaustive && settings.Value(_schedules) is not null)
        {
            throw Refusal.WrongUsage("--exhaustive and --schedules do not go together");
        }

        ulong seed = settings.Value(_seed) ?? 1;
        Ticks? time = settings.Value(_for);
        long? usual = strategy is StrategyKind.Dpor or StrategyKind.States || exhaustive || time is not null ? null : schedules;
        return new ExplorationOptions
        {
            Strategy = strategy,
            Setting = new ExecutionSetting { Model = settings.Value(_delivery) ?? DeliveryModel.Fifo, TimerFirings = settings.Value(_timers) ?? timers },
            Depth = settings.Value(_depth) ?? 3,
            Seed = seed,
            Schedules = settings.Value(_schedules) ?? usual,
            Time = time is { } limit ? TimeSpan.FromTicks(limit.Value / TimeSpan.NanosecondsPerTick) : null,
            StopOnFirst = settings.IsOn(_stopOnFirst),
            Workers = settings.Value(_workers) ?? 1,
            RunsTwice = settings.IsOn(_twice),
            SkipsKnownStates = distinct || strategy == StrategyKind.States,
            Covers = !settings.IsOn(_noCoverage) && strategy != StrategyKind.States,
            SumsTraces = strategy == StrategyKind.Dpor && (settings.Text(_certificate) ?? settings.Text(_checkpoint)) is not null,
        };
    }

    private CheckpointFile? FileOf(Session session, ISubject subject, ExplorationOptions options) =>
        session.Settings.Text(_checkpoint) is { } path
            ? new CheckpointFile(path, FormattableString.Invariant($"{subject.Command} --delivery {ExplorationReport.NameOf(options.Setting.Model)} --timers {options.Setting.TimerFirings}"))
            : null;
}
