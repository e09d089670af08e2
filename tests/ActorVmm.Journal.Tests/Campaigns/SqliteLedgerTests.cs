using ActorVmm.Journal.Campaigns;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Journal.Tests.Campaigns;

public sealed class SqliteLedgerTests : LedgerContractTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IJournalStore> _stores = [];

    [Fact]
    public void ARunIsWrittenWhileACampaignGoesOn()
    {
        using ICampaignLedger ledger = Open();
        ledger.Claim(100).ShouldNotBeNull();
        using IJournalStore store = JournalStores.Open(_folder["journal.db"]);
        Written.Run(store);
        ledger.Settle([Result(5)]);
        using IJournalAppender held = store.OpenWriter("run/other", Durability.Full);
        ledger.Settle([Result(6)]);
        ledger.Totals().Done.ShouldBe(2);
        store.Streams().ShouldHaveSingleItem();
        new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem().Condition.ShouldBe(StreamCondition.Whole);
    }

    [Fact]
    public void NothingStaysBesideTheJournal()
    {
        Open().Dispose();
        _folder.Files.ShouldNotContain(name => name.Contains("holder", StringComparison.Ordinal));
    }

    [Fact]
    public void ANewerCampaignIsRefusedWithBothVersions()
    {
        Open().Dispose();
        Execute("UPDATE actorvmm_campaign SET version = 7; ALTER TABLE actorvmm_seed ADD COLUMN mood text");
        NewerJournalException newer = Should.Throw<NewerJournalException>(() => JournalStores.Open(_folder["journal.db"]));
        (newer.Found, newer.Known).ShouldBe((7, 1));
    }

    [Fact]
    public void TablesThatSomebodyChangedAreRefused()
    {
        Open().Dispose();
        Execute("ALTER TABLE actorvmm_seed ADD COLUMN mood text");
        Should.Throw<ForeignJournalException>(() => JournalStores.Open(_folder["journal.db"])).Message.ShouldContain("actorvmm_seed");
    }

    protected override ICampaignLedger Open(CampaignPlan plan)
    {
        _stores.Add(JournalStores.OpenOrCreate(_folder["journal.db"]));
        return _stores[^1].OpenCampaign(plan, TimeProvider.System);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stores.ForEach(store => store.Dispose());
            _folder.Dispose();
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder["journal.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
