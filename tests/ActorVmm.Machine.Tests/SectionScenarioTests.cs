using System.Text;
using System.Text.Json;
using ActorVmm.Machine.Summary;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Views;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests;

/// <summary>Sections in scenarios: made before the processes, mapped by their names, unmapped, and looked at, with every specification listening.</summary>
public sealed class SectionScenarioTests
{
    // 160 pages of sections and 96 of private memory, on 256 frames of which the system keeps some: pages of the sections go out and come back.
    private const string Crowd = """
          crowd:
            count: 3
            threads: 2
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - map: { section: cache, name: view }
              - map: { section: original, name: own, protect: writecopy }
              - reserve: { name: heap, size: 128KiB }
              - commit: { region: heap }
              - repeat:
                  times: 3
                  phases:
                    - touch: { region: view, pattern: random, writes: 40%, count: 300 }
                    - touch: { region: own, pattern: random, writes: 20%, count: 100 }
                    - touch: { region: heap, writes: 50% }
                    - idle: uniform(1ms, 5ms)
              - protect: { region: view, size: 4 pages, protect: readonly }
              - touch: { region: view, offset: 4 pages, size: 60 pages }
              - release: { region: own }
        sections: { cache: { size: 128 pages }, original: { size: 32 pages } }
        expect: [ faults.copyOnWrite > 0, faults.prototype > 0, pagingFiles.pagesOutput > 0 ]
        """;

    private const string Late = """
          early:
            lingers: true
            phases:
              - map: { section: cache, name: view }
              - touch: { region: view, size: 6 pages, writes: 100% }
          late:
            lingers: true
            phases:
              - idle: 10ms
              - map: { section: cache, name: view, protect: readonly }
              - touch: { region: view, size: 2 pages }
        sections: { cache: { size: 8 pages } }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ACrowdSharesASectionThatDoesNotFitBesideItsOwnMemory(ulong seed)
    {
        RunSummary run = Runs.Of(Runs.Small(Crowd, seed: seed));

        run.Violations.ShouldBeEmpty();
        run.End.ShouldBe(RunEnd.Finished);
        run.Expectations.Where(expectation => !expectation.Held).Select(expectation => $"{expectation.Text}: {expectation.Found}").ShouldBeEmpty();
    }

    [Fact]
    public void TheSameOnSeveralCoresAndReplayed()
    {
        ParallelHost? host = null;
        RunSummary run = Run(options => host = new ParallelHost(new ParallelHostOptions(options) { Workers = 2, Clock = TimeProvider.System }));
        run.Violations.ShouldBeEmpty();
        run.End.ShouldBe(RunEnd.Finished);
        ParallelRecord record = ParallelRecord.Decode(host!.TakeRecord().Encode());

        Run(options => new ReplayHost(record, new ReplayOptions(options))).Fingerprint.ShouldBe(run.Fingerprint);
    }

    [Fact]
    public void ASectionThatCannotBePromisedIsNotThere()
    {
        RunSummary run = Runs.Of(Runs.Small("""
              p:
                phases:
                  - map: { section: huge, name: view }
                  - touch: { region: view, size: 1 page }
            sections: { huge: { size: 64MiB } }
            expect: [ refusals(OBJECT_NAME_NOT_FOUND) == 1, exceptions(ACCESS_VIOLATION) == 1, commit.charge == 0 ]
            """));

        run.Violations.ShouldBeEmpty();
        run.Expectations.Select(expectation => expectation.Held).ShouldAllBe(held => held);
    }

    [Fact]
    public void TheViewShowsPrototypePagesByState()
    {
        using var timeline = new RerunTimeline(Runs.Small(Late));
        timeline.Seek(long.MaxValue);

        JsonElement section = SectionsOf(timeline).ShouldHaveSingleItem();

        section.GetProperty("name").GetString().ShouldBe("cache");
        Number(section, "pages").ShouldBe(8);
        Number(section, "committed").ShouldBe(8);
        Number(section, "views").ShouldBe(2);
        Number(section, "handles").ShouldBe(1, "processes close theirs when they have mapped it");
        Number(section, "valid").ShouldBe(6);
        Number(section, "shares").ShouldBe(8);
        Number(section, "untouched").ShouldBe(2);
    }

    [Fact]
    public void BeforeTheFirstTurnThereIsNoSectionAndAfterTheLastProcessNobodyMapsIt()
    {
        using var timeline = new RerunTimeline(Runs.Small(Crowd));
        SectionsOf(timeline).ShouldBeEmpty();
        timeline.Seek(long.MaxValue);

        foreach (JsonElement section in SectionsOf(timeline))
        {
            Number(section, "views").ShouldBe(0);
            Number(section, "shares").ShouldBe(0);
            (Number(section, "valid") + Number(section, "transition") + Number(section, "pagedOut") + Number(section, "untouched")).ShouldBe(Number(section, "pages"));
        }

        SectionsOf(timeline).Select(section => section.GetProperty("name").GetString()).ShouldBe(["cache", "original"]);
    }

    [Fact]
    public void AProcessMayEndWhileItOpensItsSection()
    {
        RunSummary run = Runs.Of(Runs.Small("""
              p:
                count: 40
                phases:
                  - map: { section: cache, name: view }
                  - touch: { region: view, writes: 50% }
            sections: { cache: { size: 8 pages } }
            load: [ { for: 1us, processes: 10 }, { for: 3us, processes: 2 }, { for: 9us, processes: 20 }, { for: 1us, processes: 0 } ]
            """));

        run.Violations.ShouldBeEmpty();
        run.End.ShouldBe(RunEnd.Finished);
    }

    private static RunSummary Run(Func<HostOptions, IHost> hostOf)
    {
        using Scenario scenario = Runs.Small(Crowd);
        var recorder = new RunRecorder(new RunPlan(scenario), "00000000000000000000000000", TimeProvider.System, hostOf);
        recorder.Run(CancellationToken.None);
        return recorder.Summarize();
    }

    private static long Number(JsonElement row, string key) => row.GetProperty(key).GetInt64();

    private static JsonElement[] SectionsOf(RerunTimeline timeline)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            MachineView.Find("sections")!.Draw(Sight.Of(timeline), []).WriteFields(json);
            json.WriteEndObject();
        }

        return [.. JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement.GetProperty("segments").EnumerateArray()];
    }
}
