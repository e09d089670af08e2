using ActorVmm.Journal.Campaigns;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Journal.Stores;

/// <summary>
/// The tables of Akka.Persistence.Sql's default mapping, as SQLite has them, and whether a file holds these and nothing else: a
/// view or trigger in a file from a stranger would run his statements with our rights.
/// </summary>
internal static class SqliteSchema
{
    public const string Create = """
        CREATE TABLE IF NOT EXISTS journal(
          ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, created BigInt NOT NULL, deleted Bit NOT NULL, persistence_id NVarChar(255) NOT NULL,
          sequence_number BigInt NOT NULL, message VarBinary NOT NULL, manifest NVarChar(500) NULL, identifier INTEGER NULL, writer_uuid NVarChar(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
        CREATE INDEX IF NOT EXISTS journal_created_idx ON journal (created);
        CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal (sequence_number);
        CREATE TABLE IF NOT EXISTS tags(
          ordering_id INTEGER NOT NULL, tag NVarChar(64) NOT NULL, sequence_nr INTEGER NOT NULL, persistence_id NVarChar(255) NOT NULL, PRIMARY KEY (ordering_id, tag));
        CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
        CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags (tag);
        CREATE TABLE IF NOT EXISTS snapshot(
          persistence_id NVarChar(255) NOT NULL, sequence_number BigInt NOT NULL, created BigInt NOT NULL, snapshot VarBinary NULL, manifest NVarChar(500) NULL,
          serializer_id INTEGER NULL, PRIMARY KEY (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number);
        CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created);
        """;

    private static readonly Dictionary<string, string[]> _columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["journal"] = ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"],
        ["tags"] = ["ordering_id", "tag", "sequence_nr", "persistence_id"],
        ["snapshot"] = ["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"],
    };

    /// <summary>How many of the three tables of runs are there; refuses the file when anything else is, but for campaigns.</summary>
    /// <exception cref="ForeignJournalException">It holds something that no journal holds.</exception>
    /// <exception cref="NewerJournalException">It holds campaigns of a newer program.</exception>
    public static int Check(SqliteConnection connection, string path)
    {
        int tables = 0;
        List<(string Type, string Name, string Table)> entries = Entries(connection);
        if (entries.Contains(("table", CampaignSchema.Campaigns, CampaignSchema.Campaigns)) && ColumnsOf(connection, CampaignSchema.Campaigns).Contains("version", StringComparer.Ordinal))
        {
            // What a newer program's tables look like, this one cannot know.
            CampaignSchema.RefuseNewer(connection, path);
        }

        foreach ((string type, string name, string table) in entries)
        {
            if (type is "index" && ColumnsWanted(table) is not null)
            {
                continue;
            }

            string[]? wanted = ColumnsWanted(name);
            if (type is not "table" || !(wanted is not null || name.StartsWith("sqlite_", StringComparison.Ordinal)))
            {
                throw new ForeignJournalException($"{path} holds the {type} \"{name}\", and a journal holds none such: it is left as it is");
            }

            if (wanted is not null)
            {
                tables += _columns.ContainsKey(name) ? 1 : 0;
                string[] found = [.. ColumnsOf(connection, name)];
                if (!found.SequenceEqual(wanted, StringComparer.OrdinalIgnoreCase))
                {
                    throw new ForeignJournalException($"{path}: its table \"{name}\" has the columns {string.Join(", ", found)}, and a journal's has {string.Join(", ", wanted)}: it is left as it is");
                }
            }
        }

        return tables;
    }

    private static string[]? ColumnsWanted(string table) =>
        _columns.GetValueOrDefault(table) ?? CampaignSchema.Columns.GetValueOrDefault(table);

    private static List<(string Type, string Name, string Table)> Entries(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT type, name, tbl_name FROM sqlite_master";
        using SqliteDataReader reader = command.ExecuteReader();
        var entries = new List<(string, string, string)>();
        while (reader.Read())
        {
            entries.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return entries;
    }

    private static List<string> ColumnsOf(SqliteConnection connection, string table)
    {
        // table_xinfo also lists generated and hidden columns.
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT name FROM pragma_table_xinfo('{table}') ORDER BY cid";
        using SqliteDataReader reader = command.ExecuteReader();
        var columns = new List<string>();
        while (reader.Read())
        {
            columns.Add(reader.GetString(0));
        }

        return columns;
    }
}
