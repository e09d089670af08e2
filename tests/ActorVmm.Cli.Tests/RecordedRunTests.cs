using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Cli.Tests;

/// <summary>Recorded runs are looked at, compared and exported by their ids, by latest, and by their journals.</summary>
public sealed class RecordedRunTests : IDisposable
{
    private const string Scenario = """
        version: 1
        name: two
        machine: { ram: 1MiB, cpus: 2, pagingFiles: [ { size: 4MiB, latency: const(1ms) } ] }
        processes:
          worker:
            count: 3
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - reserve: { name: heap, size: 1MiB }
              - commit: { region: heap, size: 512KiB }
              - touch: { region: heap, pattern: zipf(0.9), writes: 50%, count: 2000 }
        """;

    private static readonly string _journal = Path.Combine(".actorvmm", "journal.db");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ARunIsInspectedByIdLatestAndJournal()
    {
        string run = Record("--seed", "9", "--frames", "300");
        string wanted = Run("inspect", "two.yaml", "at", "3000", "memusage", "--seed", "9", "--frames", "300").Output;
        foreach (string name in (string[])[run, run[..20].ToLowerInvariant(), "latest", _journal])
        {
            Actorvmm.Ended ended = Run("inspect", name, "at", "3000", "memusage");
            ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
            ended.Output.ShouldBe(wanted);
        }

        JsonElement json = Json(Run("inspect", "latest", "at", "1ms", "turn", "--json"));
        json.GetProperty("run").GetString().ShouldBe(run);
        json.GetProperty("cutOff").GetBoolean().ShouldBeFalse();
        Run("inspect", "latest", "at", "1000000", "vm").Code.ShouldBe(ExitCode.NothingToDo);
        Run("inspect", "latest", "at", "1", "vm", "--seed", "9").Code.ShouldBe(ExitCode.WrongUsage);
        Run("inspect", "ZZZZ", "at", "1", "vm").Code.ShouldBe(ExitCode.NothingToDo);
    }

    [Fact]
    public void ARunOnSeveralCoresIsInspectedToo()
    {
        Record("--host", "parallel", "--workers", "2");
        Actorvmm.Ended ended = Run("inspect", "latest", "at", "end", "turn");
        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        ended.Output.ShouldContain("turn:");
        Run("diff", "latest", "latest").Output.ShouldContain("The runs are the same");
    }

    [Fact]
    public void ARunThatWasCutOffSaysSoAtItsEnd()
    {
        Record();
        Execute("DELETE FROM journal WHERE manifest LIKE 'run-ended%'");
        Actorvmm.Ended ended = Run("inspect", "latest", "at", "end", "vm");
        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        ended.Output.ShouldContain("was cut off here");
        Run("inspect", "latest", "at", "10", "vm").Output.ShouldNotContain("was cut off here");
    }

