using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Machine.Tests;

/// <summary>Whole runs, as tests need them.</summary>
internal static class Runs
{
    public static RunSummary Of(Scenario scenario, bool specifications = true, Ticks? until = null)
    {
        var recorder = new RunRecorder(new RunPlan(scenario) { Specifications = specifications, Until = until }, "00000000000000000000000000", TimeProvider.System);
        recorder.Run(CancellationToken.None);
        return recorder.Summarize();
    }

    /// <summary>A scenario of config/scenarios.</summary>
    public static Scenario Named(string name, ulong? seed = null) =>
        ScenarioFile.Load(RepositoryFiles.PathOf("config", "scenarios", name + ".yaml"), new ScenarioOverrides { Seed = seed });

    /// <summary>A textbook's reference string on a hard-limited working set.</summary>
    public static Scenario References(string pages, int frames, Replacement replacement)
    {
        using var text = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(pages));
        return OfTrace(TraceFile.Open(text, "refs", TraceFormat.Refs), frames, replacement);
    }

    /// <summary>A trace of config/traces on a hard-limited working set.</summary>
    public static Scenario Trace(string name, int frames, Replacement replacement) =>
        OfTrace(TraceFile.Open(RepositoryFiles.PathOf("config", "traces", name + ".lackey.gz")), frames, replacement);

    /// <summary>A scenario of these lines on a machine of 1 MiB.</summary>
    public static Scenario Small(string processes, string machine = "{ ram: 1MiB, cpus: 2, pagingFiles: [ { size: 4MiB, latency: const(1ms) } ] }", ulong seed = 1)
    {
        string yaml = $"version: 1\nname: small\nmachine: {machine}\nprocesses:\n{processes}";
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(yaml));
        return ScenarioFile.Load(text, "small.yaml", new ScenarioOverrides { Seed = seed });
    }

    private static Scenario OfTrace(TraceFile trace, int frames, Replacement replacement)
    {
        Scenario scenario = ScenarioFile.Of(trace, new ScenarioOverrides { WorkingSet = frames, Replacement = replacement });
        return scenario with
        {
            Operator = scenario.Operator with { Processes = [.. scenario.Operator.Processes.Select(process => process with { Lingers = true })] },
        };
    }
}
