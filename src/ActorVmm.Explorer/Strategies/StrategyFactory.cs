using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Strategies;

/// <summary>Makes strategies from their names.</summary>
internal static class StrategyFactory
{
    /// <summary>Whether a strategy asks who caused what.</summary>
    public static bool NeedsRecord(ExplorationOptions options) =>
        options.Covers || options.Strategy is StrategyKind.Dpor or StrategyKind.Pctcp or StrategyKind.Portfolio;

    public static IStrategy Create(ExplorationOptions options, ExploredMachine machine)
    {
        IStrategy strategy = Named(options, machine);
        return options.SkipsKnownStates && strategy is not (DporStrategy or ReplayStrategy or StateStrategy) ? new KnownStates(strategy, machine) : strategy;
    }

    private static IStrategy Named(ExplorationOptions options, ExploredMachine machine) => options.Strategy switch
    {
        StrategyKind.Dpor => new DporStrategy(machine),
        StrategyKind.States => new StateStrategy(machine),
        StrategyKind.Random => new RandomStrategy(options.Seed),
        StrategyKind.Pct => new PctStrategy(machine, options.Seed, options.Depth),
        StrategyKind.Pctcp => new PctcpStrategy(machine, options.Seed, options.Depth),
        StrategyKind.Pos => new PosStrategy(options.Seed),
        StrategyKind.Delay => new DelayStrategy(machine, options.Seed, options.Depth - 1),
        StrategyKind.Portfolio => new PortfolioStrategy(machine, options.Seed),
        StrategyKind.Replay => new ReplayStrategy(options.Schedule),
    };
}
