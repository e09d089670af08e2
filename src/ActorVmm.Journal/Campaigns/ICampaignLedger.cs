namespace ActorVmm.Journal.Campaigns;

/// <summary>
/// The book of one campaign: who may run which seeds, what each came to, and what was found. Several processes may hold the same
/// book open.
/// <para>
/// 1. A holder claims seeds. They are his until they have rows or he is gone, however he went; nobody else is given them.
/// 2. He settles results, many in one transaction. A seed has one row: a second result for it changes nothing.
/// 3. A lease whose seeds all have rows is forgotten. One whose holder is gone is the next to be claimed, rows and all.
/// </para>
/// All methods throw <see cref="JournalException"/>s and nothing else for what a store can meet. One thread at a time.
/// </summary>
public interface ICampaignLedger : IDisposable
{
    /// <summary>Where it is, for people; without a password.</summary>
    string Name { get; }

    CampaignPlan Plan { get; }

    /// <summary>Claims seeds that nobody else runs.</summary>
    /// <param name="most">How many at most, from 1.</param>
    /// <returns>Null when every seed has a row or another holder.</returns>
    SeedLease? Claim(long most);

    /// <summary>Writes results down, in one transaction.</summary>
    /// <returns>The findings of these results that nobody had come to before.</returns>
    IReadOnlyList<FindingGroup> Settle(IReadOnlyList<SeedResult> results);

    /// <summary>Says which run of the journal shows a finding.</summary>
    /// <param name="finding">Its <see cref="SeedFinding.Key"/>.</param>
    /// <param name="run">The run's id.</param>
    void Recorded(string finding, string run);

    CampaignTotals Totals();

    /// <summary>Everything that was found, the most frequent first, then by the smallest seed.</summary>
    IReadOnlyList<FindingGroup> Findings();

    /// <summary>Every seed that has a row, in order; without its findings.</summary>
    IEnumerable<SeedResult> Results();
}