    [Fact]
    public void RecordedRunsAreComparedWithEachOtherAndWithAScenario()
    {
        string a = Record("--seed", "4");
        string b = Record("--seed", "5");
        Run("diff", a, "two.yaml", "--seed", "4").Code.ShouldBe(ExitCode.Fine);
        Run("diff", "two.yaml", b, "--seed", "5").Code.ShouldBe(ExitCode.Fine);
        Actorvmm.Ended ended = Run("diff", a, b);
        ended.Code.ShouldBe(ExitCode.Found, ended.Error);
        ended.Output.ShouldContain("The runs part at turn");
        Run("diff", a, b, "--seed-b", "1").Code.ShouldBe(ExitCode.WrongUsage);
        Run("diff", a, b, "--seed", "1").Code.ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public void ARecordedRunIsExportedAsItsScenarioIs()
    {
        Record("--seed", "4");
        foreach (string format in (string[])["perfetto", "shiviz", "csv", "ndjson"])
        {
            Actorvmm.Ended ended = Run("trace", "export", "latest", "--format", format);
            ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
            ended.ShouldBe(Run("trace", "export", "two.yaml", "--seed", "4", "--format", format));
        }
    }

    [Fact]
    public void DamageIsNamedAndOtherRunsStandApart()
    {
        string a = Record("--seed", "4");
        string b = Record("--seed", "5");
        Execute($"UPDATE journal SET persistence_id = 'x' WHERE sequence_number = 1 AND persistence_id = 'run/{a}'");
        Actorvmm.Ended ended = Run("inspect", a, "at", "end", "vm");
        ended.Code.ShouldBe(ExitCode.JournalDamaged);
        ended.Error.ShouldContain("row 1");
        ended.ShouldHoldNoStackTrace();
        Run("inspect", b, "at", "end", "vm").Code.ShouldBe(ExitCode.Fine);
    }

    [Fact]
    public void ARunThatIsPinnedStays()
    {
        string first = Record("--seed", "4");
        string second = Record("--seed", "5");
        string third = Record("--seed", "6");
        Run("journal", "pin", first).Code.ShouldBe(ExitCode.Fine);
        Run("journal", "list").Output.Split('\n').Single(line => line.Contains(first, StringComparison.Ordinal)).ShouldContain("pinned");
        Run("journal", "prune", "--keep", "1").Output.ShouldBe("1 run removed\n");
        Run("journal", "list").Output.ShouldContainEach([first, third]);
        Run("journal", "list").Output.ShouldNotContain(second);
        Json(Run("journal", "unpin", first, "--json")).GetProperty("pinned").GetBoolean().ShouldBeFalse();
        Run("journal", "prune", "--keep", "1").Output.ShouldBe("1 run removed\n");
    }

    [Fact]
    public void SnapshotsAreLaidAndCounted()
    {
        _folder.Write("two.yaml", Scenario.Replace("count: 2000", "count: 120000", StringComparison.Ordinal));
        Actorvmm.Ended run = Run("run", "two.yaml", "--json", "--specifications", "off");
        run.Code.ShouldBe(ExitCode.Fine, run.Error);
        JsonElement index = Json(Run("journal", "index", "latest", "--json"));
        index.GetProperty("snapshots").GetInt32().ShouldBeGreaterThan(1);
        index.GetProperty("bytes").GetInt64().ShouldBePositive();
        Run("journal", "info", "latest").Output.ShouldContain(index.GetProperty("snapshots").GetInt32().ToString(CultureInfo.InvariantCulture) + " snapshots");
        long there = index.GetProperty("deliveries").GetInt64() - 1_000;
        string at = there.ToString(CultureInfo.InvariantCulture);
        Run("inspect", "latest", "at", at, "vm").ShouldBe(Run("inspect", "two.yaml", "at", at, "vm"));
        Run("journal", "verify").Code.ShouldBe(ExitCode.Fine);
    }

    [Fact]
    public void WhoHoldsTheJournalKeepsOthersFromIndexing()
    {
        _folder.Write("two.yaml", Scenario.Replace("count: 2000", "count: 120000", StringComparison.Ordinal));
        Run("run", "two.yaml", "--specifications", "off").Code.ShouldBe(ExitCode.Fine);
        Execute("DELETE FROM snapshot WHERE sequence_number >= 0", least: 0);
        using var held = new FileStream(Path.Combine(_folder.Path, _journal + "-lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Actorvmm.Ended ended = Run("journal", "index", "latest");
        ended.Code.ShouldBe(ExitCode.Storage);
        ended.Error.ShouldContain(_journal);
    }

    private string Record(params string[] flags)
    {
        _folder.Write("two.yaml", Scenario);
        Actorvmm.Ended ended = Run(["run", "two.yaml", "--json", .. flags]);
        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        return Json(ended).GetProperty("run").GetString()!;
    }

    private Actorvmm.Ended Run(params string[] arguments) =>
        Actorvmm.Run(new Actorvmm.Launch(arguments) { Folder = _folder.Path, Environment = new() { ["ACTORVMM_JOURNAL"] = "" } });

    private void Execute(string sql, int least = 1)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, _journal)};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery().ShouldBeGreaterThanOrEqualTo(least);
    }

    private static JsonElement Json(Actorvmm.Ended ended)
    {
        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        using JsonDocument document = JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]);
        return document.RootElement.Clone();
    }
}
