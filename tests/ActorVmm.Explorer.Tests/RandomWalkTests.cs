namespace ActorVmm.Explorer.Tests;

/// <summary>A uniform walk hits at the exact rates of races.md.</summary>
public sealed class RandomWalkTests
{
    [Theory]
    [InlineData("collided-fault", 15, 64)]
    [InlineData("lost-writeback", 61, 432)]
    [InlineData("unzeroed-page", 5, 16)]
    [InlineData("exit-in-flight", 13, 64)]
    [InlineData("shoot-down", 5, 24)]
    [InlineData("pinned-cow", 5, 16)]
    [InlineData("slot-reuse", 14125, 139968)]
    public void HitsAtTheExactRate(string name, int hits, int of)
    {
        double rate = (double)hits / of;

        long violating = Walks.Violating(Explored.Model(name, isFixed: false), StrategyKind.Random);

        Math.Abs(violating - (rate * Walks.Count)).ShouldBeLessThanOrEqualTo(Walks.FourDeviations(rate));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WorkersFindWhatOneFinds(int workers)
    {
        ExplorationResult one = Explore(1);
        ExplorationResult several = Explore(workers);

        (several.Schedules, several.ViolatingSchedules, several.Traces, several.ViolatingTraces, several.Turns)
            .ShouldBe((one.Schedules, one.ViolatingSchedules, one.Traces, one.ViolatingTraces, one.Turns));
        several.Findings.Select(finding => (finding.FirstAt, finding.Schedule)).ShouldBe(one.Findings.Select(finding => (finding.FirstAt, finding.Schedule)));
    }

    [Fact]
    public void EnoughWalksSeeEveryTrace()
    {
        ExplorationResult result = Explore(1);

        (result.Traces, result.ViolatingTraces).ShouldBe((13, 2));
    }

    private static ExplorationResult Explore(int workers) =>
        new Exploration(Explored.Model("slot-reuse", isFixed: false), new ExplorationOptions { Strategy = StrategyKind.Random, Schedules = 20_000, Workers = workers }).Run();
}
