using System.Text.Json;
using ActorVmm.Machine.Tests;

namespace ActorVmm.Cli.Tests;

/// <summary>explore and races, as a user sees them.</summary>
public sealed class ExploreTests
{
    [Fact]
    public void TheSummaryHasThePromisedFields()
    {
        Actorvmm.Ended ended = Actorvmm.Run("explore", "race:slot-reuse", "--strategy", "dpor", "--delivery", "fifo", "--json");

        ended.Code.ShouldBe(ExitCode.Found, ended.Error);
        JsonElement summary = Summary(ended);
        summary.EnumerateObject().Select(field => field.Name).Take(13).ShouldBe(
        [
            "v", "type", "strategy", "delivery", "schedules", "traces", "violatingTraces", "blocked", "exhausted", "violatingSchedules", "findings", "schedulesPerSecond", "stepsPerSecond",
        ]);
        (summary.GetProperty("traces").GetInt64(), summary.GetProperty("violatingTraces").GetInt64(), summary.GetProperty("blocked").GetInt64()).ShouldBe((13, 2, 0));
        summary.GetProperty("exhausted").GetBoolean().ShouldBeTrue();
        JsonElement finding = summary.GetProperty("findings")[0];
        finding.GetProperty("specification").GetString().ShouldBe("what is mapped is the page's latest version");
        finding.GetProperty("shrunkTurns").GetInt32().ShouldBeLessThanOrEqualTo(finding.GetProperty("turns").GetInt32());
        finding.GetProperty("words").GetArrayLength().ShouldBeInRange(3, 10);
    }

    [Fact]
    public void TheCommandToPasteShowsTheFindingAgain()
    {
        Actorvmm.Ended found = Actorvmm.Run("explore", "race:lost-writeback", "--param", "split=true", "--delivery", "bag", "--schedules", "2000", "--json");
        string replay = Summary(found).GetProperty("findings")[0].GetProperty("replay").GetString()!;

        Actorvmm.Ended again = Actorvmm.Run([.. replay.Split(' ')[1..]]);

        again.Code.ShouldBe(ExitCode.Found, again.Error);
        again.Output.ShouldContain("a promise broke: a page on standby is on disk as it is");
        again.Output.ShouldContain("promise broken");
    }

    [Fact]
    public void ARepairedRaceIsClean()
    {
        Actorvmm.Ended ended = Actorvmm.Run("explore", "race:collided-fault", "--fixed", "--exhaustive");

        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        ended.Output.ShouldContain("12 traces, 0 of them broke a promise, 0 executions in vain; these are all");
    }

