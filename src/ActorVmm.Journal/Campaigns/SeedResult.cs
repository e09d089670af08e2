namespace ActorVmm.Journal.Campaigns;

/// <summary>What one seed came to: a row of counts and a fingerprint, and what it found.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Fingerprint">Of the run, the one that `actorvmm run --seed` prints; of an exploration, everything that it counted.</param>
public sealed record SeedResult(ulong Seed, Fingerprint Fingerprint)
{
    /// <summary>Turns of the run, or of all executions of the exploration.</summary>
    public long Turns { get; init; }

    /// <summary>Messages sent; 0 for an exploration.</summary>
    public long Messages { get; init; }

    /// <summary>Accesses of simulated programs; 0 for an exploration.</summary>
    public long Accesses { get; init; }

    /// <summary>Page faults; 0 for an exploration.</summary>
    public long PageFaults { get; init; }

    /// <summary>Executions: 1 for a run.</summary>
    public long Schedules { get; init; } = 1;

    /// <summary>Executions that found something.</summary>
    public long ViolatingSchedules { get; init; }

    /// <summary>What was found, each shape once; usually nothing.</summary>
    public IReadOnlyList<SeedFinding> Findings { get; init; } = [];
}
