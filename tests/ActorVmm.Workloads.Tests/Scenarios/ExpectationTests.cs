using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Workloads.Tests.Scenarios;

public sealed class ExpectationTests
{
    [Theory]
    [InlineData("hardFaults.p99 < 50ms", true)]
    [InlineData("hardFaults.p99 < 49.9ms", true)]
    [InlineData("hardFaults.p99 <= 40ms", true)]
    [InlineData("hardFaults.p99 < 40ms", false)]
    [InlineData("violations == 0", true)]
    [InlineData("violations != 0", false)]
    [InlineData("workingSet(db) >= 300 pages at end", true)]
    [InlineData("workingSet( db )>=1.25MiB", true)]
    [InlineData("pages.standby(5) > 7", false)]
    [InlineData("0 < pages.standby(5)", true)]
    [InlineData("writes < reads", true)]
    [InlineData("hitRatio >= 30%", true)]
    public void ComparesAMetricWithANumberInItsUnit(string text, bool held)
    {
        var metrics = new MetricTable
        {
            ["hardFaults.p99"] = 40_000_000,
            ["violations"] = 0,
            ["workingSet(db)"] = 320,
            ["pages.standby(5)"] = 7,
            ["reads"] = 10,
            ["writes"] = 3,
            ["hitRatio"] = 0.3,
        };

        ExpectationResult result = Parse(text).Evaluate(metrics);

        result.Held.ShouldBe(held);
        result.Expectation.Text.ShouldBe(text);
    }

    [Fact]
    public void SaysWhatItObserved()
    {
        var metrics = new MetricTable { ["faults.hard"] = 12 };

        Parse("faults.hard > 100").Evaluate(metrics).ShouldSatisfyAllConditions(
            result => result.Observed.ShouldBe(12),
            result => result.Explanation.ShouldBe("faults.hard is 12"));
    }

    [Fact]
    public void AMetricThatTheRunDoesNotHaveIsNotHeld()
    {
        ExpectationResult result = Parse("hardFalts == 0").Evaluate(new MetricTable());

        result.Held.ShouldBeFalse();
        result.Explanation.ShouldBe("the run has no metric `hardFalts`");
    }

    [Theory]
    [InlineData("violations")]
    [InlineData("violations = 0")]
    [InlineData("1 < 2")]
    [InlineData("< 2")]
    [InlineData("a <")]
    [InlineData("a < 5 parsec")]
    [InlineData("a( < 5")]
    [InlineData("a(b)(c) < 5")]
    [InlineData("a..b < 5")]
    [InlineData("a < b < c")]
    public void WhatIsNoComparisonIsRefused(string text) => Should.Throw<InputException>(() => Parse(text));

    private static Expectation Parse(string text) => ExpectationParser.Parse(new ScalarNode(new Place("test.yaml", 1, 1), text, Quoted: true));
}
