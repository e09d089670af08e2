using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Summary;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Campaigns;

/// <summary>Seeds of a scenario: each is one run on the deterministic host, judged as <c>run</c> judges it.</summary>
/// <param name="planOf">Loads the scenario with a seed and says how it is run. The scenario is disposed of afterwards.</param>
/// <param name="clock">Measures slices; it decides nothing.</param>
public sealed class ScenarioSeeds(Func<ulong, RunPlan> planOf, TimeProvider clock) : ISeedRunner
{
    public SeedResult? Run(ulong seed, CancellationToken stop)
    {
        RunPlan plan = planOf(seed);
        using Scenario scenario = plan.Scenario;
        var recorder = new RunRecorder(plan, "", clock);
        recorder.Run(stop);
        RunSummary run = recorder.Summarize();
        return run.End == RunEnd.Interrupted ? null : new SeedResult(seed, run.Fingerprint)
        {
            Turns = run.Turns,
            Messages = run.Messages,
            Accesses = run.Faults.Accesses,
            PageFaults = run.Faults.Total,
            ViolatingSchedules = run.FoundSomething ? 1 : 0,
            Findings = RunFindings.Of(run),
        };
    }
}
