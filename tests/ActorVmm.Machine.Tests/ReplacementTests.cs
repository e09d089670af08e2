using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests;

/// <summary>
/// Page faults of hard-limited working sets, to the last one: textbook strings, and the real traces whose numbers two independent
/// implementations agree on (config/traces/README.md). The larger traces are in the same table; CI runs all of it.
/// </summary>
public sealed class ReplacementTests
{
    private const string Belady = "1,2,3,4,1,2,5,1,2,3,4,5";
    private const string Silberschatz = "7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1";

    [Theory]
    [InlineData(Belady, 3, 9, 10, 9, 7)]
    [InlineData(Belady, 4, 10, 8, 10, 6)]
    [InlineData(Silberschatz, 3, 15, 12, 14, 9)]
    public void ATextbookStringFaultsAsTheTextbookSays(string pages, int frames, long fifo, long lru, long clock, long opt) =>
        Check((size, replacement) => Runs.References(pages, size, replacement), frames, fifo, lru, clock, opt);

    [Theory]
    [InlineData("true", 4, 10035, 7682, 8720, 5839)]
    [InlineData("true", 8, 5350, 4088, 4485, 2785)]
    [InlineData("true", 16, 2897, 2163, 2401, 1202)]
    [InlineData("true", 32, 774, 471, 503, 287)]
    [InlineData("true", 64, 257, 186, 201, 157)]
    [InlineData("true", 128, 142, 138, 138, 138)]
    [InlineData("cat", 32, 2437, 1644, 1816, 938)]
    [InlineData("cat", 64, 680, 421, 451, 319)]
    [InlineData("cat", 128, 295, 263, 268, 215)]
    [InlineData("gcc", 1024, 1294, 1212, 1253, 1201)]
    public void ARealTraceFaultsAsTwoOthersCounted(string trace, int frames, long fifo, long lru, long clock, long opt) =>
        Check((size, replacement) => Runs.Trace(trace, size, replacement), frames, fifo, lru, clock, opt);

    [Fact]
    public void TheWorkingSetIsThereAtTheEnd()
    {
        using Scenario scenario = Runs.References(Belady, 3, Replacement.Fifo);
        RunSummary summary = Runs.Of(scenario);

        ProcessCounts process = summary.Processes.Listed.ShouldHaveSingleItem();
        process.WorkingSet.ShouldBe(3);
        process.PeakWorkingSet.ShouldBe(3);
        process.Accesses.ShouldBe(12);
        process.PageFaults.ShouldBe(9);
    }

    private static void Check(Func<int, Replacement, Scenario> scenarioOf, int frames, long fifo, long lru, long clock, long opt)
    {
        (Replacement Policy, long Expected)[] expected =
            [(Replacement.Fifo, fifo), (Replacement.Lru, lru), (Replacement.Clock, clock), (Replacement.Opt, opt)];
        foreach ((Replacement policy, long faults) in expected)
        {
            using Scenario scenario = scenarioOf(frames, policy);
            RunSummary summary = Runs.Of(scenario);
            summary.Faults.Total.ShouldBe(faults, $"{policy} with {frames} frames");
            summary.Violations.ShouldBeEmpty();
            summary.End.ShouldBe(RunEnd.Finished);
        }
    }
}
