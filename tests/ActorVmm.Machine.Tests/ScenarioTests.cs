using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests;

/// <summary>Every scenario of config/scenarios teaches what its expectations say, and breaks no promise.</summary>
public sealed class ScenarioTests
{
    /// <summary>Ten thousand processes take a while; ACTORVMM_LONG=1 runs them too, and so do the benchmarks.</summary>
    private static readonly string? _tooLong = Environment.GetEnvironmentVariable("ACTORVMM_LONG") == "1" ? null : "mixed-10000";

    public static TheoryData<string> Names =>
    [
        .. Directory.EnumerateFiles(RepositoryFiles.PathOf("config", "scenarios"), "*.yaml")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != _tooLong).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void AScenarioTeachesItsLesson(string name)
    {
        using Scenario scenario = Runs.Named(name);
        RunSummary summary = Runs.Of(scenario);

        summary.Violations.ShouldBeEmpty();
        summary.End.ShouldBe(RunEnd.Finished);
        summary.Expectations.ShouldNotBeEmpty();
        summary.Expectations.Where(expectation => !expectation.Held).ShouldBeEmpty();
        summary.Pages.Sum.ShouldBe(summary.Pages.Total);
        Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.PageTable).Sum(kind => summary.Faults[kind]).ShouldBe(summary.Faults.Total);
        if (summary.Processes.Listed.Count == summary.Processes.Total)
        {
            summary.Processes.Listed.Sum(process => process.PageFaults).ShouldBe(summary.Faults.Total);
        }
    }
}
