using System.Data.Common;
using System.Globalization;
using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Journal.Stores;

/// <summary>
/// What both databases have in common, which is nearly everything: the tables and the statements are the same. Rows are read in
/// portions, so no statement stays open while the caller thinks.
/// </summary>
public abstract class SqlStore : IJournalStore
{
    private const int Portion = 32;
    private const string Columns = "persistence_id, sequence_number, created, manifest, identifier, writer_uuid, message, deleted";
    private const string PinnedTag = "pinned";

    private DbConnection? _reading;

    public abstract string Name { get; }

    /// <summary>Whether the tables are there; a database without them holds no run.</summary>
    protected abstract bool HasTables { get; }

    public IReadOnlyList<StreamSummary> Streams()
    {
        var snapshots = Query(
            "SELECT persistence_id, SUM(LENGTH(snapshot)) FROM snapshot WHERE persistence_id LIKE 'run/%' GROUP BY persistence_id", [],
            reader => (Stream: reader.GetString(0), Bytes: Long(reader, 1))).ToDictionary(row => row.Stream, row => row.Bytes, StringComparer.Ordinal);
        var pinned = Query("SELECT persistence_id FROM tags WHERE tag = 'pinned'", [], reader => reader.GetString(0)).ToHashSet(StringComparer.Ordinal);
        return Query(
            "SELECT persistence_id, COUNT(*), MAX(sequence_number), SUM(LENGTH(message)) FROM journal WHERE persistence_id LIKE 'run/%' GROUP BY persistence_id ORDER BY persistence_id", [],
            reader => new StreamSummary(reader.GetString(0), Long(reader, 1), Long(reader, 2), Long(reader, 3) + snapshots.GetValueOrDefault(reader.GetString(0)), pinned.Contains(reader.GetString(0))));
    }

    public IEnumerable<JournalRow> Rows(string stream, long from = 1)
    {
        while (true)
        {
            IReadOnlyList<JournalRow> rows = Query(
                $"SELECT {Columns} FROM journal WHERE persistence_id = @stream AND sequence_number >= @from ORDER BY sequence_number LIMIT @most",
                [("@stream", stream), ("@from", from), ("@most", Portion)], RowOf, stream, from);
            foreach (JournalRow row in rows)
            {
                yield return row;
            }

            if (rows.Count < Portion)
            {
                yield break;
            }

            from = rows[^1].Sequence + 1;
        }
    }

    public IEnumerable<JournalRow> Rows(string stream, IReadOnlyCollection<string> manifests)
    {
        IReadOnlyList<long> numbers = Query(
            $"SELECT sequence_number FROM journal WHERE persistence_id = @stream AND manifest IN ({string.Join(',', manifests.Select(manifest => $"'{manifest}'"))}) ORDER BY sequence_number",
            [("@stream", stream)], reader => Long(reader, 0), stream);
        foreach (long number in numbers)
        {
            yield return Query($"SELECT {Columns} FROM journal WHERE persistence_id = @stream AND sequence_number = @number", [("@stream", stream), ("@number", number)], RowOf, stream, number)
                is [var row] ? row : throw DamagedJournalException.Of(stream, number, "it is there and not there");
        }
    }

    public JournalRow? Last(string stream) =>
        Query($"SELECT {Columns} FROM journal WHERE persistence_id = @stream ORDER BY sequence_number DESC LIMIT 1", [("@stream", stream)], RowOf, stream)
            is [var row] ? row : null;

    public (string Manifest, byte[] Start)? Head(string stream, long sequence, int length) =>
        Query(
            "SELECT manifest, SUBSTR(message, 1, @length) FROM journal WHERE persistence_id = @stream AND sequence_number = @sequence",
            [("@stream", stream), ("@sequence", sequence), ("@length", length)], reader => (reader.GetString(0), reader.GetFieldValue<byte[]>(1)), stream, sequence) is [var head] ? head : null;

