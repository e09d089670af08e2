using ActorVmm.Journal.Stores;
using Akka.Configuration;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorVmm.Akka.Recording;

/// <summary>What an actor system has to be made with, so that runs on it are recorded in a place.</summary>
public static class RecordingConfiguration
{
    /// <summary>The place; it counts more than <see cref="Overrides"/>, and belongs above them.</summary>
    /// <param name="place">A SQLite file, or the address of a PostgreSQL database: postgres://….</param>
    /// <param name="durability">When what is committed is safe.</param>
    public static Config Of(string place, Durability durability)
    {
        ArgumentNullException.ThrowIfNull(place);
        (string provider, string connection) = JournalStores.IsPostgres(place)
            ? (ProviderName.PostgreSQL15, Postgres(place, durability))
            : (ProviderName.SQLiteMS, Sqlite(place));
        string both = $$"""{ provider-name = "{{provider}}", connection-string = {{Quoted(connection)}} }""";
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal.sql = {{both}}
            akka.persistence.journal.sql.durability = {{durability.ToString().ToLowerInvariant()}}
            akka.persistence.snapshot-store.sql = {{both}}
            """);
    }

    /// <summary>Opened anew for every commit: nothing is held when the run has ended.</summary>
    private static string Sqlite(string path) =>
        new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString;

    private static string Postgres(string address, Durability durability) =>
        new NpgsqlConnectionStringBuilder(PostgresStore.ConnectionStringOf(address))
        {
            Pooling = true,
            Options = durability switch
            {
                Durability.Full => "-c synchronous_commit=on",
                Durability.Relaxed => "-c synchronous_commit=off",
            },
        }.ConnectionString;

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
