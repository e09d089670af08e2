using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary><c>actorvmm run</c> as its users, people and programs, see it.</summary>
public sealed class RunTests
{
    private const string Belady = "1,2,3,4,1,2,5,1,2,3,4,5\n";

    private const string Scenario = """
        version: 1
        name: two
        seed: 7
        machine: { ram: 1MiB, cpus: 1, pagingFiles: [ { size: 4MiB } ] }
        processes:
          one:
            count: 2
            phases:
              - reserve: { name: heap, size: 64KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: random, count: 100 }
        expect: [ "accesses == 200", "violations == 0" ]
        """;

    [Fact]
    public void TheSummaryHasTheFieldsThatWerePromised()
    {
        Actorvmm.Ended ended = Actorvmm.Run(new Actorvmm.Launch("run", "-", "--format", "refs", "--working-set", "3", "--replacement", "fifo", "--json") { Input = Belady });

        ended.Code.ShouldBe(ExitCode.Fine);
        ended.Error.ShouldBeEmpty();
        ended.Output.ShouldStartWith("{\"v\":1,\"type\":\"progress\",\"seed\":1,");
        using JsonDocument document = JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]);
        JsonElement summary = document.RootElement;
        NamesOf(summary).Take(18).ShouldBe(
            ["v", "type", "host", "seed", "run", "input", "virtualTimeNs", "turns", "messages", "accesses", "pageFaults", "faults", "pages", "pagingFiles", "commit", "processes",
             "processCount", "violations"]);
        NamesOf(summary).ShouldContain("expectations");
        NamesOf(summary).ShouldContain("wallSeconds");
        NamesOf(summary.GetProperty("input")).ShouldBe(["path", "sha256"]);
        NamesOf(summary.GetProperty("faults")).ShouldBe(
            ["demandZero", "transition", "hard", "copyOnWrite", "prototype", "guard", "pageTable", "collided", "alreadyResolved", "accessViolation"]);
        NamesOf(summary.GetProperty("pages")).ShouldBe(["active", "standby", "modified", "modifiedNoWrite", "transition", "zeroed", "free", "bad", "total"]);
        NamesOf(summary.GetProperty("pagingFiles")).ShouldBe(["pageReads", "pagesInput", "pageWrites", "pagesOutput"]);
        NamesOf(summary.GetProperty("commit")).ShouldBe(["charge", "peak", "limit"]);
        NamesOf(summary.GetProperty("processes")[0]).ShouldBe(["name", "accesses", "pageFaults", "hardFaults", "workingSet", "peakWorkingSet"]);
        summary.GetProperty("v").GetInt32().ShouldBe(1);
        summary.GetProperty("type").GetString().ShouldBe("summary");
        summary.GetProperty("pageFaults").GetInt64().ShouldBe(9);
        summary.GetProperty("pages").GetProperty("standby").GetArrayLength().ShouldBe(8);
        summary.GetProperty("fingerprint").GetString().ShouldNotBeNull().ShouldMatch("^[0-9a-f]{32}$");
        summary.GetProperty("run").GetString().ShouldNotBeNull().ShouldMatch("^[0-9A-Z]{26}$");
        summary.GetProperty("input").GetProperty("sha256").GetString()
            .ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Belady))));
    }

    [Fact]
    public void TheActorsRunOnSeveralCoresWhenAsked()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("two.yaml", Scenario);

        Actorvmm.Ended ended = Actorvmm.Run("run", path, "--host", "parallel", "--workers", "2", "--time-scale", "10", "--json");

        ended.Code.ShouldBe(ExitCode.Fine);
        using JsonDocument document = JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]);
        document.RootElement.GetProperty("host").GetString().ShouldBe("parallel");
        document.RootElement.GetProperty("accesses").GetInt64().ShouldBe(200);
        document.RootElement.GetProperty("violations").GetArrayLength().ShouldBe(0);
        Actorvmm.Run("run", path, "--host", "parallel", "--workers", "2").Output.ShouldContain("parallel host with 2 workers");
    }

    [Fact]
    public void TheSeedIsTheFirstLine()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("two.yaml", Scenario);

        Actorvmm.Run("run", path).Output.ShouldStartWith("seed 7\n");
        Actorvmm.Run("run", path, "--seed", "8").Output.ShouldStartWith("seed 8\n");
        Actorvmm.Run(new Actorvmm.Launch("run", path) { Environment = { ["ACTORVMM_SEED"] = "9" } }).Output.ShouldStartWith("seed 9\n");
    }

    [Fact]
    public void AScenariosSeedBeatsTheUsersFile()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "actorvmm"));
        folder.Write(Path.Combine("actorvmm", "config.yaml"), "# mine\nseed: 99\n");
        var environment = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = folder.Path, ["APPDATA"] = folder.Path };
        string seven = folder.Write("seven.yaml", Scenario);
        string none = folder.Write("none.yaml", Scenario.Replace("seed: 7\n", "", StringComparison.Ordinal));

        Actorvmm.Run(new Actorvmm.Launch("run", seven) { Environment = environment }).Output.ShouldStartWith("seed 7\n");
        Actorvmm.Run(new Actorvmm.Launch("run", none) { Environment = environment }).Output.ShouldStartWith("seed 99\n");
        Actorvmm.Run(new Actorvmm.Launch("run", none, "--seed", "5") { Environment = environment }).Output.ShouldStartWith("seed 5\n");
    }

    [Fact]
    public void AMachineLargerThanThisComputerIsRejected()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("huge.yaml", Scenario.Replace("ram: 1MiB", "ram: 15TiB", StringComparison.Ordinal));

        foreach (Actorvmm.Ended ended in new[] { Actorvmm.Run("run", path), Actorvmm.Run(new Actorvmm.Launch("run", "-", "--frames", "2147483647") { Input = Belady }) })
        {
            ended.Code.ShouldBe(ExitCode.InputRejected);
            ended.Error.ShouldContain("this computer has");
            ended.ShouldHoldNoStackTrace();
        }
    }

    [Fact]
    public void TheTablesHoldWhatTheSummaryHolds()
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Ended ended = Actorvmm.Run("run", folder.Write("two.yaml", Scenario));

        ended.Code.ShouldBe(ExitCode.Fine);
        ended.Error.ShouldBeEmpty();
        ended.Output.ShouldContainEach(["Demand zero", "Standby", "Zeroed", "Page reads", "Committed", "one-1", "held    accesses == 200", "specifications: none violated", "fingerprint "]);
        ended.Output.Split('\n').ShouldAllBe(line => line.Length == line.TrimEnd().Length);
    }

    [Fact]
    public void AScenarioComesFromStandardInputToo()
    {
        Actorvmm.Ended ended = Actorvmm.Run(new Actorvmm.Launch("run", "-", "--json", "-q") { Input = Scenario });

        ended.Code.ShouldBe(ExitCode.Fine);
        ended.Output.ShouldContain("\"accesses\":200,");
    }

    [Fact]
    public void AnExpectationThatFailsIsAFinding()
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Ended ended = Actorvmm.Run("run", folder.Write("two.yaml", Scenario.Replace("accesses == 200", "hardFaults > 5", StringComparison.Ordinal)));

        ended.Code.ShouldBe(ExitCode.Found);
        ended.Output.ShouldContain("FAILED  hardFaults > 5   (hardFaults is 0)");

        string[] lines = Actorvmm.Run("run", "--json", Path.Combine(folder.Path, "two.yaml")).Output.TrimEnd().Split('\n');
        lines[^1].ShouldStartWith("{\"v\":1,\"type\":\"summary\",");
        lines[^2].ShouldStartWith("{\"v\":1,\"type\":\"finding\",\"expectation\":\"hardFaults > 5\",");
        lines[^2].ShouldContain("\"reproduce\":\"actorvmm run ");
    }

    [Fact]
    public void SpecificationsCanBeLeftOut()
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Run("run", folder.Write("two.yaml", Scenario), "--specifications", "off").Output.ShouldContain("specifications: not checked");
    }

    [Fact]
    public void ATraceRunsAsManyProcesses()
    {
        Actorvmm.Ended ended = Actorvmm.Run(new Actorvmm.Launch("run", "-", "--processes", "5", "--frames", "64", "--json", "--journal", "none") { Input = Belady });

        ended.Code.ShouldBe(ExitCode.Fine);
        using JsonDocument document = JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]);
        document.RootElement.GetProperty("processCount").GetInt32().ShouldBe(5);
        document.RootElement.GetProperty("accesses").GetInt64().ShouldBe(60);
        document.RootElement.GetProperty("pages").GetProperty("total").GetInt64().ShouldBe(64);
    }

    [Fact]
    public void TheSameRunElsewhereHasTheSameFingerprint()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("two.yaml", Scenario);
        string[] fingerprints =
        [
            .. new Dictionary<string, string>[]
            {
                [],
                new() { ["LANG"] = "tr_TR.UTF-8", ["LC_ALL"] = "tr_TR.UTF-8", ["TZ"] = "Etc/GMT-14", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" },
                new() { ["DOTNET_TieredCompilation"] = "0", ["DOTNET_gcServer"] = "1" },
            }.Select(environment => Actorvmm.Run(new Actorvmm.Launch("run", path) { Environment = environment }).Output.Split('\n').Single(line => line.StartsWith("fingerprint", StringComparison.Ordinal))),
        ];

        fingerprints.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void TheScenariosThatComeAlongRunByName()
    {
        using var elsewhere = new TemporaryFolder();
        Actorvmm.Ended ended = Actorvmm.Run(new Actorvmm.Launch("run", "standby-rescue") { Folder = elsewhere.Path });

        ended.Code.ShouldBe(ExitCode.Fine);
        ended.Output.ShouldContain("held    violations == 0");
    }

    private static string[] NamesOf(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
