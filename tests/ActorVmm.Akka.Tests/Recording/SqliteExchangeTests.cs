using ActorVmm.Journal.Tests;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Akka.Tests.Recording;

public sealed class SqliteExchangeTests : ExchangeTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override string Place => _folder["runs.db"];

    protected override string StockPlace => _folder["stock.db"];

    public void Dispose() => _folder.Dispose();

    protected override void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Place};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
