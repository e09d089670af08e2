using ActorVmm.Machine.Summary;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests.Metrics;

/// <summary>Expectations find their metrics by name; one that nobody measures is not held, and says so.</summary>
public sealed class RunMetricsTests
{
    private const string Processes = """
          a:
            count: 2
            lingers: true
            phases:
              - reserve: { name: heap, size: 64KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: sequential, writes: 100% }
          ab:
            phases:
              - idle: 1ms
        """;

    [Theory]
    [InlineData("accesses == 32")]
    [InlineData("pageFaults == 32")]
    [InlineData("faults.demandZero == 32")]
    [InlineData("demandZeroFaults == 32")]
    [InlineData("demandZeroFaults.p99 > 0ms")]
    [InlineData("demandZeroFaults.p50 <= demandZeroFaults.max")]
    [InlineData("hardFaults.p99 == 0ms")]
    [InlineData("processes == 3")]
    [InlineData("workingSet(a) == 32 pages")]
    [InlineData("workingSet(a-1) == 16 pages at end")]
    [InlineData("peakWorkingSet(ab) == 0")]
    [InlineData("pages.total == 1MiB")]
    [InlineData("pages.standby(5) == 0")]
    [InlineData("commit.peak <= commit.limit")]
    [InlineData("virtualTime >= 1ms")]
    [InlineData("violations == 0")]
    [InlineData("facts(ProcessStarted) == 3")]
    [InlineData("facts(PageRepurposed) == 0")]
    public void AMetricIsFound(string expectation)
    {
        JudgedExpectation judged = Judge(expectation);
        judged.Held.ShouldBeTrue(judged.Found);
    }

    [Theory]
    [InlineData("workingSet(nobody) >= 0")]
    [InlineData("facts(Unicorns) == 0")]
    [InlineData("hardFaults.p101 == 0")]
    [InlineData("happiness > 0")]
    public void AnUnknownMetricIsNotHeld(string expectation)
    {
        JudgedExpectation judged = Judge(expectation);
        judged.Held.ShouldBeFalse();
        judged.Found.ShouldContain("no metric");
    }

    private static JudgedExpectation Judge(string expectation)
    {
        using Scenario scenario = Runs.Small(Processes + $"\nexpect: [ \"{expectation}\" ]");
        return Runs.Of(scenario).Expectations.ShouldHaveSingleItem();
    }
}
