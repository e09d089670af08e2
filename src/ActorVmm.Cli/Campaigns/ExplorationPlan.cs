using System.Globalization;
using ActorVmm.Cli.Output;
using ActorVmm.Cli.Verbs;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Cli.Campaigns;

/// <summary>How a campaign explores with each seed, as settings of its plan.</summary>
internal sealed record ExplorationPlan
{
    /// <summary>Schedules of one seed of a race when nobody says otherwise.</summary>
    public const int UsualRaceSchedules = 1_000;

    private const string Prefix = "explore:";
    private const string StrategySetting = Prefix + "strategy";

    public StrategyKind Strategy { get; init; } = StrategyKind.Portfolio;

    public int Depth { get; init; } = 3;

    public DeliveryModel Delivery { get; init; } = DeliveryModel.Fifo;

    public int Timers { get; init; } = 1;

    /// <summary>Executions of one seed; null for as many as there are.</summary>
    public long? Schedules { get; init; }

    /// <summary>Of a race, k=v.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    public bool IsFixed { get; init; }

    public KernelRule Without { get; init; }

    /// <summary>How a plan explores; null when it runs.</summary>
    /// <exception cref="FormatException">The settings say something that this program does not know.</exception>
    public static ExplorationPlan? Of(CampaignPlan plan)
    {
        if (!plan.Settings.Any(setting => setting.Key is StrategySetting))
        {
            return null;
        }

        string Find(string name) => plan.Settings.FirstOrDefault(setting => string.Equals(setting.Key, Prefix + name, StringComparison.Ordinal)).Value ?? "";
        return new ExplorationPlan
        {
            Strategy = Enum.Parse<StrategyKind>(Find("strategy"), ignoreCase: true),
            Depth = int.Parse(Find("depth"), CultureInfo.InvariantCulture),
            Delivery = Enum.Parse<DeliveryModel>(Find("delivery"), ignoreCase: true),
            Timers = int.Parse(Find("timers"), CultureInfo.InvariantCulture),
            Schedules = Find("schedules") is { Length: > 0 } schedules ? long.Parse(schedules, CultureInfo.InvariantCulture) : null,
            Parameters = [.. plan.Settings.Where(setting => setting.Key is Prefix + "param").Select(setting => setting.Value)],
            IsFixed = Find("fixed") is "yes",
            Without = RuleNames.Find(Find("without")),
        };
    }

    /// <summary>As settings of a plan.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings() =>
    [
        new(StrategySetting, ExplorationReport.NameOf(Strategy)),
        new(Prefix + "depth", Depth.ToString(CultureInfo.InvariantCulture)),
        new(Prefix + "delivery", ExplorationReport.NameOf(Delivery)),
        new(Prefix + "timers", Timers.ToString(CultureInfo.InvariantCulture)),
        new(Prefix + "schedules", Schedules?.ToString(CultureInfo.InvariantCulture) ?? ""),
        .. Parameters.Select(parameter => new KeyValuePair<string, string>(Prefix + "param", parameter)),
        new(Prefix + "fixed", IsFixed ? "yes" : "no"),
        new(Prefix + "without", RuleNames.NameOf(Without)),
    ];

    /// <summary>As the explorer takes it; the seed apart.</summary>
    public ExplorationOptions Options(TimeProvider clock) => new()
    {
        Strategy = Strategy,
        Depth = Depth,
        Setting = new ExecutionSetting { Model = Delivery, TimerFirings = Timers },
        Schedules = Schedules,
        Clock = clock,
    };
}
