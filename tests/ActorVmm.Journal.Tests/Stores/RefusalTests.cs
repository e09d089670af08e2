using Microsoft.Data.Sqlite;

namespace ActorVmm.Journal.Tests.Stores;

/// <summary>What is no journal, or a newer one, is refused with its reason, and not one byte of it changes.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("CREATE TABLE stamps(country TEXT)", "stamps")]
    [InlineData("CREATE VIEW mine AS SELECT 1 AS one", "mine")]
    [InlineData("CREATE TABLE journal(a, b)", "journal")]
    public void AnotherProgramsFileIsRefused(string sql, string named)
    {
        Execute(sql);
        ShouldRefuse<ForeignJournalException>(named);
    }

    [Theory]
    [InlineData("CREATE VIEW mine AS SELECT * FROM journal")]
    [InlineData("CREATE TRIGGER mine AFTER INSERT ON journal BEGIN DELETE FROM tags; END")]
    [InlineData("CREATE TABLE mine(a)")]
    public void AJournalThatSomebodyAddedToIsRefused(string sql)
    {
        Write();
        Execute(sql);
        ShouldRefuse<ForeignJournalException>("mine");
    }

    [Fact]
    public void WhatIsNoDatabaseIsRefused()
    {
        File.WriteAllText(Path, "version: 1\nname: a scenario that somebody took for a journal\n");
        ShouldRefuse<ForeignJournalException>("no SQLite database");
    }

    [Fact]
    public void ADirectoryIsRefused()
    {
        Directory.CreateDirectory(Path);
        Should.Throw<ForeignJournalException>(() => JournalStores.OpenOrCreate(Path));
    }

    [Fact]
    public void WhatIsNotThereIsNotMade()
    {
        Should.Throw<NoSuchRunException>(() => JournalStores.Open(Path));
        _folder.Files.ShouldBeEmpty();
    }

    [Fact]
    public void ANewerEnvelopeIsRefusedWithBothVersions()
    {
        Write();
        ChangeFirst(message => message[3] = 7);

        // Only the version was changed, so the checksum tells that it is damage and no newer program.
        using (IJournalStore store = JournalStores.Open(Path))
        {
            Should.Throw<DamagedJournalException>(() => new JournalReader(store).Open("latest")).Row.ShouldBe(1);
        }

        // What a newer program means by its bytes, this one does not know.
        ChangeFirst(message => message[^1]++);
        ShouldRefuse<NewerJournalException>("version 7");
    }

    [Fact]
    public void ANewerEventIsRefusedWithBothVersions()
    {
        using (IJournalStore store = JournalStores.OpenOrCreate(Path))
        using (IJournalAppender writer = store.OpenWriter(Written.Stream, Durability.Full))
        {
            writer.Commit([Envelope.Seal(new JournalRow(Written.Stream, 1, 1, "run-started/2", Envelope.Serializer, JournalWriter.WriterId, []), Envelope.Beginning.Span, [1])], []);
        }

        ShouldRefuse<NewerJournalException>("run-started has version 2, and this program knows version 1");
    }

    private string Path => _folder["journal.db"];

    private void Write()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Path);
        Written.Run(store);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void ChangeFirst(Action<byte[]> change)
    {
        using IJournalStore store = JournalStores.Open(Path);
        byte[] message = store.Rows(Written.Stream).First().Message;
        change(message);
        Execute($"UPDATE journal SET message = X'{Convert.ToHexString(message)}' WHERE sequence_number = 1");
    }

    private void ShouldRefuse<T>(string because)
        where T : JournalException
    {
        byte[] before = File.ReadAllBytes(Path);
        string[] files = _folder.Files;
        Should.Throw<T>(() =>
        {
            using IJournalStore store = JournalStores.OpenOrCreate(Path);
            new JournalReader(store).Open("latest");
        }).Message.ShouldContain(because);
        File.ReadAllBytes(Path).ShouldBe(before);
        _folder.Files.ShouldBe(files);
    }
}