    [Fact]
    public void AnInterruptedSearchGoesOn()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "search");
        string[] search = ["explore", "race:slot-reuse", "--strategy", "dpor", "--checkpoint", file, "--json"];

        Summary(Actorvmm.Run([.. search, "--schedules", "5", "--workers", "2"])).GetProperty("exhausted").GetBoolean().ShouldBeFalse();
        Actorvmm.Run("explore", "race:slot-reuse", "--fixed", "--strategy", "dpor", "--checkpoint", file).Code.ShouldBe(ExitCode.InputRejected);
        JsonElement whole = Summary(Actorvmm.Run(search));

        (whole.GetProperty("traces").GetInt64(), whole.GetProperty("violatingTraces").GetInt64(), whole.GetProperty("exhausted").GetBoolean()).ShouldBe((13, 2, true));
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public void ACertificateIsReproducedBitForBit()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "proof.json");
        string[] search = ["explore", "race:collided-fault", "--fixed", "--exhaustive", "--certificate", file];

        Actorvmm.Ended first = Actorvmm.Run(search);
        Actorvmm.Ended second = Actorvmm.Run([.. search, "--json"]);

        first.Code.ShouldBe(ExitCode.Fine, first.Error);
        JsonElement written = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        (written.GetProperty("counts").GetString(), written.GetProperty("count").GetInt64()).ShouldBe(("traces", 12));
        (written.GetProperty("violating").GetInt64(), written.GetProperty("blocked").GetInt64(), written.GetProperty("exhausted").GetBoolean()).ShouldBe((0, 0, true));
        second.Code.ShouldBe(ExitCode.Fine, second.Error);
        Summary(second).GetProperty("certificate").GetProperty("state").GetString().ShouldBe("agrees");

        Actorvmm.Run([.. search, "--delivery", "bag"]).Code.ShouldBe(ExitCode.InputRejected);
        string sum = written.GetProperty("fingerprint").GetString()!;
        File.WriteAllText(file, File.ReadAllText(file).Replace(sum, new string('0', 32), StringComparison.Ordinal));
        Actorvmm.Ended other = Actorvmm.Run(search);
        other.Code.ShouldBe(ExitCode.JournalDamaged);
        other.Output.ShouldContain(sum);
        File.WriteAllText(file, "{");
        Actorvmm.Run(search).Code.ShouldBe(ExitCode.InputRejected);
    }

    [Fact]
    public void AnInterruptedProofHasTheSameCertificate()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "search");
        string[] search = ["explore", "race:slot-reuse", "--fixed", "--strategy", "dpor", "--checkpoint", file];

        Actorvmm.Run([.. search, "--schedules", "5"]).Code.ShouldBe(ExitCode.Fine);
        Actorvmm.Ended whole = Actorvmm.Run([.. search, "--exhaustive"]);
        whole.Output.ShouldContain("written to " + file + ".certificate.json");
        Actorvmm.Ended again = Actorvmm.Run("explore", "race:slot-reuse", "--fixed", "--exhaustive", "--certificate", file + ".certificate.json");

        again.Code.ShouldBe(ExitCode.Fine, again.Output);
        again.Output.ShouldContain("the same as the certificate");
    }

    [Theory]
    [InlineData("explore race:nothing", "there is no race nothing")]
    [InlineData("explore race:slot-reuse --param readers=x", "readers is a whole number")]
    [InlineData("explore race:slot-reuse --param writers=1", "has no parameter writers")]
    [InlineData("explore race:slot-reuse --strategy random --exhaustive", "--exhaustive goes with --strategy dpor")]
    [InlineData("explore race:slot-reuse --certificate x.json", "--certificate goes with --exhaustive")]
    [InlineData("explain race:slot-reuse", "actorvmm races slot-reuse tells its story")]
    [InlineData("explain 0xC000000500", "no number of 32 bits")]
    [InlineData("explore race:slot-reuse --schedule s1.zz", "--schedule")]
    [InlineData("explore race:pinned-cow --schedule s1.9.aa", "damaged")]
    [InlineData("races nothing", "there is no race nothing")]
    public void BadInputIsRefusedWithItsPlace(string line, string says)
    {
        Actorvmm.Ended ended = Actorvmm.Run(line.Split(' '));

        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Error.ShouldContain(says);
        ended.Output.ShouldBeEmpty();
    }

    [Fact]
    public void AllStatesAreSeenAndEveryScheduleIsTheSameAgain()
    {
        Actorvmm.Ended ended = Actorvmm.Run("explore", "race:slot-reuse", "--fixed", "--exhaustive", "--distinct-states", "--twice");

        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        ended.Output.ShouldContain("these are all");
        ended.Output.ShouldContain("distinct states");
    }

    [Fact]
    public void AScenarioIsExploredWithEveryPromise()
    {
        using var folder = new TemporaryFolder();
        string file = RepositoryFiles.PathOf("config", "scenarios", "two-threads.yaml");

        Actorvmm.Ended ended = Actorvmm.Run("explore", file, "--exhaustive", "--timers", "0", "--json");

        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        JsonElement summary = Summary(ended);
        summary.GetProperty("exhausted").GetBoolean().ShouldBeTrue();
        summary.GetProperty("blocked").GetInt64().ShouldBe(0);
        summary.GetProperty("traces").GetInt64().ShouldBeGreaterThan(100);
        Actorvmm.Run("explore", file, "--fixed").Code.ShouldBe(ExitCode.WrongUsage);
        Actorvmm.Run("explore", Path.Combine(folder.Path, "nothing.yaml")).Code.ShouldBe(ExitCode.InputRejected);
    }

    [Fact]
    public void RacesAreListedAndTold()
    {
        Actorvmm.Ended list = Actorvmm.Run("races");
        list.Code.ShouldBe(ExitCode.Fine, list.Error);
        list.Output.ShouldContain("slot-reuse");

        Actorvmm.Ended one = Actorvmm.Run("races", "shoot-down");
        one.Output.ShouldContain("acknowledged the flush");
        one.Output.ShouldContain("mailbox");

        JsonDocument.Parse(Actorvmm.Run("races", "--json").Output).RootElement.GetProperty("races").GetArrayLength().ShouldBe(30);
    }

    private static JsonElement Summary(Actorvmm.Ended ended) => JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]).RootElement;
}
