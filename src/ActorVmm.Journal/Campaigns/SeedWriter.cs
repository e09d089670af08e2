using System.Data.Common;

namespace ActorVmm.Journal.Campaigns;

/// <summary>The statements by which results come into the tables, made once for the many seeds of a campaign.</summary>
internal sealed class SeedWriter : IDisposable
{
    private readonly string _campaign;
    private readonly DbCommand _seed;
    private readonly DbCommand _finding;
    private readonly DbCommand _hit;

    public SeedWriter(DbConnection connection, string campaign)
    {
        _campaign = campaign;
        _seed = Prepare(
            connection, "actorvmm_seed", "campaign, seed",
            "campaign", "seed", "fingerprint", "findings", "turns", "messages", "accesses", "page_faults", "schedules", "violating_schedules");
        _finding = Prepare(
            connection, "actorvmm_finding", "campaign, finding",
            "campaign", "finding", "seed", "specification", "shape", "words", "shrunk_turns", "schedule", "shrunk_schedule", "run");
        _hit = Prepare(connection, "actorvmm_hit", "campaign, finding, seed", "campaign", "finding", "seed");
    }

    /// <summary>The transaction that all of it belongs to.</summary>
    public DbTransaction Transaction
    {
        set => (_seed.Transaction, _finding.Transaction, _hit.Transaction) = (value, value, value);
    }

    /// <summary>Writes one seed's row, and its findings.</summary>
    /// <param name="result">What it came to.</param>
    /// <param name="fresh">Gets the findings that nobody had come to before.</param>
    /// <returns>False when the seed had a row already, which then stays as it is.</returns>
    public bool Write(SeedResult result, List<FindingGroup> fresh)
    {
        long seed = (long)result.Seed;
        if (Run(
            _seed, _campaign, seed, result.Fingerprint.ToString(), (long)result.Findings.Count, result.Turns, result.Messages, result.Accesses, result.PageFaults,
            result.Schedules, result.ViolatingSchedules) == 0)
        {
            return false;
        }

        foreach (SeedFinding found in result.Findings)
        {
            string key = found.Key;
            if (Run(_finding, _campaign, key, seed, found.Specification, found.Shape, found.Text, (long)found.ShrunkTurns, found.Schedule, found.ShrunkSchedule, "") > 0)
            {
                fresh.Add(new FindingGroup(result.Seed, found));
            }

            Run(_hit, _campaign, key, seed);
        }

        return true;
    }

    public void Dispose()
    {
        _seed.Dispose();
        _finding.Dispose();
        _hit.Dispose();
    }

    private static DbCommand Prepare(DbConnection connection, string table, string key, params string[] columns)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText =
            $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(column => "@" + column))}) ON CONFLICT ({key}) DO NOTHING";
        foreach (string column in columns)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = "@" + column;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static int Run(DbCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command.ExecuteNonQuery();
    }
}
