using System.Data.Common;
using System.Globalization;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Campaigns;

/// <summary>
/// A campaign's book in a journal's database, over a connection of its own. Every change is one short transaction, so that others
/// may write runs and other seeds beside it.
/// </summary>
internal sealed class SqlLedger : ICampaignLedger
{
    private const int Portion = 1_024;

    private readonly DbConnection _connection;
    private readonly Func<DbConnection, DbTransaction> _begin;
    private readonly Func<Exception, string, long, JournalException> _meaning;
    private readonly IHolders _holders;
    private readonly string _rowLock;
    private readonly string _id;
    private readonly List<HeldLease> _held = [];
    private readonly SeedWriter _writer;
    private DbTransaction? _transaction;

    /// <param name="connection">Closed with this; it has the tables.</param>
    /// <param name="name">What the database is called.</param>
    /// <param name="plan">The campaign, which is made when it is not there.</param>
    /// <param name="holders">Who is there.</param>
    /// <param name="begin">Begins a transaction that writes.</param>
    /// <param name="rowLock">What follows a SELECT so that nobody else changes the row before the transaction ends.</param>
    /// <param name="meaning">What an error of the database means.</param>
    /// <param name="clock">Says when.</param>
    public SqlLedger(
        DbConnection connection, string name, CampaignPlan plan, IHolders holders, Func<DbConnection, DbTransaction> begin, string rowLock,
        Func<Exception, string, long, JournalException> meaning, TimeProvider clock)
    {
        (_connection, Name, Plan, _holders, _begin, _rowLock, _meaning) = (connection, name, plan, holders, begin, rowLock, meaning);
        _id = plan.Id;
        _writer = new SeedWriter(connection, _id);
        Change(() => Execute(
            "INSERT INTO actorvmm_campaign (campaign, version, created, subject, kernel, first_seed, last_seed, plan, claimed) "
            + "VALUES (@campaign, @version, @created, @subject, @kernel, @first, @last, @plan, 0) ON CONFLICT (campaign) DO NOTHING",
            ("@version", (long)CampaignSchema.Version), ("@created", clock.GetUtcNow().UtcTicks), ("@subject", plan.Subject), ("@kernel", plan.Kernel),
            ("@first", (long)plan.First), ("@last", (long)plan.Last), ("@plan", Convert.ToHexStringLower(plan.Encode()))));
    }

    public string Name { get; }

    public CampaignPlan Plan { get; }

    public SeedLease? Claim(long most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        SeedLease? claimed = null;
        Change(() =>
        {
            long given = Convert.ToInt64(Scalar($"SELECT claimed FROM actorvmm_campaign WHERE campaign = @campaign{_rowLock}"), CultureInfo.InvariantCulture);
            claimed = TakeOver() ?? TakeFresh(given, most);
        });
        if (claimed is not null)
        {
            _held.Add(new HeldLease(claimed.First, claimed.Last, claimed.Left().LongCount()));
        }

        return claimed;
    }

    public IReadOnlyList<FindingGroup> Settle(IReadOnlyList<SeedResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        List<FindingGroup> fresh = [];
        List<HeldLease> leases = [.. _held];
        Change(() =>
        {
            foreach (SeedResult result in results)
            {
                if (_writer.Write(result, fresh))
                {
                    Count(leases, result.Seed);
                }
            }

            foreach (HeldLease whole in leases.Where(lease => lease.Left == 0))
            {
                Execute("DELETE FROM actorvmm_lease WHERE campaign = @campaign AND first_seed = @first", ("@first", (long)whole.First));
            }
        });
        _held.Clear();
        _held.AddRange(leases.Where(lease => lease.Left > 0));
        return fresh;
    }

    public void Recorded(string finding, string run) => Change(() =>
        Execute("UPDATE actorvmm_finding SET run = @run WHERE campaign = @campaign AND finding = @finding", ("@run", run), ("@finding", finding)));

    public CampaignTotals Totals() => Query(
        "SELECT COUNT(*), SUM(CASE WHEN findings > 0 THEN 1 ELSE 0 END), SUM(turns), SUM(messages), SUM(accesses), SUM(page_faults), SUM(schedules), SUM(violating_schedules) "
        + "FROM actorvmm_seed WHERE campaign = @campaign",
        reader => new CampaignTotals
        {
            Done = Long(reader, 0), Found = Long(reader, 1), Turns = Long(reader, 2), Messages = Long(reader, 3), Accesses = Long(reader, 4), PageFaults = Long(reader, 5),
            Schedules = Long(reader, 6), ViolatingSchedules = Long(reader, 7),
        })[0];

    public IReadOnlyList<FindingGroup> Findings() => Query(
        "SELECT f.seed, f.specification, f.shape, f.words, f.shrunk_turns, f.schedule, f.shrunk_schedule, f.run, COUNT(h.seed), MIN(h.seed) FROM actorvmm_finding f "
        + "JOIN actorvmm_hit h ON h.campaign = f.campaign AND h.finding = f.finding WHERE f.campaign = @campaign "
        + "GROUP BY f.finding, f.seed, f.specification, f.shape, f.words, f.shrunk_turns, f.schedule, f.shrunk_schedule, f.run ORDER BY COUNT(h.seed) DESC, MIN(h.seed), f.finding",
        reader => new FindingGroup((ulong)Long(reader, 0), new SeedFinding(reader.GetString(1), reader.GetString(2), reader.GetString(3))
        {
            ShrunkTurns = (int)Long(reader, 4), Schedule = reader.GetString(5), ShrunkSchedule = reader.GetString(6),
        })
        {
            Run = reader.GetString(7), Seeds = Long(reader, 8), LowestSeed = (ulong)Long(reader, 9),
        });

