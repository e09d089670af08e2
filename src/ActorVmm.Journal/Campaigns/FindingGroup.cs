namespace ActorVmm.Journal.Campaigns;

/// <summary>One finding of a campaign, with all seeds that came to it.</summary>
/// <param name="Seed">The seed that came to it first, by time.</param>
/// <param name="Finding">What that seed found.</param>
public sealed record FindingGroup(ulong Seed, SeedFinding Finding)
{
    /// <summary>Seeds that came to it.</summary>
    public long Seeds { get; init; } = 1;

    /// <summary>The smallest of them.</summary>
    public ulong LowestSeed { get; init; } = Seed;

    /// <summary>The run that shows it in the journal; "" when none does.</summary>
    public string Run { get; init; } = "";
}
