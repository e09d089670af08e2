using System.Data.Common;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Campaigns;

/// <summary>
/// The tables of campaigns, beside those of runs; both databases take the same words. Seeds are numbers up to 2⁶³ − 1, fingerprints
/// 32 hexadecimal digits, times ticks of 100 ns since year 1.
/// <list type="bullet">
/// <item><c>actorvmm_campaign</c>: a row a campaign; <c>claimed</c> seeds from the first on have been given out.</item>
/// <item><c>actorvmm_lease</c>: a row for seeds that have been given out and do not all have rows yet.</item>
/// <item><c>actorvmm_seed</c>: a row a seed that has been run.</item>
/// <item><c>actorvmm_finding</c> and <c>actorvmm_hit</c>: what was found, and by which seeds.</item>
/// </list>
/// </summary>
internal static class CampaignSchema
{
    /// <summary>Of all these tables together; it stands in every row of <c>actorvmm_campaign</c>.</summary>
    public const int Version = 1;

    /// <summary>The table whose rows say of which version all of them are.</summary>
    public const string Campaigns = "actorvmm_campaign";

    public const string Create = """
        CREATE TABLE IF NOT EXISTS actorvmm_campaign(
          campaign text NOT NULL PRIMARY KEY, version bigint NOT NULL, created bigint NOT NULL, subject text NOT NULL, kernel text NOT NULL,
          first_seed bigint NOT NULL, last_seed bigint NOT NULL, plan text NOT NULL, claimed bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS actorvmm_lease(
          campaign text NOT NULL, first_seed bigint NOT NULL, last_seed bigint NOT NULL, holder text NOT NULL, PRIMARY KEY (campaign, first_seed));
        CREATE TABLE IF NOT EXISTS actorvmm_seed(
          campaign text NOT NULL, seed bigint NOT NULL, fingerprint text NOT NULL, findings bigint NOT NULL, turns bigint NOT NULL, messages bigint NOT NULL,
          accesses bigint NOT NULL, page_faults bigint NOT NULL, schedules bigint NOT NULL, violating_schedules bigint NOT NULL, PRIMARY KEY (campaign, seed));
        CREATE TABLE IF NOT EXISTS actorvmm_finding(
          campaign text NOT NULL, finding text NOT NULL, seed bigint NOT NULL, specification text NOT NULL, shape text NOT NULL, words text NOT NULL,
          shrunk_turns bigint NOT NULL, schedule text NOT NULL, shrunk_schedule text NOT NULL, run text NOT NULL, PRIMARY KEY (campaign, finding));
        CREATE TABLE IF NOT EXISTS actorvmm_hit(
          campaign text NOT NULL, finding text NOT NULL, seed bigint NOT NULL, PRIMARY KEY (campaign, finding, seed));
        """;

    /// <summary>Every table with its columns.</summary>
    public static IReadOnlyDictionary<string, string[]> Columns { get; } = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
    {
        [Campaigns] = ["campaign", "version", "created", "subject", "kernel", "first_seed", "last_seed", "plan", "claimed"],
        ["actorvmm_lease"] = ["campaign", "first_seed", "last_seed", "holder"],
        ["actorvmm_seed"] = ["campaign", "seed", "fingerprint", "findings", "turns", "messages", "accesses", "page_faults", "schedules", "violating_schedules"],
        ["actorvmm_finding"] = ["campaign", "finding", "seed", "specification", "shape", "words", "shrunk_turns", "schedule", "shrunk_schedule", "run"],
        ["actorvmm_hit"] = ["campaign", "finding", "seed"],
    };

    /// <summary>Refuses what a newer program made, by the versions that stand in the rows.</summary>
    /// <exception cref="NewerJournalException">There is a campaign of a newer version.</exception>
    public static void RefuseNewer(DbConnection connection, string name)
    {
        using DbCommand command = SqlStore.Command(connection, $"SELECT MAX(version) FROM {Campaigns}");
        if (command.ExecuteScalar() is { } found and not DBNull && Convert.ToInt32(found, System.Globalization.CultureInfo.InvariantCulture) is > Version and var newer)
        {
            throw new NewerJournalException($"a campaign in {name}", newer, Version);
        }
    }
}
