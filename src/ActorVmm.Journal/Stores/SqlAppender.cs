using System.Data.Common;

namespace ActorVmm.Journal.Stores;

/// <summary>Writes one stream over a connection of its own, which nothing else uses.</summary>
internal sealed class SqlAppender : IJournalAppender
{
    private readonly DbConnection _connection;
    private readonly Func<Exception, string, long, JournalException> _meaning;
    private readonly Action _closed;
    private readonly Func<DbConnection, DbTransaction> _begin;
    private readonly DbCommand _insert;
    private readonly DbCommand _snapshot;

    /// <param name="connection">Closed with this.</param>
    /// <param name="begin">Begins a transaction that writes.</param>
    /// <param name="meaning">What an error of the database means.</param>
    /// <param name="closed">Called when the connection is closed: lets go of the lock.</param>
    public SqlAppender(DbConnection connection, Func<DbConnection, DbTransaction> begin, Func<Exception, string, long, JournalException> meaning, Action closed)
    {
        (_connection, _begin, _meaning, _closed) = (connection, begin, meaning, closed);
        _insert = Prepare(
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (@created, @deleted, @stream, @sequence, @message, @manifest, @identifier, @writer)",
            "@created", "@deleted", "@stream", "@sequence", "@message", "@manifest", "@identifier", "@writer");
        _snapshot = Prepare(
            "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES (@stream, @sequence, @created, @snapshot, @manifest, @identifier) "
            + "ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id",
            "@stream", "@sequence", "@created", "@snapshot", "@manifest", "@identifier");
    }

    /// <summary>Called before the connection is closed, while it may still be good for something.</summary>
    public Action? Closing { get; init; }

    public void Commit(IReadOnlyList<JournalRow> rows, IReadOnlyList<SnapshotRow> snapshots)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(snapshots);
        JournalRow? current = null;
        DbTransaction? transaction = null;
        try
        {
            transaction = _begin(_connection);
            _insert.Transaction = transaction;
            _snapshot.Transaction = transaction;
            foreach (JournalRow row in rows)
            {
                current = row;
                Run(_insert, row.Created, row.Deleted, row.Stream, row.Sequence, row.Message, row.Manifest, row.Identifier, row.Writer);
            }

            foreach (SnapshotRow row in snapshots)
            {
                Run(_snapshot, row.Stream, row.Sequence, row.Created, row.Snapshot, row.Manifest, row.Identifier);
            }

            transaction.Commit();
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw _meaning(error, current?.Stream ?? "", current?.Sequence ?? 0);
        }
        finally
        {
            Close(transaction);
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _snapshot.Dispose();
        Closing?.Invoke();
        try
        {
            _connection.Dispose();
        }
        catch (DbException error)
        {
            // What was committed stays committed; a connection that cannot be closed has nothing to add.
            _ = error;
        }

        _closed();
    }

    /// <summary>
    /// Takes back what was not committed. A database that has failed has often done so already, and then refuses; what is to be told is
    /// why it failed, not that.
    /// </summary>
    internal static void Close(DbTransaction? transaction)
    {
        try
        {
            transaction?.Dispose();
        }
        catch (Exception error) when (error is DbException or InvalidOperationException or IOException)
        {
            _ = error;
        }
    }

    private DbCommand Prepare(string sql, params string[] names)
    {
        DbCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in names)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Run(DbCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }
}
