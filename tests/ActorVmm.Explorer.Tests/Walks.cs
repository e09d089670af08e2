namespace ActorVmm.Explorer.Tests;

/// <summary>How many executions a test of chances takes, and when it believes them.</summary>
internal static class Walks
{
    /// <summary>A hundred thousand; a million with <c>ACTORVMM_LONG=1</c>.</summary>
    public static int Count { get; } = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 1_000_000 : 100_000;

    public static long Violating(ISubject subject, StrategyKind strategy, DeliveryModel model = DeliveryModel.Fifo, int depth = 1, ulong seed = 7) =>
        new Exploration(subject, new ExplorationOptions
        {
            Strategy = strategy,
            Depth = depth,
            Seed = seed,
            Schedules = Count,
            CountsTraces = false,
            Setting = new ExecutionSetting { Model = model },
        }).Run().ViolatingSchedules;

    /// <summary>Four standard deviations of the number of hits.</summary>
    public static double FourDeviations(double rate) => 4 * Math.Sqrt(Count * rate * (1 - rate));
}
