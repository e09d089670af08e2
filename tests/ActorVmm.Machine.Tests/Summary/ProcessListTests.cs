using ActorVmm.Machine.Summary;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests.Summary;

public sealed class ProcessListTests
{
    private const string Processes = """
          lazy:
            count: 1000
            phases: [ { idle: 1ms } ]
          busy:
            count: 3
            phases:
              - reserve: { name: heap, size: 64KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: sequential, count: 20 }
        """;

    [Fact]
    public void OfManyProcessesTheBusiestAreListed()
    {
        using Scenario scenario = Runs.Small(Processes);
        ProcessList processes = Runs.Of(scenario).Processes;

        processes.Total.ShouldBe(1_003);
        processes.Listed.Count.ShouldBe(ProcessList.Busiest);
        processes.Omitted.ShouldBe(903);
        processes.Listed.Take(4).Select(process => process.Name).ShouldBe(["busy-1", "busy-2", "busy-3", "lazy-1"]);
    }
}
