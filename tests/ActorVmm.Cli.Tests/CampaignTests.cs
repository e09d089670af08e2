using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Cli.Tests;

/// <summary><c>campaign</c> on one node: seeds come to what <c>run</c> comes to, each once, whatever happens meanwhile.</summary>
public sealed class CampaignTests : IDisposable
{
    private const string Small = """
        version: 1
        name: small
        machine: { ram: 512KiB, cpus: 2, pagingFiles: [ { size: 4MiB, latency: exp(2ms) } ] }
        processes:
          a:
            count: 3
            phases:
              - reserve: { name: heap, size: 512KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: random, writes: 50%, count: 300 }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ASeedComesToWhatItsRunComesTo()
    {
        Scenario();
        Run("campaign", "small.yaml", "--seeds", "3..5", "--workers", "2").Code.ShouldBe(ExitCode.Fine);

        foreach ((long seed, string fingerprint) in Rows())
        {
            JsonElement run = Summary(Run("run", "small.yaml", "--seed", Text(seed), "--json", "-q", "--journal", "none"));
            run.GetProperty("fingerprint").GetString().ShouldBe(fingerprint);
        }

        Rows().Select(row => row.Seed).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public void TheTableAndTheJsonAgreeHoweverManyWorkersThereAre()
    {
        Scenario("expect: [ \"faults.hard < 300\" ]");
        Actorvmm.Ended table = Run("campaign", "small.yaml", "--seeds", "1..12", "--workers", "2", "--journal", "none");
        Actorvmm.Ended json = Run("campaign", "small.yaml", "--seeds", "1..12", "--workers", "1", "--json", "--journal", "none");

        JsonElement summary = Summary(json);
        JsonElement seeds = summary.GetProperty("seeds");
        long found = seeds.GetProperty("found").GetInt64();
        (seeds.GetProperty("done").GetInt64(), seeds.GetProperty("clean").GetInt64() + found).ShouldBe((12, 12));
        found.ShouldBePositive();
        (table.Code, json.Code).ShouldBe((ExitCode.Found, ExitCode.Found));
        JsonElement finding = summary.GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        finding.GetProperty("seeds").GetInt64().ShouldBe(found);
        string[] rows = table.Output.Split('\n');
        rows.ShouldContain(row => row.StartsWith("  Found something", StringComparison.Ordinal) && row.Contains(Text(found), StringComparison.Ordinal));
        rows.ShouldContain(row => row.StartsWith("  Clean", StringComparison.Ordinal) && row.Contains(Text(12 - found), StringComparison.Ordinal));
        string key = finding.GetProperty("finding").GetString()![..8];
        rows.ShouldContain(row => row.Contains(key, StringComparison.Ordinal) && row.Contains("faults.hard < 300", StringComparison.Ordinal));
        rows.ShouldContain(row => row.Contains(finding.GetProperty("reproduce").GetString()!, StringComparison.Ordinal));
        rows.ShouldContain(row => row.Contains(summary.GetProperty("fingerprint").GetString()!, StringComparison.Ordinal));
        json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.StartsWith("{\"v\":1,\"type\":\"finding\"", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void AFindingIsOneRunThatIsKeptAndReplays()
    {
        Scenario("expect: [ \"faults.hard < 100\" ]");
        JsonElement finding = Summary(Run("campaign", "small.yaml", "--seeds", "1..6", "--json")).GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();

        string run = finding.GetProperty("run").GetString()!;
        string runs = Run("journal", "list").Output;
        runs.Split('\n').ShouldContain(line => line.Contains(run, StringComparison.Ordinal) && line.Contains("pinned", StringComparison.Ordinal));
        JsonElement info = JsonDocument.Parse(Run("journal", "info", run, "--json").Output).RootElement;
        info.GetProperty("seed").GetString().ShouldBe(Text(finding.GetProperty("runSeed").GetInt64()));
        Run("replay", run).Code.ShouldBe(ExitCode.Fine);

        // Done as it is, it is told again and not recorded again.
        Actorvmm.Ended again = Run("campaign", "small.yaml", "--seeds", "1..6", "--json");
        again.Code.ShouldBe(ExitCode.Found);
        Summary(again).GetProperty("findings")[0].GetProperty("run").GetString().ShouldBe(run);
        Run("journal", "list").Output.ShouldBe(runs);
    }

    [Fact]
    public void ARacesFindingsAreGroupedByWhatIsLeftOfThem()
    {
        JsonElement summary = Summary(Run("campaign", "race:lost-writeback", "--seeds", "1..40", "--schedules", "50", "--json", "--journal", "none"));

        summary.GetProperty("schedules").GetInt64().ShouldBe(2_000);
        JsonElement finding = summary.GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        finding.GetProperty("seeds").GetInt64().ShouldBe(summary.GetProperty("seeds").GetProperty("found").GetInt64());
        finding.GetProperty("seeds").GetInt64().ShouldBeGreaterThan(10);
        finding.GetProperty("shrunkTurns").GetInt32().ShouldBeLessThan(10);
        Run(finding.GetProperty("reproduce").GetString()!.Split(' ')[1..]).Code.ShouldBe(ExitCode.Found);
        Run("campaign", "race:lost-writeback", "--fixed", "--seeds", "1..5", "--schedules", "50", "--journal", "none").Code.ShouldBe(ExitCode.Fine);
    }

    [Fact]
    public async Task AKilledCampaignGoesOnWithoutLosingOrRepeatingASeed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Scenario();
        string[] command = ["campaign", "small.yaml", "--seeds", "1..240", "--json", "--progress", "20ms"];
        long done = await SignalAsync(command, "KILL", _ => { });
        Rows().Count.ShouldBeInRange((int)done, 239, "it was killed before its end, and what it had told was there");
        (long, string)[] before = [.. Rows()];

        JsonElement summary = Summary(Run(command));
        summary.GetProperty("seeds").GetProperty("done").GetInt64().ShouldBe(240);
        Rows().Select(row => row.Seed).ShouldBe(Enumerable.Range(1, 240).Select(seed => (long)seed));
        before.ShouldBeSubsetOf(Rows());
        Scalar("SELECT COUNT(*) FROM actorvmm_lease").ShouldBe(0);
        JsonElement whole = Summary(Run([.. command, "--journal", "none", "--workers", "1"]));
        summary.GetProperty("fingerprint").GetString().ShouldBe(whole.GetProperty("fingerprint").GetString());
        summary.GetProperty("turns").GetInt64().ShouldBe(whole.GetProperty("turns").GetInt64());
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task ASignalEndsItWithItsSummary(string signal, int code)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Scenario();
        await SignalAsync(["campaign", "small.yaml", "--seeds", "1..1000000", "--json", "--progress", "20ms"], signal, ended =>
        {
            ended.Code.ShouldBe((ExitCode)code);
            JsonElement summary = Summary(ended);
            (summary.GetProperty("type").GetString(), summary.GetProperty("end").GetString()).ShouldBe(("summary", "interrupted"));
            summary.GetProperty("seeds").GetProperty("done").GetInt64().ShouldBe(Rows().Count);
        });
    }

    [Fact]
    public void AScenarioThatChangedIsAnotherCampaign()
    {
        Scenario();
        string first = Summary(Run("campaign", "small.yaml", "--seeds", "1..2", "--json")).GetProperty("campaign").GetString()!;
        Scenario("expect: [ \"faults.hard >= 0\" ]");
        Summary(Run("campaign", "small.yaml", "--seeds", "1..2", "--json")).GetProperty("campaign").GetString().ShouldNotBe(first);
        Scalar("SELECT COUNT(*) FROM actorvmm_seed").ShouldBe(4);
    }

    [Theory]
    [InlineData("campaign", "scenario")]
    [InlineData("campaign small.yaml", "--seeds")]
    [InlineData("campaign small.yaml --seeds 7", "--seeds")]
    [InlineData("campaign small.yaml --seeds 9..1", "--seeds")]
    [InlineData("campaign small.yaml --seeds 1..9223372036854775808", "--seeds")]
    [InlineData("campaign small.yaml --seeds 1..2 --workers 0", "--workers")]
    [InlineData("campaign small.yaml --seeds 1..2 --depth 3", "--depth", "--strategy")]
    [InlineData("campaign small.yaml --seeds 1..2 --fixed", "--fixed")]
    [InlineData("campaign small.yaml --seeds 1..2 --strategy random --frames 256", "--frames")]
    [InlineData("campaign small.yaml --seeds 1..2 --listen 127.0.0.1:0", "--listen", "--nodes")]
    [InlineData("campaign race:nobody --seeds 1..2", "nobody")]
    [InlineData("campaign race:dirty-cow --seeds 1..2 --param a=b", "--param")]
    [InlineData("campaign race:dirty-cow --seeds 1..2 --strategy dpor", "--exhaustive")]
    [InlineData("campaign race:dirty-cow --seeds 1..2 --without exit-in-flight", "--without")]
    [InlineData("campaign - --seeds 1..2", "standard input")]
    [InlineData("campaign join", "address")]
    public void WrongUsageIsRefused(string line, params string[] said)
    {
        Scenario();
        Actorvmm.Ended ended = Run(line.Split(' '));

        ended.Code.ShouldBe(ExitCode.WrongUsage, ended.Error);
        ended.Error.ShouldContainEach(said);
        ended.ShouldHoldNoStackTrace();
        Directory.Exists(Path.Combine(_folder.Path, ".actorvmm")).ShouldBeFalse();
    }

    [Fact]
    public void AMissingScenarioIsARejectedInput() => Run("campaign", "nowhere.yaml", "--seeds", "1..2").Code.ShouldBe(ExitCode.InputRejected);

    [Fact]
    public void AJournalThatCannotBeWrittenIsAStorageError()
    {
        Scenario();
        Run("campaign", "small.yaml", "--seeds", "1..2", "--journal", Path.Combine(_folder.Path, "no", "folder.db")).Code.ShouldBe(ExitCode.Storage);
    }

    /// <summary>Starts the program, and sends it a signal when seeds are done.</summary>
    /// <returns>How many it had said were done.</returns>
    private async Task<long> SignalAsync(string[] command, string signal, Action<Actorvmm.Ended> check)
    {
        using Process process = Actorvmm.Start(new Actorvmm.Launch(command) { Folder = _folder.Path, Environment = new() { ["ACTORVMM_JOURNAL"] = "" } });
        using var impatience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        string output = "";
        long done = 0;
        try
        {
            while (done == 0)
            {
                string line = (await process.StandardOutput.ReadLineAsync(impatience.Token)).ShouldNotBeNull("it has ended before it was signalled");
                output += line + "\n";
                done = JsonDocument.Parse(line).RootElement.TryGetProperty("done", out JsonElement told) ? told.GetInt64() : 0;
            }

            using (Process kill = Process.Start("kill", [$"-{signal}", Text(process.Id)]))
            {
                await kill.WaitForExitAsync(impatience.Token);
            }

            output += await process.StandardOutput.ReadToEndAsync(impatience.Token);
            await process.WaitForExitAsync(impatience.Token);
        }
        finally
        {
            process.Kill();
        }

        check(new Actorvmm.Ended((ExitCode)process.ExitCode, output, ""));
        return done;
    }

    private void Scenario(string more = "") => _folder.Write("small.yaml", Small + "\n" + more + "\n");

    private Actorvmm.Ended Run(params string[] arguments) =>
        Actorvmm.Run(new Actorvmm.Launch(arguments) { Folder = _folder.Path, Environment = new() { ["ACTORVMM_JOURNAL"] = "" } });

    private static JsonElement Summary(Actorvmm.Ended ended) => JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]).RootElement;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private List<(long Seed, string Fingerprint)> Rows() => Read("SELECT seed, fingerprint FROM actorvmm_seed ORDER BY seed", reader => (reader.GetInt64(0), reader.GetString(1)));

    private long Scalar(string sql) => Read(sql, reader => reader.GetInt64(0))[0];

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, ".actorvmm", "journal.db")};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
