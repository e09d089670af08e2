using ActorVmm.Machine.Conformance;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Machine.Tests.Conformance;

/// <summary>What passes goes on passing; what is not built is unsupported; nothing fails.</summary>
public sealed class SampleRatchetTests
{
    private static readonly Lazy<IReadOnlyList<CaseResult>> _results = new(() =>
    {
        var runner = new ConformanceRunner(plan => new ConformanceSession(plan));
        return [.. Sample.Cases.Select(runner.Run)];
    });

    [Fact]
    public void WhatPassedBeforePassesStillAndWhatIsNewIsWrittenDown() =>
        NamesOf(CaseOutcome.Passed).Order(StringComparer.Ordinal).ShouldBe(Sample.Passing.Order(StringComparer.Ordinal), "tests/cases/passing.txt is the list");

    [Fact]
    public void NoRunFails() => NamesOf(CaseOutcome.Failed).ShouldBeEmpty();

    [Fact]
    public void WhatIsUnsupportedSaysWhatIsLacking() =>
        _results.Value.SelectMany(result => result.Runs).Where(run => run.Outcome == CaseOutcome.Unsupported).ShouldAllBe(run => run.Expected.Length > 0 && run.Step > 0);

    [Fact]
    public void ARunTwiceIsTheSame()
    {
        var runner = new ConformanceRunner(plan => new ConformanceSession(plan));
        foreach (CaseResult before in _results.Value.Take(40))
        {
            runner.Run(before.Case).Runs.ShouldBe(before.Runs);
        }
    }

    private static IEnumerable<string> NamesOf(CaseOutcome outcome) =>
        from result in _results.Value
        from run in result.Runs
        where run.Outcome == outcome
        select $"{result.Case.Id} {ArchitectureText.NameOf(run.Architecture)}";
}
