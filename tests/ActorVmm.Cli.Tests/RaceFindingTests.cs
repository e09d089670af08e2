using System.Text.Json;
using ActorVmm.Explorer.Catalogue;

namespace ActorVmm.Cli.Tests;

/// <summary>What is found in a race is a run like any other: every verb that looks into runs takes it.</summary>
public sealed class RaceFindingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Races
    {
        get
        {
            TheoryData<string> races = [];
            foreach (CatalogueEntry entry in RaceCatalogue.All)
            {
                if (Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" || entry.Number % 6 == 1)
                {
                    races.Add(entry.Name);
                }
            }

            return races;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFindingIsReplayedInspectedComparedExportedShrunkAndExplained()
    {
        Actorvmm.Ended found = Run("explore", "race:collided-fault", "--param", "n=3", "--stop-on-first", "--json");
        found.Code.ShouldBe(ExitCode.Found, found.Error);
        JsonElement finding = Last(found).GetProperty("findings")[0];
        string run = finding.GetProperty("run").GetString()!;
        int turns = finding.GetProperty("turns").GetInt32();

        JsonElement replayed = Last(Run("replay", run, "--verify", "--json"));
        replayed.GetProperty("verified").GetBoolean().ShouldBeTrue(replayed.ToString());
        replayed.GetProperty("deliveries").GetInt32().ShouldBe(turns);

        Actorvmm.Ended turn = Run("inspect", run, "at", "end", "turn");
        turn.Code.ShouldBe(ExitCode.Fine, turn.Error);
        turn.Output.ShouldMatch("PG|DISK|T_");
        Run("inspect", run, "at", "1", "messages").Output.ShouldContain("Start");
        Run("inspect", run, "at", "1", "memusage").Code.ShouldBe(ExitCode.NothingToDo);

        foreach (string format in (string[])["shiviz", "perfetto", "csv", "ndjson"])
        {
            Actorvmm.Ended export = Run("trace", "export", run, "--format", format);
            export.Code.ShouldBe(ExitCode.Fine, export.Error);
            export.Output.ShouldContain(format is "ndjson" ? "PromiseBroken" : "DISK");
            export.Output.ShouldNotContain("kind10");
        }

        Actorvmm.Ended shrunk = Run("shrink", run, "--json");
        shrunk.Code.ShouldBe(ExitCode.Fine, shrunk.Error);
        string smaller = Last(shrunk).GetProperty("run").GetString()!;
        Last(Run("replay", smaller, "--json")).GetProperty("deliveries").GetInt32().ShouldBeLessThanOrEqualTo(turns);
        Run("diff", run, run).Code.ShouldBe(ExitCode.Fine);
        Run("diff", run, smaller).Code.ShouldBe(ExitCode.Found);
        foreach (string one in (string[])[run, smaller])
        {
            Actorvmm.Ended explained = Run("explain", one);
            explained.Code.ShouldBe(ExitCode.Fine, explained.Error);
            explained.Output.ShouldContain("Promised: a store is not replaced by an older read.");
            explained.Output.ShouldContain("in the other order the promise holds");
        }
    }

    [Theory]
    [MemberData(nameof(Races))]
    public void ThePastedCommandShowsTheFindingInAFreshProcess(string race)
    {
        JsonElement finding = Last(Actorvmm.Run("explore", "race:" + race, "--stop-on-first", "--json")).GetProperty("findings")[0];

        Actorvmm.Ended again = Actorvmm.Run([.. finding.GetProperty("replay").GetString()!.Split(' ')[1..], "--json"]);

        again.Code.ShouldBe(ExitCode.Found, again.Error);
        Last(again).GetProperty("findings")[0].GetProperty("specification").GetString().ShouldBe(finding.GetProperty("specification").GetString());
    }

    [Fact]
    public void CoverageIsSaid()
    {
        JsonElement coverage = Last(Actorvmm.Run("explore", "race:slot-reuse", "--fixed", "--exhaustive", "--workers", "2", "--json")).GetProperty("coverage");
        coverage.GetProperty("distinctTraces").GetInt64().ShouldBe(13);
        coverage.GetProperty("racingPairs").GetInt64().ShouldBePositive();
        coverage.GetProperty("racingPairsInBothOrders").GetInt64().ShouldBe(coverage.GetProperty("racingPairs").GetInt64());

        Actorvmm.Run("explore", "race:slot-reuse", "--fixed", "--schedules", "20").Output.ShouldContain("racing pairs of messages");
        Last(Actorvmm.Run("explore", "race:slot-reuse", "--fixed", "--schedules", "20", "--no-coverage", "--json")).TryGetProperty("coverage", out _).ShouldBeFalse();
    }

    private Actorvmm.Ended Run(params string[] words) => Actorvmm.Run([.. words, "--journal", Path.Combine(_folder.Path, "found.db")]);

    private static JsonElement Last(Actorvmm.Ended ended)
    {
        ended.Output.ShouldNotBeEmpty(ended.Error);
        return JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]).RootElement;
    }
}
