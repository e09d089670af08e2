namespace ActorVmm.Journal.Campaigns;

/// <summary>Sums over all seeds of a campaign that have a row.</summary>
public sealed record CampaignTotals
{
    /// <summary>Seeds with a row.</summary>
    public long Done { get; init; }

    /// <summary>Those of them that found something.</summary>
    public long Found { get; init; }

    public long Turns { get; init; }

    public long Messages { get; init; }

    public long Accesses { get; init; }

    public long PageFaults { get; init; }

    public long Schedules { get; init; }

    public long ViolatingSchedules { get; init; }

    /// <summary>With one more seed.</summary>
    public CampaignTotals With(SeedResult seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        return new CampaignTotals
        {
            Done = Done + 1,
            Found = Found + (seed.Findings.Count > 0 ? 1 : 0),
            Turns = Turns + seed.Turns,
            Messages = Messages + seed.Messages,
            Accesses = Accesses + seed.Accesses,
            PageFaults = PageFaults + seed.PageFaults,
            Schedules = Schedules + seed.Schedules,
            ViolatingSchedules = ViolatingSchedules + seed.ViolatingSchedules,
        };
    }
}
