using ActorVmm.Kernel;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Benchmarks.Comparing;

/// <summary>
/// The stress by which hosts and journals are measured: a thousand processes that take turns of at most four accesses; each commits
/// sixteen pages, stores to each, goes over them 31 times more, and releases them, again and again. It never ends.
/// </summary>
internal static class Stress
{
    private const int Processes = 1_000;

    public static Scenario Scenario()
    {
        Loop loop = Loop.TouchAndRelease(16, 32);
        return new Scenario
        {
            Name = "benchmark",
            Path = "",
            Sha256 = "",
            Seed = 1,
            Machine = new MachinePlan(Processes * 64) { Policy = new MemoryPolicy { Quantum = 4 } },
            Operator = new OperatorPlan { Processes = [.. Enumerable.Repeat(new ProcessPlan("stress", [loop]), Processes)] },
        };
    }

    /// <summary>The machine on a host, with every promise judged or none.</summary>
    public static SimulatedMachine On(Func<HostOptions, IHost> hostOf, bool specifications = false)
    {
        Scenario scenario = Scenario();
        return MachineBuilder.Build(scenario, specifications ? [new SpecificationSuite(scenario.Machine)] : [], hostOf);
    }
}
