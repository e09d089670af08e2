using ActorVmm.Machine.Summary;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests;

/// <summary>The memory manager on several cores: it keeps its promises there, and its run is done again bit for bit.</summary>
public sealed class ParallelRunTests
{
    /// <summary>More memory written than there is: trims, page-outs, hard faults, exits.</summary>
    private const string Crowded = """
          writer:
            count: 4
            threads: 2
            phases:
              - reserve: { name: heap, size: 512KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: sequential, writes: 100% }
              - idle: uniform(1ms, 20ms)
              - touch:   { region: heap, pattern: random, count: 60 }
        """;

    public static TheoryData<string, ulong, int> Scenarios => new()
    {
        { "first-look", 2, 2 },
        { "thrash", 2, 8 },
        { "process-churn", 2, 8 },
        { "collided-fault", 1, 2 },
        { "modified-backlog", 1, 4 },
        { "trim-cascade", 1, 2 },
        { "bad-pages", 1, 2 },
        { "several-paging-files", 1, 4 },
        { "job-limits", 1, 2 },
        { "paged-and-nonpaged-pool", 1, 2 },
        { "kernel-stacks", 1, 2 },
        { "large-pages", 1, 4 },
        { "operator-commands", 1, 2 },
        { "driver-mdl", 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void AScenarioKeepsItsPromisesAndIsReplayedBitForBit(string name, ulong seed, int workers)
    {
        (RunSummary run, SimulatedMachine machine) = Run(name, seed, options => new ParallelHost(new ParallelHostOptions(options) { Workers = workers, Clock = TimeProvider.System }));
        run.Violations.ShouldBeEmpty();
        run.End.ShouldBe(RunEnd.Finished);
        ParallelRecord record = ParallelRecord.Decode(((ParallelHost)machine.Host).TakeRecord().Encode());
        record.Deliveries.ShouldBe(run.Turns);

        foreach (ReplayOptions how in (ReplayOptions[])[new(), new() { AnotherOrder = true }])
        {
            (RunSummary replay, SimulatedMachine again) = Run(name, seed, options => new ReplayHost(record, new ReplayOptions(options) { AnotherOrder = how.AnotherOrder }));
            replay.Fingerprint.ShouldBe(run.Fingerprint);
            replay.Violations.ShouldBeEmpty();
            again.Host.Statistics.ShouldBe(machine.Host.Statistics);
        }

        SimulatedMachine threaded = Build(name, seed, options => new ReplayHost(record, new ReplayOptions(options) { Threads = workers }));
        threaded.Host.Run();
        threaded.Fingerprint().ShouldBe(run.Fingerprint);
    }

    [Fact]
    public void EverySeedOfACrowdedMachineIsReplayedBitForBit()
    {
        long read = 0;
        long written = 0;
        for (ulong seed = 1; seed <= 50; seed++)
        {
            foreach (int workers in (int[])[2, 8])
            {
                using Scenario scenario = Runs.Small(Crowded, seed: seed);
                double scale = 100 * (seed % 3);
                SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => new ParallelHost(new ParallelHostOptions(options) { Workers = workers, Clock = TimeProvider.System, TimeScale = scale }));
                machine.Host.Run().ShouldBe(RunOutcome.Quiescent);
                machine.ScenarioEnded.ShouldBeTrue();
                read += machine.PagingFiles.Sum(file => (long)file.PagesInput);
                written += machine.PagingFiles.Sum(file => (long)file.PagesOutput);
                ParallelRecord record = ((ParallelHost)machine.Host).TakeRecord();
                SimulatedMachine again = MachineBuilder.Build(scenario, [], options => new ReplayHost(record, new ReplayOptions(options)));
                again.Host.Run();
                again.Fingerprint().ShouldBe(machine.Fingerprint(), $"seed {seed}, {workers} workers");
            }
        }

        // What was meant to happen has happened.
        read.ShouldBeGreaterThan(1_000);
        written.ShouldBeGreaterThan(1_000);
    }

    private static SimulatedMachine Build(string name, ulong seed, Func<HostOptions, IHost> hostOf) =>
        MachineBuilder.Build(Runs.Named(name, seed), [], hostOf);

    private static (RunSummary Summary, SimulatedMachine Machine) Run(string name, ulong seed, Func<HostOptions, IHost> hostOf)
    {
        using Scenario scenario = Runs.Named(name, seed);
        var recorder = new RunRecorder(new RunPlan(scenario), "00000000000000000000000000", TimeProvider.System, hostOf);
        recorder.Run(CancellationToken.None);
        return (recorder.Summarize(), recorder.Machine);
    }
}
