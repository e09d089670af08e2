namespace ActorVmm.Journal.Tests.Stores;

public sealed class SqliteStoreTests : StoreContractTests
{
    private readonly TemporaryFolder _folder = new();

    protected override string Place => _folder["journal.db"];

    [Fact]
    public void OnlyItsOwnerReadsAJournal()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using IJournalAppender writer = store.OpenWriter(Written.Stream, Durability.Full);
        foreach (string file in _folder.Files)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(_folder[file]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
            }
        }
    }

    [Fact]
    public void AWriterOfAnotherRunIsRefusedToo()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using IJournalAppender writer = store.OpenWriter(Written.Stream, Durability.Full);
        Should.Throw<JournalStorageException>(() => store.OpenWriter("run/other", Durability.Full));
    }

    [Fact]
    public void ReadersDoNotDisturbTheWriter()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using var writer = new JournalWriter(store, Written.Stream, Durability.Full, TimeProvider.System);
        writer.Append(Written.Beginning());
        writer.Flush();
        using IJournalStore reading = JournalStores.Open(Place);
        reading.Streams().ShouldHaveSingleItem().Rows.ShouldBe(1);
        writer.Append(Written.Batch(1, 10, new Random(1)));
        writer.Flush();
        reading.Streams().ShouldHaveSingleItem().Rows.ShouldBe(2);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _folder.Dispose();
        }
    }
}
