using System.Text;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Workloads.Tests.Scenarios;

/// <summary>Scenarios written in a test.</summary>
internal static class ScenarioText
{
    public static Scenario Load(string yaml, ScenarioOverrides? overrides = null) =>
        ScenarioFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(yaml)), "test.yaml", overrides);

    /// <summary>A scenario whose only process does these phases (in flow style).</summary>
    public static Scenario WithPhases(string phases, ScenarioOverrides? overrides = null) =>
        Load($"{{ version: 1, machine: {{ ram: 4MiB }}, processes: {{ p: {{ phases: [ {phases} ] }} }} }}", overrides);
}
