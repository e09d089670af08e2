using ActorVmm.Journal;
using ActorVmm.Journal.Stores;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Cli.Tests;

/// <summary>A journal that cannot be used is refused with its own exit code and its name, and not one byte of it changes.</summary>
public sealed class RefusedJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RefusedJournalTests() => _folder.Write("pages", "1,2,3w,1");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("replay latest --journal runs.db")]
    [InlineData("inspect runs.db at 1 vm")]
    [InlineData("journal info latest --journal runs.db")]
    [InlineData("diff runs.db runs.db")]
    public void OneOfANewerVersionIs6(string line)
    {
        using (IJournalStore store = JournalStores.OpenOrCreate(PathOf("runs.db")))
        using (IJournalAppender writer = store.OpenWriter("run/00000000000000000000000000", Durability.Full))
        {
            writer.Commit([Envelope.Seal(new JournalRow("run/00000000000000000000000000", 1, 1, "run-started/2", Envelope.Serializer, new string('0', 32), []), Envelope.Beginning.Span, [1])], []);
        }

        ShouldRefuse(ExitCode.MadeByNewerVersion, line, "version 2", "version 1");
    }

    [Theory]
    [InlineData("CREATE TABLE stamps(country TEXT)", "stamps")]
    [InlineData("CREATE VIEW mine AS SELECT 1 AS one", "mine")]
    public void AnotherProgramsFileIs3(string sql, string named)
    {
        Execute(sql);
        ShouldRefuse(ExitCode.InputRejected, "replay runs.db", "runs.db", named);
        ShouldRefuse(ExitCode.InputRejected, "inspect runs.db at 1 vm", "runs.db", named);
        ShouldRefuse(ExitCode.InputRejected, "run pages --journal runs.db", "runs.db", named);
    }

    [Theory]
    [InlineData("CREATE VIEW mine AS SELECT * FROM journal")]
    [InlineData("CREATE TRIGGER mine AFTER INSERT ON journal BEGIN DELETE FROM tags; END")]
    public void AJournalThatSomebodyAddedToIs3(string sql)
    {
        Run("run pages --journal runs.db").Code.ShouldBe(ExitCode.Fine);
        Execute(sql);
        ShouldRefuse(ExitCode.InputRejected, "journal list runs.db", "runs.db", "mine");
        ShouldRefuse(ExitCode.InputRejected, "run pages --journal runs.db", "runs.db", "mine");
    }

    [Fact]
    public void ASecondWriterIs7()
    {
        Run("run pages --journal runs.db").Code.ShouldBe(ExitCode.Fine);
        using var held = new FileStream(PathOf("runs.db-lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        ShouldRefuse(ExitCode.Storage, "run pages --journal runs.db", "runs.db is locked by another writer");
        ShouldRefuse(ExitCode.Storage, "journal pin latest --journal runs.db", "runs.db is locked by another writer");
        Run("replay runs.db").Code.ShouldBe(ExitCode.Fine);
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private void ShouldRefuse(ExitCode code, string line, params string[] said)
    {
        byte[] before = File.ReadAllBytes(PathOf("runs.db"));
        string?[] files = Files();
        Actorvmm.Ended ended = Run(line);
        ended.Code.ShouldBe(code, ended.Error);
        ended.Error.ShouldContainEach(said);
        ended.ShouldHoldNoStackTrace();
        File.ReadAllBytes(PathOf("runs.db")).ShouldBe(before);
        Files().ShouldBe(files);
    }

    private string?[] Files() => [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private Actorvmm.Ended Run(string line) => Actorvmm.Run(new Actorvmm.Launch(line.Split(' ')) { Folder = _folder.Path });

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={PathOf("runs.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
