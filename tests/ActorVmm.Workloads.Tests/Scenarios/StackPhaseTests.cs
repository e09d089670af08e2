using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Tests.Traces;

namespace ActorVmm.Workloads.Tests.Scenarios;

/// <summary>Phases about stacks, addresses and instructions, and lessons.</summary>
public sealed class StackPhaseTests
{
    // Reserve all, commit the top and two guards, make them guards, say where it is; then the stores, from the top down.
    [Fact]
    public void TheFirstStackPhaseBuildsTheStack()
    {
        using Scenario scenario = ScenarioText.WithPhases("{ stack: { reserve: 64KiB, commit: 4KiB, touch: 12KiB } }, { stack: { reset: true } }");

        TraceText.Story(scenario.Operator.Processes[0].Threads[0]).ShouldBe(
            "Reserve100000000+10000:ReadWrite Commit10000d000+3000:ReadWrite Protect10000d000+2000:ReadWrite, Guard SetStack10000f000+1000:None "
            + "w10000f000 w10000e000 w10000d000 Protect100001000+2000:ReadWrite, Guard");
    }

    [Fact]
    public void EachThreadHasOneOfItsOwnAndTheOtherRegionsAreShared()
    {
        using Scenario scenario = ScenarioText.Load(
            "{ version: 1, machine: { ram: 4MiB, architecture: x86 }, processes: { p: { threads: 3, phases: [ { stack: { reserve: 64KiB } }, { reserve: { name: heap, size: 64KiB } }, { commit: { region: heap } }, { touch: { region: heap, size: 1 page } } ] } } }");

        IReadOnlyList<IProgram> threads = scenario.Operator.Processes[0].Threads;
        TraceText.Operations(threads[0]).First(operation => operation.Kind == OperationKind.SetStack).ShouldBe(new Operation(OperationKind.SetStack, 0x40_F000, 0x1000));
        TraceText.Operations(threads[2]).First(operation => operation.Kind == OperationKind.SetStack).ShouldBe(new Operation(OperationKind.SetStack, 0x44_F000, 0x1000));
        TraceText.Operations(threads[2]).First(operation => operation.Kind == OperationKind.Protect).Argument.ShouldBe(0x1000UL, "one guard page on x86");
        threads.Select(thread => TraceText.Operations(thread)[^1].Address).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void ARegionLiesWhereItIsPut()
    {
        using Scenario scenario = ScenarioText.WithPhases("{ reserve: { name: a, size: 64KiB, address: \"0x7F7'93950000\" } }, { commit: { region: a } }, { execute: { region: a, offset: 4KiB, size: 8KiB } }");

        TraceText.Story(scenario.Operator.Processes[0].Threads[0]).ShouldBe("Reserve7f793950000+10000:ReadWrite Commit7f793950000+10000:ReadWrite x7f793951000 x7f793952000");
    }

    [Fact]
    public void ALessonSaysItsMetrics()
    {
        using Scenario scenario = ScenarioText.Load(
            "{ version: 1, machine: { ram: 4MiB }, processes: { p: { phases: [ { idle: 1ms } ] } }, lesson: [ \"{a} and {b(x, y):hex}, {c:bytes}, {d}.\" ] }");
        var metrics = new MetricTable { ["a"] = 1234.5, ["b(x,y)"] = 0xABC, ["c"] = 3 };

        LessonLine line = scenario.Lesson.ShouldHaveSingleItem();
        line.Metrics.ShouldBe(["a", "b(x,y)", "c", "d"]);
        line.Tell(metrics).ShouldBe("1,234.5 and abc, 12 KB, {d}.");
    }
}
