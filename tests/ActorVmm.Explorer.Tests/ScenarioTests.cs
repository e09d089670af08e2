using ActorVmm.Explorer.Scenarios;
using ActorVmm.Machine.Tests;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Explorer.Tests;

/// <summary>Whole scenarios: the same actors as in a run, taken to the same first state before each execution.</summary>
public sealed class ScenarioTests
{
    private const string TwoProcesses = """
        version: 1
        name: two-processes
        seed: 1
        machine: { ram: 64 pages, cpus: 1, pagingFiles: [ { size: 1MiB, latency: const(1ms) } ] }
        processes:
          small:
            count: 2
            workingSet: { min: 20 pages, max: 40 pages }
            phases:
              - reserve: { name: page, size: 4KiB }
              - commit:  { region: page }
              - touch: { region: page, pattern: sequential, writes: 100%, count: 1 }
        """;

    [Fact]
    public void AllOrdersOfASmallMachineKeepEveryPromise()
    {
        using Scenario scenario = Load();
        ExplorationOptions options = new() { Strategy = StrategyKind.Dpor, Setting = new ExecutionSetting { TimerFirings = 0 } };

        ExplorationResult first = new Exploration(new ScenarioSubject(scenario, "x"), options).Run();
        ExplorationResult second = new Exploration(new ScenarioSubject(scenario, "x"), options).Run();

        (first.Exhausted, first.ViolatingTraces, first.Blocked).ShouldBe((true, 0, 0));
        first.Traces.ShouldBeGreaterThan(100);
        (second.Traces, second.Turns).ShouldBe((first.Traces, first.Turns));
    }

    /// <summary>Two processes, a page each: every order is run, and the proof is the same bit for bit.</summary>
    [Fact]
    public void ASmallScopeIsProvedTwice()
    {
        using Scenario scenario = ScenarioFile.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(TwoProcesses)), "two-processes.yaml", new ScenarioOverrides());
        ExplorationOptions options = new() { Strategy = StrategyKind.Dpor, SumsTraces = true, Setting = new ExecutionSetting { TimerFirings = 0 } };

        ExplorationResult first = new Exploration(new ScenarioSubject(scenario, "x"), options).Run();
        ExplorationResult part = new Exploration(new ScenarioSubject(scenario, "x"), options with { Schedules = first.Traces / 2 }).Run();
        ExplorationResult rest = new Exploration(new ScenarioSubject(scenario, "x"), options with { From = Checkpoint.Parse((part.Checkpoint! with { Of = "x" }).ToString()) }).Run();

        (first.Exhausted, first.ViolatingTraces, first.Blocked).ShouldBe((true, 0, 0));
        first.Sum.ShouldNotBeNull();
        part.Sum.ShouldNotBe(first.Sum);
        (rest.Exhausted, rest.Traces, rest.Sum).ShouldBe((true, first.Traces, first.Sum));
    }

    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.Portfolio)]
    public void ASampledExecutionIsTheSameAgain(StrategyKind strategy)
    {
        using Scenario scenario = Load();
        ExplorationOptions options = new() { Strategy = strategy, Schedules = 30, Setting = new ExecutionSetting { TimerFirings = 10 } };

        ExplorationResult first = new Exploration(new ScenarioSubject(scenario, "x"), options).Run();
        ExplorationResult second = new Exploration(new ScenarioSubject(scenario, "x"), options with { Workers = 2 }).Run();

        first.Findings.ShouldBeEmpty();
        first.Traces.ShouldBeGreaterThan(5);
        (second.Traces, second.Turns).ShouldBe((first.Traces, first.Turns));
    }

    private static Scenario Load() => ScenarioFile.Load(RepositoryFiles.PathOf("config", "scenarios", "two-threads.yaml"), new ScenarioOverrides());
}
