using ActorVmm.Journal.Campaigns;
using ActorVmm.Journal.Tests.Stores;

namespace ActorVmm.Journal.Tests.Campaigns;

[Collection(nameof(PrivateServer))]
public sealed class PostgresLedgerTests(PrivateServer server) : LedgerContractTests
{
    private readonly string _database = server.NewDatabase();

    [Fact]
    public void ANewerCampaignIsRefusedWithBothVersions()
    {
        Open().Dispose();
        server.Execute(_database, "UPDATE actorvmm_campaign SET version = 7; ALTER TABLE actorvmm_seed ADD COLUMN mood text");
        NewerJournalException newer = Should.Throw<NewerJournalException>(() => Open());
        (newer.Found, newer.Known).ShouldBe((7, 1));
    }

    [Fact]
    public void SomebodyElsesTableIsLeftAsItIs()
    {
        server.Execute(_database, "CREATE TABLE actorvmm_seed(packet text)");
        Should.Throw<ForeignJournalException>(() => Open()).Message.ShouldContain("actorvmm_seed");
    }

    protected override ICampaignLedger Open(CampaignPlan plan)
    {
        using IJournalStore store = JournalStores.OpenOrCreate(_database);
        return store.OpenCampaign(plan, TimeProvider.System);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
