using ActorVmm.Actors;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine;

/// <summary>Everything that decides a run: the same plan gives the same fingerprint, anywhere.</summary>
/// <param name="Scenario">The machine, what happens on it, the seed, and what is expected.</param>
public sealed record RunPlan(Scenario Scenario)
{
    /// <summary>What the host is called on which the run is done.</summary>
    public string Host { get; init; } = "deterministic";

    /// <summary>Stop at this virtual time, if the scenario has not ended before.</summary>
    public Ticks? Until { get; init; }

    /// <summary>Whether the specifications judge the facts of the run.</summary>
    public bool Specifications { get; init; } = true;
}
