using System.Text;
using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Tests.Traces;
using ActorVmm.Workloads.Traces;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Workloads.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    private const string Whole = """
        version: 1
        name: everything
        description: one of each
        seed: 18446744073709551615
        machine:
          ram: 64 MiB
          cpus: 4
          numaNodes: 1
          pagingFiles: [ { size: 256MiB, maximum: 1GB, latency: normal(4ms, 1ms), perPage: 5us, queueDepth: 8 }, { size: 300 pages } ]
          turnCosts: { access: 3ns, hardFault: 1.5us }
        policy:
          replacement: clock
          lowAvailable: 1MiB
          plentyAvailable: 400 pages
          readCluster: 8 pages
          modifiedWriter: { maximum: 200 pages, cluster: 32KiB, inFlight: 2 }
          zeroThread: { wake: 16 pages, batch: 2 pages }
          workingSetManager: { period: 500ms }
        processes:
          web:
            count: 3
            threads: 2
            workingSet: { min: 20 pages, max: 400 pages, hardMax: true }
            commitQuota: 16MiB
            priority: 10
            memoryPriority: 3
            phases: [ { idle: exp(50ms) } ]
          db: { lingers: yes, replacement: lru, phases: [ { reserve: { name: heap, size: 8MiB } } ] }
        load: [ { for: 1s, processes: 2 }, { for: 3s, processes: 4 } ]
        faults:
          - { at: 2s, inject: device-slow, factor: 20, for: 500ms, pagingFile: 1 }
          - { at: 3s, inject: read-error, chance: 5%, for: 100ms }
          - { at: 4s, inject: kill-process, process: 3 }
          - { at: 5s, inject: flush-modified-list }
        expect: [ "hardFaults.p99 < 50ms", violations == 0, "workingSet(db) >= 300 pages at end" ]
        """;

    [Fact]
    public void EveryKeyArrives()
    {
        using Scenario scenario = ScenarioText.Load(Whole);

        (scenario.Name, scenario.Description, scenario.Seed).ShouldBe(("everything", "one of each", ulong.MaxValue));
        MachinePlan machine = scenario.Machine;
        (machine.Frames, machine.Processors, machine.PagingFiles.Count).ShouldBe((16_384u, 4, 2));
        (machine.PagingFiles[0].Pages, machine.PagingFiles[0].MaximumPages, machine.PagingFiles[0].TicksPerPage, machine.PagingFiles[0].QueueDepth)
            .ShouldBe((65_536u, 262_144u, 5_000L, 8));
        machine.PagingFiles[1].MaximumPages.ShouldBe(300u);
        machine.Costs.ShouldBe(new TurnCosts { Access = 3, HardFault = 1_500 });
        machine.Policy.ShouldBe(new MemoryPolicy
        {
            LowAvailable = 256,
            PlentyAvailable = 400,
            ReadCluster = 8,
            ModifiedMaximum = 200,
            WriteCluster = 8,
            WritesInFlight = 2,
            ZeroThreadWake = 16,
            ZeroBatch = 2,
            ManagerPeriod = Ticks.FromMilliseconds(500),
        });
        IReadOnlyList<ProcessPlan> processes = scenario.Operator.Processes;
        processes.Select(process => process.Name).ShouldBe(["web-1", "web-2", "web-3", "db"]);
        (processes[0].WorkingSet, processes[0].Replacement, processes[0].CommitQuota, processes[0].Priority, processes[0].MemoryPriority, processes[0].Threads.Count)
            .ShouldBe((new WorkingSetLimits(20, 400, true), Replacement.Clock, 4096UL, (byte)10, (byte)3, 2));
        (processes[3].Lingers, processes[3].Replacement).ShouldBe((true, Replacement.Lru));
        scenario.Operator.Load.ShouldBe([new LoadStep(Ticks.FromSeconds(1), 2), new LoadStep(Ticks.FromSeconds(3), 4)]);
        scenario.Operator.Injections.ShouldBe(
        [
            new Injection(Ticks.FromSeconds(2), InjectionKind.DeviceSlow, 1, 20, Ticks.FromMilliseconds(500)),
            new Injection(Ticks.FromSeconds(3), InjectionKind.ReadError, 0, 50, Ticks.FromMilliseconds(100)),
            new Injection(Ticks.FromSeconds(4), InjectionKind.KillProcess, 3),
            new Injection(Ticks.FromSeconds(5), InjectionKind.FlushModifiedList),
        ]);
        scenario.Expectations.Count.ShouldBe(3);
        scenario.Expectations[2].Place.ShouldBe(new Place("test.yaml", 35, 53));
    }

    [Fact]
    public void TheCommandLineBeatsTheFile()
    {
        using Scenario scenario = ScenarioText.WithPhases(
            "{ reserve: { name: h, size: 1MiB } }, { commit: { region: h } }, { touch: { region: h, count: 9 } }",
            new ScenarioOverrides { Seed = 9, Frames = 100, Processes = 3, WorkingSet = 5, Replacement = Replacement.Opt });

        (scenario.Seed, scenario.Machine.Frames, scenario.Operator.Processes.Count).ShouldBe((9UL, 100u, 3));
        scenario.Operator.Processes[0].WorkingSet.ShouldBe(new WorkingSetLimits(5, 5, HardMaximum: true));
        scenario.Operator.Processes[0].Threads[0].ShouldBeAssignableTo<IForesight>();
    }

    [Fact]
    public void ABareTraceBecomesAScenario()
    {
        using TraceFile trace = TraceText.Open("1,2,3");
        using Scenario scenario = ScenarioFile.Of(trace, new ScenarioOverrides { WorkingSet = 3, Replacement = Replacement.Fifo, Processes = 2 });

        scenario.Operator.Processes.Select(process => (process.Name, process.Replacement)).ShouldBe([("test-1", Replacement.Fifo), ("test-2", Replacement.Fifo)]);
        scenario.Operator.Processes[0].WorkingSet.ShouldBe(new WorkingSetLimits(3, 3, HardMaximum: true));
    }

    [Theory]
    [InlineData("10ms", 10_000_000)]
    [InlineData("const(4ms)", 4_000_000)]
    [InlineData("uniform(2us, 2us)", 2_000)]
    [InlineData("normal(4ms, 0ns)", 4_000_000)]
    [InlineData("exp(0s)", 0)]
    [InlineData("pareto(1ms, 1000)", 1_000_000)]
    [InlineData("zipf(1, 0.99, 1.5 ms)", 1_500_000)]
    public void DistributionsAreReadAsWritten(string text, long sample)
    {
        DistributionText.TryParse(text, out Distribution distribution).ShouldBeNull();
        distribution.Sample(ulong.MaxValue).ShouldBe(sample);
    }

    [Theory]
    [InlineData("uniform(1ms, 9ms)", 5_000_000)]
    [InlineData("normal(4ms, 1ms)", 4_000_000)]
    [InlineData("exp(50ms)", 50_000_000)]
    [InlineData("pareto(1ms, 3)", 1_500_000)]
    public void DistributionsHaveTheMeansTheyName(string text, double mean)
    {
        DistributionText.TryParse(text, out Distribution distribution).ShouldBeNull();
        Enumerable.Range(0, 50_000).Average(i => distribution.Sample(Mix.Spread((ulong)i))).ShouldBe(mean, mean * 0.03);
    }

    [Fact]
    public void ArbitraryTextIsAScenarioOrAnInputErrorAndNothingElse()
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(1, 3);
        Check.One(config, Prop.ForAll<byte[]>(bytes => IsScenarioOrInputError(bytes)));
        Check.One(config, Prop.ForAll(
            Gen.Elements("{}[]:,-?&*!|>'\"%@`# \nabz019.".ToCharArray()).ArrayOf().ToArbitrary(),
            letters => IsScenarioOrInputError(Encoding.UTF8.GetBytes(letters))));
    }

    [Fact]
    public void AScenarioWithAnythingChangedIsAScenarioOrAnInputErrorAndNothingElse()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Whole);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(1, 3), Prop.ForAll(
            Gen.Zip(Gen.Choose(0, whole.Length - 1), Gen.Elements("{}[]:,-&*!|'\"#% \n0a(".Select(letter => (byte)letter).ToArray())).ToArbitrary(),
            change =>
            {
                byte[] bytes = [.. whole];
                bytes[change.Item1] = change.Item2;
                return IsScenarioOrInputError(bytes);
            }));
    }

    private static bool IsScenarioOrInputError(byte[] bytes)
    {
        try
        {
            using Scenario scenario = ScenarioFile.Load(new MemoryStream(bytes), "test.yaml");
            return true;
        }
        catch (InputException error)
        {
            return error.Sentence.Length > 0 && error.Message.All(letter => letter is not ('\n' or '\r'));
        }
    }
}
