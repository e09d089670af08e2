using ActorVmm.Machine;
using ActorVmm.Machine.Summary;
using ActorVmm.Machine.Tests;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Akka.Tests;

/// <summary>The memory manager on Akka.NET: it keeps its promises there, and its run is done again bit for bit.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Scenarios => ["first-look", "thrash", "process-churn", "collided-fault", "modified-backlog", "trim-cascade", "pagefile-full", "standby-rescue", "page-table-fault", "demand-zero", "guard-and-violation", "zero-page-starvation"];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void AScenarioKeepsItsPromisesAndIsTheSameRunAgain(string name)
    {
        for (ulong seed = 1; seed <= 2; seed++)
        {
            (RunSummary run, SimulatedMachine machine) = Run(name, seed, options => Systems.Host(new AkkaHostOptions(options) { Clock = TimeProvider.System, Recording = true }));
            run.Violations.ShouldBeEmpty();
            run.End.ShouldBe(RunEnd.Finished);
            AkkaHost host = (AkkaHost)machine.Host;
            host.Record.Turns.ShouldBe(run.Turns);

            SimulatedMachine again = MachineBuilder.Build(Runs.Named(name, seed), [], options => new RecordedHost(options, host.Record.Read()));
            again.Host.Run();
            ((RecordedHost)again.Host).Divergence.ShouldBeNull();
            again.Fingerprint().ShouldBe(run.Fingerprint);
            again.Host.Statistics.ShouldBe(host.Statistics);
            host.Dispose();
        }
    }

    private static (RunSummary Summary, SimulatedMachine Machine) Run(string name, ulong seed, Func<HostOptions, IHost> hostOf)
    {
        using Scenario scenario = Runs.Named(name, seed);
        var recorder = new RunRecorder(new RunPlan(scenario), "00000000000000000000000000", TimeProvider.System, hostOf);
        recorder.Run(CancellationToken.None);
        return (recorder.Summarize(), recorder.Machine);
    }
}
