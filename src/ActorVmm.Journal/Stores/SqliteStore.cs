using System.Data;
using System.Data.Common;
using ActorVmm.Journal.Campaigns;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Journal.Stores;

/// <summary>
/// A journal in one SQLite file.
/// <para>
/// 1. A file is looked at before anything could change it: its first bytes, then its schema, without creating side files.
/// 2. Who writes holds a <see cref="WriterLock"/> for as long as it writes.
/// 3. Commits go to the write-ahead log: everything up to the last one is there after the writer was killed.
/// </para>
/// </summary>
public sealed class SqliteStore : SqlStore
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int PatienceSeconds = 2;
    private const int CampaignPatienceSeconds = 30;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private bool _hasTables;

    private SqliteStore(string path) => _path = path;

    public override string Name => _path;

    protected override bool HasTables => _hasTables;

    /// <summary>So that a row which an index has lost is still found.</summary>
    protected override string TableOrder => "NOT INDEXED";

    /// <exception cref="NoSuchRunException">There is no file, and none is to be made.</exception>
    /// <exception cref="ForeignJournalException">The file is no journal.</exception>
    public static SqliteStore Open(string path, bool create)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            throw new ForeignJournalException($"{path} is a directory, and a journal is a file");
        }

        if (!File.Exists(path) && !create)
        {
            throw new NoSuchRunException($"there is no journal {path}");
        }

        var store = new SqliteStore(path);
        try
        {
            store._hasTables = File.Exists(path) && new FileInfo(path).Length > 0 && store.Look();
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw store.Meaning(error, "", 0);
        }

        return store;
    }

    /// <summary>Whether a file begins as SQLite's do; what it holds is not looked at.</summary>
    public static bool IsDatabase(string path)
    {
        try
        {
            Span<byte> start = stackalloc byte[16];
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("SQLite format 3\0"u8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Makes one file of a journal that nobody uses: no log of commits beside it, and no lock.</summary>
    public void MakePortable()
    {
        try
        {
            Dispose();
            using (SqliteConnection connection = Connect(_path, SqliteOpenMode.ReadWrite))
            {
                Execute(connection, "PRAGMA journal_mode = DELETE");
            }
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw Meaning(error, "", 0);
        }
    }

    public override IReadOnlyList<string> CheckStructure()
    {
        try
        {
            return [.. Query("PRAGMA integrity_check", [], reader => reader.GetString(0)).Where(line => line is not "ok")];
        }
        catch (DamagedJournalException damage)
        {
            return [damage.Message];
        }
    }

    public override IJournalAppender OpenWriter(string stream, Durability durability)
    {
        WriterLock held = WriterLock.Take(_path);
        SqliteConnection? connection = null;
        try
        {
            connection = OpenForWriting(durability);
            return new SqlAppender(connection, Begin, Meaning, held.Dispose);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            held.Dispose();
            throw error as JournalException ?? Meaning(error, stream, 0);
        }
    }

    /// <summary>Others may write runs and seeds meanwhile: each transaction is short, and waits for those of others.</summary>
    public override ICampaignLedger OpenCampaign(CampaignPlan plan, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(plan);
        SqliteConnection? connection = null;
        FileHolders? holders = null;
        try
        {
            if (!_hasTables)
            {
                using WriterLock alone = WriterLock.Take(_path);
                OpenForWriting(Durability.Full).Dispose();
            }

            connection = Connect(_path, SqliteOpenMode.ReadWrite);
            connection.DefaultTimeout = CampaignPatienceSeconds;
            SqliteSchema.Check(connection, _path);
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
            Execute(connection, "BEGIN IMMEDIATE;" + CampaignSchema.Create + "COMMIT");
            holders = new FileHolders(_path);
            return new SqlLedger(connection, Name, plan, holders, Begin, "", Meaning, clock);
        }
        catch (Exception error)
        {
            holders?.Dispose();
            connection?.Dispose();
            throw error as JournalException ?? Meaning(error, "", 0);
        }
    }

    protected override DbConnection Connect()
    {
        SqliteConnection connection = Connect(_path, SqliteOpenMode.ReadWrite);
        Execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    protected override void Change(string stream, Action<DbConnection> change)
    {
        using WriterLock held = WriterLock.Take(_path);
        try
        {
            using SqliteConnection connection = OpenForWriting(Durability.Full);
            using (DbTransaction transaction = Begin(connection))
            {
                change(connection);
                transaction.Commit();
            }

            // Gives the pages back to the file system; it returns a row for each.
            using DbCommand vacuum = Command(connection, "PRAGMA incremental_vacuum");
            using DbDataReader pages = vacuum.ExecuteReader();
            while (pages.Read())
            {
            }
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw Meaning(error, stream, 0);
        }
    }

    protected override JournalException Meaning(Exception error, string stream, long row)
    {
        int code = (error as SqliteException)?.SqliteErrorCode ?? 0;
        return error switch
        {
            SqliteException when code is Busy or Locked => new JournalStorageException($"{_path} is locked by another program that writes it", error),
            SqliteException when code is NotADatabase => new ForeignJournalException($"{_path} is no SQLite database", error),
            SqliteException when code is Corrupt => Damage(error, stream, row),
            SqliteException or IOException or UnauthorizedAccessException => new JournalStorageException($"{_path}: {error.Message}", error),

            // A column that holds something else than it was given.
            InvalidCastException or InvalidOperationException or FormatException or OverflowException or ArgumentException => Damage(error, stream, row),
            _ => new JournalStorageException($"{_path}: {error.Message}", error),
        };
    }

    private DamagedJournalException Damage(Exception error, string stream, long row) =>
        row > 0
            ? DamagedJournalException.Of(stream, row, $"it cannot be read: {error.Message}", error)
            : new DamagedJournalException(stream, 0, $"{_path} is damaged: {error.Message}", error);

    /// <summary>Whether the file holds our tables.</summary>
    private bool Look()
    {
        if (!IsDatabase(_path))
        {
            throw new ForeignJournalException($"{_path} is no SQLite database, so no journal: it is left as it is");
        }

        // Without a log of commits beside it the file is all there is, and can be read without leaving one.
        string source = File.Exists(_path + "-wal") ? _path : $"file:{Uri.EscapeDataString(Path.GetFullPath(_path)).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1";
        using SqliteConnection connection = Connect(source, SqliteOpenMode.ReadOnly);
        return SqliteSchema.Check(connection, _path) == 3;
    }

    private static SqliteConnection Connect(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source, Mode = mode, Pooling = false, DefaultTimeout = PatienceSeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Only its owner reads or writes what is created here.</summary>
    private static FileStream OpenPrivate(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    private SqliteConnection OpenForWriting(Durability durability)
    {
        if (!File.Exists(_path))
        {
            // SQLite gives its side files the rights of this one.
            OpenPrivate(_path, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
        }

        SqliteConnection connection = Connect(_path, SqliteOpenMode.ReadWrite);
        try
        {
            // What was looked at may have been replaced since.
            if (SqliteSchema.Check(connection, _path) < 3)
            {
                Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
                Execute(connection, "BEGIN IMMEDIATE;" + SqliteSchema.Create + "COMMIT");
            }

            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, durability switch
            {
                Durability.Full => "PRAGMA synchronous = FULL",
                Durability.Relaxed => "PRAGMA synchronous = NORMAL",
            });
            _hasTables = true;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static DbTransaction Begin(DbConnection connection) => connection.BeginTransaction(IsolationLevel.Serializable);
}
