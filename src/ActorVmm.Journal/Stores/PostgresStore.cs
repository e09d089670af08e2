using System.Data.Common;
using ActorVmm.Journal.Campaigns;
using Npgsql;

namespace ActorVmm.Journal.Stores;

/// <summary>A journal in a PostgreSQL database. Who writes a stream holds an advisory lock of its name, which ends with the connection.</summary>
public sealed class PostgresStore : SqlStore
{
    private const string TakeTables = "SELECT pg_advisory_lock(hashtextextended('actorvmm/tables', 0))";
    private const string LeaveTables = "SELECT pg_advisory_unlock(hashtextextended('actorvmm/tables', 0))";

    private readonly string _connection;
    private bool _hasTables;

    private PostgresStore(string name, string connection) => (Name, _connection) = (name, connection);

    public override string Name { get; }

    protected override bool HasTables => _hasTables;

    protected override string TableOrder => "";

    /// <param name="url">postgres://user:password@host:port/database?setting=value, where the settings are Npgsql's.</param>
    /// <exception cref="JournalStorageException">The server cannot be reached.</exception>
    public static PostgresStore Open(string url)
    {
        (string name, string connection) = Parse(url);
        var store = new PostgresStore(name, connection);
        try
        {
            using NpgsqlConnection look = store.OpenConnection();
            store._hasTables = PostgresSchema.Check(look, name) == 3;
            return store;
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw store.Meaning(error, "", 0);
        }
    }

    /// <summary>What Npgsql makes of an address.</summary>
    /// <param name="url">postgres://user:password@host:port/database?setting=value</param>
    public static string ConnectionStringOf(string url) => Parse(url).Connection;

    /// <summary>The server keeps checksums and repairs by itself.</summary>
    public override IReadOnlyList<string> CheckStructure() => [];

    public override IJournalAppender OpenWriter(string stream, Durability durability)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = OpenForWriting(stream);
            Execute(connection, durability switch
            {
                Durability.Full => "SET synchronous_commit = on",
                Durability.Relaxed => "SET synchronous_commit = off",
            });
            NpgsqlConnection held = connection;
            return new SqlAppender(connection, Begin, Meaning, static () => { }) { Closing = () => LetGo(held) };
        }
        catch (Exception error)
        {
            connection?.Dispose();
            throw error as JournalException ?? Meaning(error, stream, 0);
        }
    }

    public override ICampaignLedger OpenCampaign(CampaignPlan plan, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(plan);
        NpgsqlConnection? connection = null;
        SessionHolders? holders = null;
        try
        {
            connection = OpenConnection();
            Execute(connection, TakeTables);
            PostgresSchema.CheckCampaigns(connection, Name);
            Execute(connection, CampaignSchema.Create);
            if (PostgresSchema.Check(connection, Name) < 3)
            {
                Execute(connection, PostgresSchema.Create);
            }

            Execute(connection, LeaveTables);
            _hasTables = true;
            holders = new SessionHolders(connection);
            return new SqlLedger(connection, Name, plan, holders, Begin, " FOR UPDATE", Meaning, clock);
        }
        catch (Exception error)
        {
            holders?.Dispose();
            connection?.Dispose();
            throw error as JournalException ?? Meaning(error, "", 0);
        }
    }

    protected override DbConnection Connect() => OpenConnection();

    protected override void Change(string stream, Action<DbConnection> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            using NpgsqlConnection connection = OpenForWriting(stream);
            using NpgsqlTransaction transaction = connection.BeginTransaction();
            change(connection);
            transaction.Commit();
            LetGo(connection);
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw Meaning(error, stream, 0);
        }
    }

    protected override JournalException Meaning(Exception error, string stream, long row)
    {
        // Class XX: the server itself says that its data is corrupted.
        bool corrupt = error is PostgresException { SqlState: "XX001" or "XX002" } or InvalidCastException or OverflowException;
        return corrupt
            ? DamagedJournalException.Of(stream, row, $"it cannot be read: {error.Message}", error)
            : new JournalStorageException($"{Name}: {error.Message}", error);
    }

    private static (string Name, string Connection) Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri))
        {
            throw new ForeignJournalException($"{url} is no address of a PostgreSQL database: postgres://user@host:port/database");
        }

        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host, Port = uri.Port > 0 ? uri.Port : 5432, Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')), Pooling = false, Timeout = 10,
        };
        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length > 1)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (string setting in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = setting.Split('=', 2);
            builder[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
        }

        return (FormattableString.Invariant($"postgres://{builder.Host}:{builder.Port}/{builder.Database}"), builder.ConnectionString);
    }

    private NpgsqlConnection OpenConnection()
    {
        var connection = new NpgsqlConnection(_connection);
        connection.Open();
        return connection;
    }

    private NpgsqlConnection OpenForWriting(string stream)
    {
        NpgsqlConnection connection = OpenConnection();
        try
        {
            // Two programs that make the tables at the same time would stumble over each other.
            Execute(connection, TakeTables);
            if (PostgresSchema.Check(connection, Name) < 3)
            {
                Execute(connection, PostgresSchema.Create);
            }

            Execute(connection, LeaveTables);
            _hasTables = true;
            using DbCommand held = Command(connection, "SELECT pg_try_advisory_lock(hashtextextended(@stream, 0))", ("@stream", stream));
            return held.ExecuteScalar() is true ? connection : throw new JournalStorageException($"{stream} in {Name} is locked by another writer");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The server ends a session some time after its connection was closed; the next writer need not wait for that.</summary>
    private static void LetGo(NpgsqlConnection connection)
    {
        try
        {
            Execute(connection, "SELECT pg_advisory_unlock_all()");
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or IOException)
        {
            // Then the session ends with its connection, and its locks with it.
            _ = error;
        }
    }

    private static NpgsqlTransaction Begin(DbConnection connection) => ((NpgsqlConnection)connection).BeginTransaction();
}
