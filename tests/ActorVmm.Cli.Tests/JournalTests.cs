using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary>Runs are recorded, listed, verified, exported and replayed.</summary>
public sealed class JournalTests : IDisposable
{
    private const string Scenario = """
        version: 1
        name: two
        seed: 5
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

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ARunIsRecordedByDefaultAndReplaysToTheSameFingerprint()
    {
        JsonElement run = Record("--seed", "9", "--frames", "300");
        Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe([".actorvmm", "two.yaml"]);
        run.GetProperty("durableThrough").GetInt64().ShouldBe(run.GetProperty("turns").GetInt64());

        Actorvmm.Ended ended = Run("replay", "latest", "--verify", "--json");
        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        JsonElement replay = Json(ended);
        replay.EnumerateObject().Take(8).Select(property => property.Name).ShouldBe(["v", "type", "run", "deliveries", "fingerprint", "recordedFingerprint", "verified", "firstDivergence"]);
        replay.GetProperty("run").GetString().ShouldBe(run.GetProperty("run").GetString());
        replay.GetProperty("deliveries").GetInt64().ShouldBe(run.GetProperty("turns").GetInt64());
        replay.GetProperty("fingerprint").GetString().ShouldBe(run.GetProperty("fingerprint").GetString());
        replay.GetProperty("recordedFingerprint").GetString().ShouldBe(run.GetProperty("fingerprint").GetString());
        replay.GetProperty("verified").GetBoolean().ShouldBeTrue();
        replay.GetProperty("firstDivergence").ValueKind.ShouldBe(JsonValueKind.Null);

        Json(Run("replay", run.GetProperty("run").GetString()!, "--to", "100", "--json")).GetProperty("deliveries").GetInt64().ShouldBe(100);
        Json(Run("replay", "latest", "--to-time", "1ms", "--json")).GetProperty("deliveries").GetInt64().ShouldBeInRange(1, 10_000);
    }

    [Fact]
    public void ARunOnSeveralCoresIsRecordedByDefaultAndReplaysOnOneThreadAndOnSeveral()
    {
        JsonElement run = Record("--host", "parallel", "--workers", "2", "--time-scale", "100");
        run.GetProperty("durableThrough").GetInt64().ShouldBe(run.GetProperty("turns").GetInt64());
        string info = Run("journal", "info", "latest").Output;
        info.ShouldContain("host         parallel");
        info.ShouldContain("--workers 2 --time-scale 100");
        foreach (string how in (string[])["--verify", "--workers 2", "--host parallel", "--host deterministic"])
        {
            Actorvmm.Ended ended = Run(["replay", "latest", "--json", .. how.Split(' ')]);
            ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
            JsonElement replay = Json(ended);
            replay.GetProperty("deliveries").GetInt64().ShouldBe(run.GetProperty("turns").GetInt64());
            replay.GetProperty("fingerprint").GetString().ShouldBe(run.GetProperty("fingerprint").GetString());
            replay.GetProperty("recordedFingerprint").GetString().ShouldBe(run.GetProperty("fingerprint").GetString());
        }

        Json(Run("replay", "latest", "--to", "100", "--json")).GetProperty("deliveries").GetInt64().ShouldBe(100);
        Run("replay", "latest", "--host", "deterministic", "--workers", "2").Code.ShouldBe(ExitCode.WrongUsage);
        Run("replay", "latest", "--resume").Code.ShouldBe(ExitCode.NothingToDo);
        Run("journal", "verify").Output.ShouldStartWith("whole");
    }

    [Theory]
    [InlineData("--workers", "2")]
    [InlineData("--host", "parallel")]
    public void DeliveriesInOneOrderAreNotReplayedOnSeveralThreads(string flag, string value)
    {
        Record();
        Actorvmm.Ended ended = Run("replay", "latest", flag, value);
        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Error.ShouldContain("on one thread");
    }

    [Fact]
    public void WhatCameFromStandardInputReplays()
    {
        Actorvmm.Ended run = Actorvmm.Run(new Actorvmm.Launch("run", "-", "--working-set", "3", "--replacement", "fifo", "--journal", "runs.db", "--journal-messages", "full", "--durability", "relaxed", "--json")
        {
            Input = "1,2,3,4,1,2,5,1,2,3,4,5", Folder = _folder.Path,
        });
        run.Code.ShouldBe(ExitCode.Fine, run.Error);
        Actorvmm.Ended replay = Run("replay", "runs.db", "--json");
        replay.Code.ShouldBe(ExitCode.Fine, replay.Error);
        Json(replay).GetProperty("fingerprint").GetString().ShouldBe(Json(run).GetProperty("fingerprint").GetString());
    }

    [Fact]
    public void RunsAreListedToldAboutVerifiedExportedAndPruned()
    {
        string first = Record().GetProperty("run").GetString()!;
        string second = Record("--seed", "6").GetProperty("run").GetString()!;
        Run("journal", "list").Output.ShouldContain(first);
        Json(Run("journal", "list", "--json")).GetProperty("runs").GetArrayLength().ShouldBe(2);
        Run("journal", "info", second).Output.ShouldContain("seed         6");
        Run("journal", "verify").Output.Split('\n').Count(line => line.StartsWith("whole", StringComparison.Ordinal)).ShouldBe(2);
        Run("journal", "export", first, "-o", "one.db").Code.ShouldBe(ExitCode.Fine);
        Run("journal", "prune", "--keep", "1").Output.ShouldBe("1 run removed\n");
        Run("replay", first).Code.ShouldBe(ExitCode.NothingToDo);
        Run("replay", "one.db").Code.ShouldBe(ExitCode.Fine);
        Run("replay", "latest").Code.ShouldBe(ExitCode.Fine);
    }

    [Fact]
    public void NothingRecordedIsNothingToDo()
    {
        Run("replay", "latest").Code.ShouldBe(ExitCode.NothingToDo);
        Run("journal", "list").Code.ShouldBe(ExitCode.NothingToDo);
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void WhatIsNoJournalIsRejected()
    {
        string path = _folder.Write("two.yaml", Scenario);
        Run("run", path, "--journal", path).Code.ShouldBe(ExitCode.InputRejected);
        Run("replay", path).Code.ShouldBe(ExitCode.InputRejected);
        File.ReadAllText(path).ShouldBe(Scenario);
    }

    [Fact]
    public void DamageIsNamed()
    {
        Record();
        string path = Path.Combine(_folder.Path, ".actorvmm", "journal.db");
        byte[] bytes = File.ReadAllBytes(path);
        int batch = bytes.AsSpan().LastIndexOf("AVJ\u0001"u8);
        bytes[batch + 60] ^= 4;
        File.WriteAllBytes(path, bytes);
        Actorvmm.Ended ended = Run("journal", "verify");
        ended.Code.ShouldBe(ExitCode.JournalDamaged);
        ended.Output.ShouldContain(", row ");
    }

    [Fact]
    public void ALockedJournalIsAStorageError()
    {
        Record();
        using var held = new FileStream(Path.Combine(_folder.Path, ".actorvmm", "journal.db-lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Actorvmm.Ended ended = Run("run", "two.yaml", "--journal", Path.Combine(".actorvmm", "journal.db"));
        ended.Code.ShouldBe(ExitCode.Storage);
        ended.Error.ShouldContain("locked by another writer");
        ended.ShouldHoldNoStackTrace();
    }

    [Fact]
    public void AnInputThatHasChangedIsRejected()
    {
        Record();
        _folder.Write("two.yaml", Scenario + "# and more\n");
        Actorvmm.Ended ended = Run("replay", "latest");
        ended.Code.ShouldBe(ExitCode.InputRejected);
        ended.Error.ShouldContain("has changed since");
    }

    private JsonElement Record(params string[] flags)
    {
        _folder.Write("two.yaml", Scenario);
        Actorvmm.Ended ended = Run(["run", "two.yaml", "--json", .. flags]);
        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        return Json(ended);
    }

    /// <summary>As a user would, in a folder of the test's own, where runs are recorded.</summary>
    private Actorvmm.Ended Run(params string[] arguments) =>
        Actorvmm.Run(new Actorvmm.Launch(arguments) { Folder = _folder.Path, Environment = new() { ["ACTORVMM_JOURNAL"] = "" } });

    private static JsonElement Json(Actorvmm.Ended ended)
    {
        using JsonDocument document = JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]);
        return document.RootElement.Clone();
    }
}
