using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Tests.Traces;

namespace ActorVmm.Workloads.Tests.Scenarios;

/// <summary>Sections of a scenario, and what becomes of the phases that use them.</summary>
public sealed class SectionPhaseTests
{
    private const string Start = "version: 1\nmachine: { ram: 4MiB, pagingFiles: [ { size: 4MiB } ] }\nsections: { first: { size: 5 KiB }, cache: { size: 16 pages } }\n";

    [Fact]
    public void SectionsAreInTheOrderOfTheFileInWholePages()
    {
        using Scenario scenario = ScenarioText.Load(Start + "processes: { p: { phases: [ { idle: 1ms } ] } }\n");

        scenario.Operator.Sections.ShouldBe([new SectionPlan("first", 2), new SectionPlan("cache", 16)]);
    }

    [Fact]
    public void AViewIsARegionUntilItIsReleasedAndComesBackToItsPlace()
    {
        using Scenario scenario = ScenarioText.Load(Start + """
            processes:
              p:
                phases:
                  - map: { section: cache, name: view, protect: writecopy, address: "0x2000'0000" }
                  - touch: { region: view, size: 1 page, writes: 100% }
                  - protect: { region: view, size: 1 page, protect: readonly }
                  - release: { region: view }
                  - map: { section: cache, name: view }

            """);

        IReadOnlyList<Operation> operations = TraceText.Operations(scenario.Operator.Processes[0].Threads[0]);

        operations.Select(operation => (operation.Kind, operation.Address, operation.Protection)).ShouldBe(
        [
            (OperationKind.MapView, 0x2000_0000UL, PageProtection.WriteCopy),
            (OperationKind.Write, 0x2000_0000UL, PageProtection.None),
            (OperationKind.Protect, 0x2000_0000UL, PageProtection.ReadOnly),
            (OperationKind.UnmapView, 0x2000_0000UL, PageProtection.None),
            (OperationKind.MapView, 0x2000_0000UL, PageProtection.ReadWrite),
        ]);
        operations.Where(operation => operation.Kind == OperationKind.MapView).ShouldAllBe(operation => operation.Argument == 2, "the second section of the file");
    }

    [Fact]
    public void ATouchOfAViewIsOfAllOfIt()
    {
        using Scenario scenario = ScenarioText.Load(Start + "processes: { p: { phases: [ { map: { section: cache, name: view } }, { touch: { region: view } } ] } }\n");

        TraceText.Operations(scenario.Operator.Processes[0].Threads[0]).Count(operation => operation.IsAccess).ShouldBe(16);
    }
}
