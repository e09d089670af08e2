namespace ActorVmm.Journal.Tests.Stores;

/// <summary>One writer at a time, and nothing is left of the lock when there is none.</summary>
public sealed class WriterLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheLockIsGoneWithItsWriter()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(_folder["journal.db"]);
        using (store.OpenWriter(Written.Stream, Durability.Full))
        {
            File.Exists(_folder["journal.db-lock"]).ShouldBeTrue();
            Should.Throw<JournalStorageException>(() => store.OpenWriter(Written.Stream, Durability.Full)).Message.ShouldContain("locked by another writer");
        }

        File.Exists(_folder["journal.db-lock"]).ShouldBeFalse();
    }

    [Fact]
    public void ManyWhoTakeTurnsAreNeverTwo()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(_folder["journal.db"]);
        int inside = 0;
        int entered = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int round = 0; round < 40; round++)
            {
                try
                {
                    using IJournalAppender writer = store.OpenWriter(Written.Stream, Durability.Relaxed);
                    Interlocked.Increment(ref inside).ShouldBe(1);
                    Interlocked.Increment(ref entered);
                    Interlocked.Decrement(ref inside);
                }
                catch (JournalStorageException)
                {
                    // Somebody else has it.
                }
            }
        });
        entered.ShouldBePositive();
    }
}
