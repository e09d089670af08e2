using ActorVmm.Akka.Recording;
using ActorVmm.Journal.Tests;
using ActorVmm.Journal.Tests.Stores;
using Akka.Actor;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>
/// The tables that Akka.Persistence.Sql makes by itself, beside those of the stock build: the same columns, and each side is at home in
/// the other's.
/// </summary>
[Collection(nameof(PrivateServer))]
public sealed class TableTests(PrivateServer server) : IDisposable
{
    private const string SqliteColumns =
        "SELECT m.name || '.' || c.name || ' ' || upper(c.type) || ' ' || c.\"notnull\" || ' ' || c.pk FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid";

    private const string SqliteIndices =
        "SELECT i.name || ' ' || i.\"unique\" || ' ' || group_concat(c.name) FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c WHERE m.type = 'table' AND i.origin = 'c' GROUP BY i.name ORDER BY i.name";

    // A text of limited length is a text, and a long of either name is one: what is compared is what a program meets.
    private const string PostgresColumns =
        "SELECT table_name || '.' || column_name || ' ' || replace(data_type, 'character varying', 'text') || ' ' || is_nullable FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";

    private const string PostgresIndices =
        "SELECT indexname || ' ' || (indexdef LIKE 'CREATE UNIQUE%')::text || substring(indexdef from ' USING .*') FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT ILIKE '%pk%' ORDER BY 1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OfSqliteAreTheSame()
    {
        await MakeThroughAkka($"Data Source={_folder["akka.db"]};Pooling=false", _folder["akka.db"]);
        Written.Run(JournalStores.OpenOrCreate(_folder["stock.db"]));

        Sqlite("akka.db", SqliteColumns).ShouldBe(Sqlite("stock.db", SqliteColumns));
        Sqlite("akka.db", SqliteIndices).ShouldBe(Sqlite("stock.db", SqliteIndices));
        Sqlite("akka.db", SqliteColumns).Length.ShouldBe(19);
        Sqlite("akka.db", SqliteIndices).Length.ShouldBe(7);
        IsAtHome(_folder["akka.db"]);
    }

    [Fact]
    public async Task OfPostgresAreTheSame()
    {
        string akka = server.NewDatabase();
        string stock = server.NewDatabase();
        await MakeThroughAkka(PostgresStore.ConnectionStringOf(akka), akka);
        Written.Run(JournalStores.OpenOrCreate(stock));

        Postgres(akka, PostgresColumns).ShouldBe(Postgres(stock, PostgresColumns));
        Postgres(akka, PostgresIndices).ShouldBe(Postgres(stock, PostgresIndices));
        Postgres(akka, PostgresColumns).Length.ShouldBe(19);
        Postgres(akka, PostgresIndices).Length.ShouldBe(7);
        IsAtHome(akka);
    }

    [Fact]
    public async Task TagsAreWrittenWhereTheStockBuildHasThem()
    {
        string place = _folder["tags.db"];
        using IJournalStore store = JournalStores.OpenOrCreate(place);
        Written.Run(store, batches: 1);
        using ActorSystem system = Journals.System(place);
        JournalRow row = new RowSealer("run/tagged", TimeProvider.System).Seal(Written.Beginning());
        IActorRef actor = system.ActorOf(Props.Create(typeof(Reader), "run/tagged", new TaskCompletionSource<IReadOnlyList<RunEvent>>()));

        (await actor.Ask<string>(new global::Akka.Persistence.Journal.Tagged(new RunEvent(row), ["beginning"]))).ShouldBe("persisted");

        Sqlite("tags.db", "SELECT t.tag || ' ' || t.sequence_nr || ' ' || t.persistence_id || ' ' || (t.ordering_id = j.ordering) FROM tags t, journal j WHERE j.persistence_id = t.persistence_id")
            .ShouldBe(["beginning 1 run/tagged 1"]);
        new JournalVerifier(store).Verify("run/tagged").Words.ShouldBe("");
    }

    /// <summary>Akka.Persistence.Sql as it comes, in an empty database.</summary>
    private static async Task MakeThroughAkka(string connection, string place)
    {
        string plugins = $$"""
            akka.persistence.journal.sql.connection-string = "{{connection}}"
            akka.persistence.snapshot-store.sql.connection-string = "{{connection}}"
            akka.persistence.journal.sql.class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
            """;
        string provider = JournalStores.IsPostgres(place) ? "PostgreSQL.15" : "SQLite.MS";
        using ActorSystem system = Overrides
            .Of("tables", $"{plugins}\nakka.persistence.journal.sql.provider-name = {provider}\nakka.persistence.snapshot-store.sql.provider-name = {provider}")
            .Start("tables");
        (await Reader.Read(system, Written.Stream)).ShouldBeEmpty();
        await system.Terminate();
    }

    /// <summary>The stock build lists and writes runs there, and so does what is recorded through Akka.</summary>
    private static void IsAtHome(string place)
    {
        using IJournalStore store = JournalStores.Open(place);
        store.Streams().ShouldBeEmpty();
        Written.Run(store);
        Journals.Told told = Journals.Record(Journal.Tests.Replaying.Recording.Small(1), place);
        new JournalReader(store).Runs().Select(run => run.Stream).ShouldBe([Written.Stream, told.Stream], ignoreOrder: true);
        new JournalVerifier(store).VerifyAll().ShouldAllBe(verdict => verdict.Condition == StreamCondition.Whole);
    }

    private string[] Sqlite(string file, string sql)
    {
        using SqliteConnection connection = new($"Data Source={_folder[file]};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Lines(command);
    }

    private static string[] Postgres(string address, string sql)
    {
        using NpgsqlConnection connection = new(PostgresStore.ConnectionStringOf(address));
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        return Lines(command);
    }

    private static string[] Lines(System.Data.Common.DbCommand command)
    {
        using System.Data.Common.DbDataReader reader = command.ExecuteReader();
        List<string> lines = [];
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        return [.. lines];
    }
}