    public IEnumerable<SeedResult> Results()
    {
        for (long from = -1; ;)
        {
            IReadOnlyList<SeedResult> rows = Query(
                "SELECT seed, fingerprint, turns, messages, accesses, page_faults, schedules, violating_schedules FROM actorvmm_seed "
                + "WHERE campaign = @campaign AND seed > @from ORDER BY seed LIMIT @most",
                ResultOf, ("@from", from), ("@most", Portion));
            foreach (SeedResult row in rows)
            {
                yield return row;
            }

            if (rows.Count < Portion)
            {
                yield break;
            }

            from = (long)rows[^1].Seed;
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _holders.Dispose();
        try
        {
            _connection.Dispose();
        }
        catch (DbException error)
        {
            // What was committed stays committed; a connection that cannot be closed has nothing to add.
            _ = error;
        }
    }

    /// <summary>What somebody left behind who is gone.</summary>
    private SeedLease? TakeOver()
    {
        IReadOnlyList<(ulong First, ulong Last, string Holder)> leases = QueryHere(
            "SELECT first_seed, last_seed, holder FROM actorvmm_lease WHERE campaign = @campaign AND holder <> @self ORDER BY first_seed",
            reader => ((ulong)Long(reader, 0), (ulong)Long(reader, 1), reader.GetString(2)), ("@self", _holders.Self));
        Dictionary<string, bool> gone = new(StringComparer.Ordinal);
        foreach ((ulong first, ulong last, string holder) in leases)
        {
            if (!gone.TryGetValue(holder, out bool isGone))
            {
                gone[holder] = isGone = _holders.IsGone(holder);
            }

            if (!isGone)
            {
                continue;
            }

            HashSet<ulong> done = [.. QueryHere(
                "SELECT seed FROM actorvmm_seed WHERE campaign = @campaign AND seed BETWEEN @first AND @last",
                reader => (ulong)Long(reader, 0), ("@first", (long)first), ("@last", (long)last))];
            if ((ulong)done.Count == last - first + 1)
            {
                Execute("DELETE FROM actorvmm_lease WHERE campaign = @campaign AND first_seed = @first", ("@first", (long)first));
                continue;
            }

            Execute("UPDATE actorvmm_lease SET holder = @self WHERE campaign = @campaign AND first_seed = @first", ("@self", _holders.Self), ("@first", (long)first));
            return new SeedLease(first, last, done);
        }

        return null;
    }

    /// <summary>Seeds that nobody has had yet.</summary>
    private SeedLease? TakeFresh(long given, long most)
    {
        long count = Math.Min(most, Plan.Seeds - given);
        if (count <= 0)
        {
            return null;
        }

        long first = (long)Plan.First + given;
        long last = first + (count - 1);
        Execute("UPDATE actorvmm_campaign SET claimed = @claimed WHERE campaign = @campaign", ("@claimed", given + count));
        Execute(
            "INSERT INTO actorvmm_lease (campaign, first_seed, last_seed, holder) VALUES (@campaign, @first, @last, @self)",
            ("@first", first), ("@last", last), ("@self", _holders.Self));
        return new SeedLease((ulong)first, (ulong)last, new HashSet<ulong>());
    }

    private static void Count(List<HeldLease> leases, ulong seed)
    {
        int at = leases.FindIndex(lease => lease.First <= seed && seed <= lease.Last);
        if (at >= 0)
        {
            leases[at] = leases[at] with { Left = leases[at].Left - 1 };
        }
    }

    private static SeedResult ResultOf(DbDataReader reader) => new((ulong)Long(reader, 0), FingerprintOf(reader.GetString(1)))
    {
        Turns = Long(reader, 2), Messages = Long(reader, 3), Accesses = Long(reader, 4), PageFaults = Long(reader, 5), Schedules = Long(reader, 6), ViolatingSchedules = Long(reader, 7),
    };

    private static Fingerprint FingerprintOf(string text) =>
        Fingerprint.TryParse(text, out Fingerprint fingerprint) ? fingerprint : throw new FormatException($"\"{text}\" is no fingerprint");

    private static long Long(DbDataReader reader, int column) => reader.IsDBNull(column) ? 0 : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    private void Change(Action change)
    {
        DbTransaction? transaction = null;
        try
        {
            transaction = _begin(_connection);
            _writer.Transaction = transaction;
            _transaction = transaction;
            change();
            transaction.Commit();
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw _meaning(error, "", 0);
        }
        finally
        {
            _transaction = null;
            SqlAppender.Close(transaction);
        }
    }

    private void Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using DbCommand command = CommandOf(sql, parameters);
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql)
    {
        using DbCommand command = CommandOf(sql);
        return command.ExecuteScalar();
    }

    private IReadOnlyList<T> Query<T>(string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        try
        {
            return QueryHere(sql, read, parameters);
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw _meaning(error, "", 0);
        }
    }

    private List<T> QueryHere<T>(string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        using DbCommand command = CommandOf(sql, parameters);
        using DbDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private DbCommand CommandOf(string sql, params (string Name, object Value)[] parameters)
    {
        DbCommand command = SqlStore.Command(_connection, sql, [.. parameters, ("@campaign", _id)]);
        command.Transaction = _transaction;
        return command;
    }

    private readonly record struct HeldLease(ulong First, ulong Last, long Left);
}
