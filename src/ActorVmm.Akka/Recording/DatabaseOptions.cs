using System.Data.Common;
using ActorVmm.Journal.Stores;
using Akka.Configuration;
using LinqToDB;
using LinqToDB.Interceptors;

namespace ActorVmm.Akka.Recording;

/// <summary>How Akka.Persistence.Sql reaches a database, and what is said to SQLite on every connection.</summary>
internal static class DatabaseOptions
{
    /// <param name="plugin">A journal's section: <c>provider-name</c>, <c>connection-string</c> and <c>durability</c>.</param>
    public static DataOptions Of(Config plugin)
    {
        string provider = plugin.GetString("provider-name");
        DataOptions options = new DataOptions().UseConnectionString(provider, plugin.GetString("connection-string"));
        return provider.StartsWith(ProviderName.SQLite, StringComparison.Ordinal)
            ? options.UseInterceptor(new Opened(Enum.Parse<Durability>(plugin.GetString("durability"), ignoreCase: true)))
            : options;
    }

    /// <summary>What our own store says on its connections: see <see cref="SqliteStore"/>.</summary>
    private sealed class Opened(Durability durability) : ConnectionInterceptor
    {
        private readonly string _said = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; " + durability switch
        {
            Durability.Full => "PRAGMA synchronous = FULL",
            Durability.Relaxed => "PRAGMA synchronous = NORMAL",
        };

        public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
        {
            using DbCommand command = connection.CreateCommand();
            command.CommandText = _said;
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
        {
            ConnectionOpened(eventData, connection);
            return Task.CompletedTask;
        }
    }
}
