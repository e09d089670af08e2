using System.CommandLine;
using System.Globalization;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Cli.Verbs;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Campaigns;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Campaigns;

/// <summary>The flags of <c>actorvmm campaign</c> that decide what a seed comes to, and the plan that they make.</summary>
internal sealed class CampaignFlags
{
    private static readonly HashSet<string> _ofRuns =
        new(["--processes", "--frames", "--working-set", "--replacement", "--format", "--for", "--specifications"], StringComparer.Ordinal);

    private readonly RunFlags _run;
    private readonly Flag<(ulong First, ulong Last)> _seeds;
    private readonly Flag<StrategyKind> _strategy;
    private readonly Flag<int> _depth;
    private readonly Flag<DeliveryModel> _delivery;
    private readonly Flag<int> _schedules;
    private readonly Flag<int> _timers;
    private readonly Option<string[]> _parameters = new("--param") { Description = "A parameter of a race, k=v; may be repeated.", HelpName = "k=v" };
    private readonly Switch _fixed = new("--fixed", "The race's mended variant.");
    private readonly Flag<KernelRule> _without;

    /// <param name="verb">Gets the flags.</param>
    public CampaignFlags(Command verb)
    {
        Flag<T> Has<T>(string name, string valueName, string description, Func<string, T> read)
        {
            var flag = new Flag<T>(name, valueName, description, read);
            verb.Add(flag);
            return flag;
        }

        _seeds = Has("--seeds", "A..B", "First and last seed.", Range);
        _strategy = Has("--strategy", "NAME", "Explore with each seed instead of running it: random, pct, pctcp, pos, delay, dpor or portfolio. Races are always explored.", Values.OneOf<StrategyKind>([.. ExploreVerb.Strategies.Where(strategy => strategy.Item2 != StrategyKind.States)]));
        _schedules = Has("--schedules", "N", $"Exploring: schedules of one seed; {ExplorationPlan.UsualRaceSchedules} of a race when left out, {ExploreVerb.UsualScenarioSchedules} of a scenario.", Values.Number(1));
        _depth = Has("--depth", "D", "Exploring: depth of pct and its kin; 3 when left out.", Values.Number(1, 64));
        _delivery = Has("--delivery", "MODEL", "Exploring: fifo, causal, mailbox or bag.", Values.OneOf<DeliveryModel>(ExploreVerb.Models));
        _timers = Has("--timers", "K", $"Exploring: how often timers may fire in one execution; 1 when left out, of a scenario {ExploreVerb.UsualTimers}.", Values.Number(0));
        _without = Has("--without", "RULE", "Exploring: take a rule of the kernel out; `actorvmm races` lists them.", Values.OneOf<KernelRule>(RuleNames.All));
        verb.Add(_parameters);
        verb.Add(_fixed);
        _run = new RunFlags(verb, takes: _ofRuns.Contains);
    }

    /// <summary>The campaign that a command line asks for.</summary>
    /// <param name="session">The command line.</param>
    /// <param name="argument">A scenario or a race.</param>
    /// <exception cref="Refusal">Flags that do not go together.</exception>
    /// <exception cref="Workloads.InputException">The scenario is not what it should be.</exception>
    public CampaignPlan PlanOf(Session session, string argument)
    {
        Settings settings = session.Settings;
        (ulong first, ulong last) = settings.Value(_seeds) ?? throw Refusal.WrongUsage("campaign needs --seeds A..B, the first and the last seed");
        bool isRace = RaceArgument.IsRace(argument);
        bool explores = isRace || settings.Text(_strategy) is not null;
        RefuseWhatDoesNotFit(session, isRace, explores, argument);
        var plan = new CampaignPlan(argument, first, last) { Kernel = Kernel };
        if (isRace)
        {
            RaceArgument.Read(argument, Parameters(session), settings.IsOn(_fixed));
            return plan with { Settings = Exploring(session, isRace) };
        }

        return explores ? OfScenario(plan, Exploring(session, isRace), Load(argument)) : OfRuns(plan, settings);
    }

    /// <summary>Which build computes seeds here.</summary>
    public static string Kernel { get; } = $"{VersionText.Line}, build {BuildIdentity.Of(typeof(Exploration).Assembly)}";

