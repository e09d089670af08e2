using System.CommandLine;
using ActorVmm.Actors;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Models;
using ActorVmm.Runtime;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm explore</c>: many schedules of one machine or race.</summary>
internal sealed class ExploreVerb : Verb
{
    /// <summary>What a sampling strategy tries when nothing else is said.</summary>
    private const long UsualSchedules = 100_000;

    private static readonly (string, StrategyKind)[] _strategies =
    [
        ("random", StrategyKind.Random), ("pct", StrategyKind.Pct), ("pctcp", StrategyKind.Pctcp), ("pos", StrategyKind.Pos), ("delay", StrategyKind.Delay),
        ("dpor", StrategyKind.Dpor), ("portfolio", StrategyKind.Portfolio),
    ];

    private static readonly (string, DeliveryModel)[] _models =
        [("fifo", DeliveryModel.Fifo), ("causal", DeliveryModel.Causal), ("mailbox", DeliveryModel.Mailbox), ("bag", DeliveryModel.Bag)];

    private readonly Argument<string> _scenario;
    private readonly Option<string[]> _parameters = new("--param") { Description = "A parameter of a race, k=v; may be repeated.", HelpName = "k=v" };
    private readonly Switch _fixed;
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

    public ExploreVerb()
        : base("explore", "Search the schedules of a scenario or race for broken promises.")
    {
        _scenario = Takes("scenario", "A scenario file, or race:NAME.");
        Add(_parameters);
        _fixed = Has("--fixed", "The race's mended variant.");
        _strategy = Has("--strategy", "NAME", "random, pct, pctcp, pos, delay, dpor or portfolio.", Values.OneOf<StrategyKind>(_strategies));
        _depth = Has("--depth", "D", "Depth of pct and its kin; 3 when left out.", Values.Number(1, 64));
        _delivery = Has("--delivery", "MODEL", "fifo, causal, mailbox or bag.", Values.OneOf<DeliveryModel>(_models));
        _schedules = Has("--schedules", "N", "How many schedules to try.", Values.Number(1));
        _exhaustive = Has("--exhaustive", "All schedules that differ: --strategy dpor without a limit.");
        _for = Has("--for", "TIME", "How long, such as 5m.", Values.Duration);
        _stopOnFirst = Has("--stop-on-first", "Stop at the first finding.");
        _workers = Has("--workers", "N", "Cores to use, for all strategies but dpor, which uses one.", Values.Number(1, 1024));
        _seed = Has("--seed", "N", "Seed of the search.", Values.Seed);
        _journal = Has("--journal", "PATH|none", "Where findings are recorded.", Values.Text);
        _schedule = Has("--schedule", "STRING", "Run this one schedule.", Values.Text);
        _timers = Has("--timers", "K", "How often timers may fire in one execution, at any point; 1 when left out.", Values.Number(0));
        _checkpoint = Has("--checkpoint", "FILE", "Where an interrupted exhaustive search goes on.", Values.Text);
    }

    public override ExitCode Execute(Session session)
    {
        ISubject subject = SubjectOf(session);
        ExplorationOptions options = OptionsOf(session.Settings);
        var said = new ExplorationReport(session, subject, options);
        if (session.Settings.Text(_schedule) is { } schedule)
        {
            return said.Replay(ScheduleOf(schedule));
        }

        CheckpointFile? file = FileOf(session, subject, options);
        said.Head();
        ExplorationResult result = new Exploration(subject, options with { From = file?.Read() }).Run(session.Interruption.Token, said.Progress);
        file?.Write(result.Checkpoint);
        said.Summary(result);
        return result.Findings.Count > 0 ? ExitCode.Found : ExitCode.Fine;
    }

    private static Schedule ScheduleOf(string text) =>
        Schedule.TryParse(text, out Schedule schedule, out string error) ? schedule : throw Refusal.WrongUsage("--schedule: " + error);

    private ModelSubject SubjectOf(Session session)
    {
        if (session.Settings.Text(_journal) is { } journal and not "none")
        {
            throw Refusal.NotBuilt($"--journal {journal}: recording what explore finds");
        }

        return RaceArgument.Read(session.Arguments.GetRequiredValue(_scenario), session.Arguments.GetValue(_parameters) ?? [], session.Settings.IsOn(_fixed));
    }

    private ExplorationOptions OptionsOf(Settings settings)
    {
        bool exhaustive = settings.IsOn(_exhaustive);
        StrategyKind strategy = settings.Value(_strategy) ?? (exhaustive ? StrategyKind.Dpor : StrategyKind.Portfolio);
        if (strategy != StrategyKind.Dpor && (exhaustive || settings.Text(_checkpoint) is not null))
        {
            throw Refusal.WrongUsage($"{(exhaustive ? "--exhaustive" : "--checkpoint")} goes with --strategy dpor; the others draw at random and are never done");
        }

        if (exhaustive && settings.Value(_schedules) is not null)
        {
            throw Refusal.WrongUsage("--exhaustive and --schedules do not go together");
        }

        ulong seed = settings.Value(_seed) ?? 1;
        Ticks? time = settings.Value(_for);
        long? usual = strategy == StrategyKind.Dpor || time is not null ? null : UsualSchedules;
        return new ExplorationOptions
        {
            Strategy = strategy,
            Setting = new ExecutionSetting { Model = settings.Value(_delivery) ?? DeliveryModel.Fifo, TimerFirings = settings.Value(_timers) ?? 1 },
            Depth = settings.Value(_depth) ?? 3,
            Seed = seed,
            Schedules = settings.Value(_schedules) ?? usual,
            Time = time is { } limit ? TimeSpan.FromTicks(limit.Value / TimeSpan.NanosecondsPerTick) : null,
            StopOnFirst = settings.IsOn(_stopOnFirst),
            Workers = settings.Value(_workers) ?? 1,
        };
    }

    private CheckpointFile? FileOf(Session session, ISubject subject, ExplorationOptions options) =>
        session.Settings.Text(_checkpoint) is { } path
            ? new CheckpointFile(path, FormattableString.Invariant($"{subject.Command} --delivery {ExplorationReport.NameOf(options.Setting.Model)} --timers {options.Setting.TimerFirings}"))
            : null;
}
