using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>What the command line says instead of the file; null where it says nothing.</summary>
public sealed record ScenarioOverrides
{
    public ulong? Seed { get; init; }

    /// <summary>The seed where neither <see cref="Seed"/> nor the file says one.</summary>
    public ulong FallbackSeed { get; init; } = 1;

    /// <summary>How many processes: copies of a trace, or of a scenario's only kind of process.</summary>
    public int? Processes { get; init; }

    /// <summary>Installed physical pages.</summary>
    public uint? Frames { get; init; }

    /// <summary>A hard limit of every process's working set, in pages.</summary>
    public int? WorkingSet { get; init; }

    public Replacement? Replacement { get; init; }

    /// <summary>Limits with <see cref="WorkingSet"/> as the hard maximum, if it is set.</summary>
    internal WorkingSetLimits Limit(WorkingSetLimits limits) =>
        WorkingSet is { } pages
            ? limits with { Minimum = Math.Min(limits.Minimum, pages), Maximum = pages, HardMaximum = true }
            : limits;
}