    private CampaignPlan OfRuns(CampaignPlan plan, Settings settings)
    {
        if (plan.Subject is "-")
        {
            throw Refusal.WrongUsage("a campaign reads its scenario once for each seed, and standard input can be read only once: save it to a file");
        }

        using Scenario scenario = RunScenario.Load(plan.Subject, _run, settings, () => Stream.Null, overrides => overrides with { Seed = plan.First });
        RunVerb.RefuseWhatDoesNotFit(new Machine.RunPlan(scenario) { Specifications = settings.Value(_run.Specifications) ?? true });
        return OfScenario(plan, _run.Deciding(settings), scenario);
    }

    private static CampaignPlan OfScenario(CampaignPlan plan, IReadOnlyList<KeyValuePair<string, string>> settings, Scenario scenario) => plan with
    {
        InputPath = Path.GetFullPath(scenario.Path),
        InputSha256 = scenario.Sha256,
        Settings = [.. settings, .. RecordedScenario.FilesOf(scenario)],
    };

    private static Scenario Load(string argument) => ScenarioFile.Load(ScenarioFiles.Resolve(argument));

    private IReadOnlyList<KeyValuePair<string, string>> Exploring(Session session, bool isRace)
    {
        Settings settings = session.Settings;
        StrategyKind strategy = settings.Value(_strategy) ?? StrategyKind.Portfolio;
        long usual = isRace ? ExplorationPlan.UsualRaceSchedules : ExploreVerb.UsualScenarioSchedules;
        return new ExplorationPlan
        {
            Strategy = strategy,
            Depth = settings.Value(_depth) ?? 3,
            Delivery = settings.Value(_delivery) ?? DeliveryModel.Fifo,
            Timers = settings.Value(_timers) ?? (isRace ? 1 : ExploreVerb.UsualTimers),
            Schedules = settings.Value(_schedules) ?? (strategy == StrategyKind.Dpor ? null : (long?)usual),
            Parameters = Parameters(session),
            IsFixed = settings.IsOn(_fixed),
            Without = settings.Value(_without) ?? KernelRule.None,
        }.Settings();
    }

    private string[] Parameters(Session session) => session.Arguments.GetValue(_parameters) ?? [];

    private void RefuseWhatDoesNotFit(Session session, bool isRace, bool explores, string argument)
    {
        Settings settings = session.Settings;
        if (explores && _run.GivenDeciding(settings).FirstOrDefault() is { } ofRuns)
        {
            throw Refusal.WrongUsage($"{ofRuns} is for runs, and {argument} is explored");
        }

        Option[] ofExplorations = [_schedules, _depth, _delivery, _timers, _without];
        if (!explores && Array.Find(ofExplorations, settings.IsGiven) is { } given)
        {
            throw Refusal.WrongUsage($"{given.Name} is for explorations: --strategy NAME explores {argument}");
        }

        if (!isRace && (settings.IsGiven(_parameters) || settings.IsOn(_fixed)))
        {
            throw Refusal.WrongUsage("--param and --fixed are for races; a scenario says itself what it is");
        }

        if (isRace && settings.Value(_without) is not null)
        {
            throw Refusal.WrongUsage("--without is for scenarios; a race says itself what it lacks");
        }

        if (isRace && settings.Value(_strategy) is StrategyKind.Dpor)
        {
            throw Refusal.WrongUsage($"--strategy dpor draws nothing, so every seed of a race comes to the same: actorvmm explore {argument} --exhaustive runs all its orders once");
        }
    }

    private static (ulong First, ulong Last) Range(string text)
    {
        string[] ends = text.Split("..");
        try
        {
            if (ends is [var first, var last] && Values.Seed(first) <= Values.Seed(last) && Values.Seed(last) <= CampaignPlan.MostSeed)
            {
                return (Values.Seed(first), Values.Seed(last));
            }
        }
        catch (FormatException)
        {
            // Said below, for both ends at once.
        }

        throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"expected two seeds, the smaller first, such as 1..1000, up to {CampaignPlan.MostSeed}"));
    }
}
