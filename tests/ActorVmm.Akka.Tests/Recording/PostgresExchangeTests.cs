using ActorVmm.Journal.Tests.Stores;

namespace ActorVmm.Akka.Tests.Recording;

[Collection(nameof(PrivateServer))]
public sealed class PostgresExchangeTests(PrivateServer server) : ExchangeTests
{
    protected override string Place { get; } = server.NewDatabase();

    protected override string StockPlace { get; } = server.NewDatabase();

    protected override void Execute(string sql) => server.Execute(Place, sql);
}