    public IEnumerable<SnapshotRow> Snapshots(string stream, long upTo = long.MaxValue)
    {
        for (long from = upTo; ;)
        {
            IReadOnlyList<SnapshotRow> rows = Query(
                "SELECT persistence_id, sequence_number, created, manifest, serializer_id, snapshot FROM snapshot WHERE persistence_id = @stream AND sequence_number <= @from ORDER BY sequence_number DESC LIMIT 1",
                [("@stream", stream), ("@from", from)],
                reader => new SnapshotRow(reader.GetString(0), Long(reader, 1), Long(reader, 2), reader.GetString(3), (int)Long(reader, 4), reader.GetFieldValue<byte[]>(5)), stream);
            if (rows is not [var row])
            {
                yield break;
            }

            yield return row;
            from = row.Sequence - 1;
        }
    }

    public IReadOnlyList<(long Sequence, long Bytes)> SnapshotSizes(string stream) =>
        Query(
            "SELECT sequence_number, LENGTH(snapshot) FROM snapshot WHERE persistence_id = @stream ORDER BY sequence_number",
            [("@stream", stream)], reader => (Long(reader, 0), Long(reader, 1)), stream);

    public IReadOnlyList<(string Stream, long Sequence, int Identifier)> ScanKeys() =>
        Query($"SELECT persistence_id, sequence_number, identifier FROM journal {TableOrder}", [], reader => (reader.GetString(0), Long(reader, 1), reader.IsDBNull(2) ? 0 : (int)Long(reader, 2)));

    public abstract IReadOnlyList<string> CheckStructure();

    public abstract IJournalAppender OpenWriter(string stream, Durability durability);

    public abstract ICampaignLedger OpenCampaign(CampaignPlan plan, TimeProvider clock);

    public void Delete(string stream) => Change(stream, connection =>
    {
        foreach (string table in (ReadOnlySpan<string>)["journal", "tags", "snapshot"])
        {
            Execute(connection, $"DELETE FROM {table} WHERE persistence_id = @stream", ("@stream", stream));
        }
    });

    public void DeleteSnapshots(string stream) =>
        Change(stream, connection => Execute(connection, "DELETE FROM snapshot WHERE persistence_id = @stream", ("@stream", stream)));

    public void Pin(string stream, bool pinned) => Change(stream, connection =>
    {
        Execute(connection, "DELETE FROM tags WHERE persistence_id = @stream AND tag = @tag", ("@stream", stream), ("@tag", PinnedTag));
        if (pinned)
        {
            Execute(
                connection,
                "INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id) SELECT ordering, @tag, sequence_number, persistence_id FROM journal WHERE persistence_id = @stream AND sequence_number = 1",
                ("@stream", stream), ("@tag", PinnedTag));
        }
    });

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reading?.Dispose();
            _reading = null;
        }
    }

    /// <summary>What follows a table's name so that the table itself is read, not an index.</summary>
    protected abstract string TableOrder { get; }

    protected abstract DbConnection Connect();

    /// <summary>What an error of the database means.</summary>
    protected abstract JournalException Meaning(Exception error, string stream, long row);

    /// <summary>Carries out a change while nobody else writes the stream.</summary>
    protected abstract void Change(string stream, Action<DbConnection> change);

    protected static void Execute(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        using DbCommand command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    internal static DbCommand Command(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(parameters);
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    protected IReadOnlyList<T> Query<T>(string sql, (string Name, object Value)[] parameters, Func<DbDataReader, T> read, string stream = "", long row = 0)
    {
        var rows = new List<T>();
        try
        {
            if (!HasTables)
            {
                return rows;
            }

            _reading ??= Connect();
            using DbCommand command = Command(_reading, sql, parameters);
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (Exception error) when (error is not JournalException)
        {
            throw Meaning(error, stream, row == 0 ? 0 : row + rows.Count);
        }
    }

    protected static long Long(DbDataReader reader, int column) => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    private static JournalRow RowOf(DbDataReader reader) =>
        new(reader.GetString(0), Long(reader, 1), Long(reader, 2), reader.GetString(3), (int)Long(reader, 4), reader.GetString(5), reader.GetFieldValue<byte[]>(6)) { Deleted = Long(reader, 7) != 0 };
}
