namespace ActorVmm.Journal.Tests.Stores;

[Collection(nameof(PrivateServer))]
public sealed class PostgresStoreTests(PrivateServer server) : StoreContractTests
{
    private readonly string _database = server.NewDatabase();

    protected override string Place => _database;

    [Fact]
    public void AViewInATablesPlaceIsRefused()
    {
        server.Execute(_database, "CREATE VIEW journal AS SELECT 1 AS ordering");
        Should.Throw<ForeignJournalException>(() => JournalStores.OpenOrCreate(_database)).Message.ShouldContain("journal");
    }

    [Fact]
    public void ATriggerIsRefused()
    {
        using (IJournalStore store = JournalStores.OpenOrCreate(_database))
        {
            Written.Run(store);
        }

        server.Execute(_database, "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER mine BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION f()");
        Should.Throw<ForeignJournalException>(() => JournalStores.Open(_database)).Message.ShouldContain("mine");
    }

    [Fact]
    public void AServerThatIsNotThereIsAStorageError() =>
        Should.Throw<JournalStorageException>(() => JournalStores.Open("postgres://nobody@127.0.0.1:1/none"));

    [Fact]
    public void APasswordIsNeverShown() =>
        Should.Throw<JournalStorageException>(() => JournalStores.Open("postgres://nobody:secret@127.0.0.1:1/none")).ToString().ShouldNotContain("secret");
}
