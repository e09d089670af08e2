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

    // Data files, an image and reserved memory, in little memory, with a disk that fails now and then; everything closes.
    private const string Library = """
          reader:
            count: 3
            threads: 2
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - map: { section: letter, name: letter, protect: readonly }
              - map: { section: program, name: program }
              - map: { section: program, name: again }
              - execute: { region: program, offset: 1 page, size: 8 pages }
              - touch: { region: program, offset: 11 pages, writes: 50% }
              - touch: { region: letter, pattern: random, count: 200 }
              - touch: { region: again, pattern: random, count: 50 }
              - unmap: { region: again }
          writer:
            count: 2
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - map: { section: letter, name: letter }
              - map: { section: notes, name: notes, offset: 64KiB, size: 16 pages }
              - map: { section: lazy, name: lazy }
              - commit: { region: lazy, offset: 256KiB, size: 32 pages }
              - repeat:
                  times: 4
                  phases:
                    - touch: { region: letter, pattern: random, writes: 50%, count: 80 }
                    - touch: { region: notes, writes: 100% }
                    - touch: { region: lazy, offset: 256KiB, size: 32 pages, writes: 100% }
                    - flush: { region: letter }
                    - idle: uniform(1ms, 5ms)
              - unmap: { region: lazy }
        files:
          letter.txt: { content: "Dear reader,", size: 300000B, latency: const(1ms) }
          notes.txt:  { size: 0B, latency: uniform(100us, 2ms) }
          app.exe:    { image: { text: 8 pages, rdata: 2 pages, data: 4 pages, bss: 4 pages } }
        sections:
          letter:  { file: letter.txt, closes: 40ms }
          notes:   { file: notes.txt, size: 200000B, closes: end }
          program: { file: app.exe, image: true, closes: end }
          lazy:    { size: 4MiB, reserve: true, closes: end }
        faults:
          - { at: 5ms, inject: empty-working-sets }
          - { at: 8ms, inject: device-slow, file: letter.txt, factor: 3, for: 10ms }
        expect: [ faults.hard > 0, faults.prototype > 0, facts(PageCopiedOnWrite) > 0, commit.charge == 0, pages.active == 0 ]
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ReadersAndWritersOfFilesLeaveNothingBehind(ulong seed)
    {
        using Scenario scenario = Runs.Small(Library, seed: seed);
        var recorder = new RunRecorder(new RunPlan(scenario), "00000000000000000000000000", TimeProvider.System);
        recorder.Run(CancellationToken.None);
        RunSummary run = recorder.Summarize();

        run.Violations.ShouldBeEmpty();
        run.End.ShouldBe(RunEnd.Finished);
        run.Expectations.Where(expectation => !expectation.Held).Select(expectation => $"{expectation.Text}: {expectation.Found}").ShouldBeEmpty();
    }

    [Fact]
    public void AViewKeepsASectionWhoseHandleIsClosedButNobodyFindsItAnyMore()
    {
        RunSummary run = Runs.Of(Runs.Small("""
              early:
                phases:
                  - map: { section: brief, name: view }
                  - idle: 20ms
                  - touch: { region: view, writes: 100% }
              late:
                phases:
                  - idle: 15ms
                  - map: { section: brief, name: view }
                  - touch: { region: view, size: 1 page }
            sections: { brief: { size: 8 pages, closes: 10ms } }
            expect: [ refusals(OBJECT_NAME_NOT_FOUND) == 1, exceptions(ACCESS_VIOLATION) == 1, faults.demandZero == 8, commit.charge == 0 ]
            """));

        run.Violations.ShouldBeEmpty();
        run.Expectations.Where(expectation => !expectation.Held).Select(expectation => $"{expectation.Text}: {expectation.Found}").ShouldBeEmpty();
    }

    [Fact]
    public void ADiskThatFailsTellsWhoeverReadsIt()
    {
        // Each page that cannot be read is a fault of its own; later two reads bring sixteen pages, eight at a time.
        RunSummary run = Runs.Of(Runs.Small("""
              p:
                phases:
                  - map: { section: letter, name: view }
                  - touch: { region: view }
                  - idle: 100ms
                  - touch: { region: view }
            files: { letter.txt: { size: 64KiB } }
            sections: { letter: { file: letter.txt } }
            faults: [ { at: 0ms, inject: read-error, file: letter.txt, chance: 100%, for: 90ms } ]
            expect: [ exceptions(IN_PAGE_ERROR) == 16, faults.hard == 18, faults.accessViolation == 0 ]
            """));

        run.Violations.ShouldBeEmpty();
        run.Expectations.Where(expectation => !expectation.Held).Select(expectation => $"{expectation.Text}: {expectation.Found}").ShouldBeEmpty();
    }

    [Fact]
    public void TheViewShowsViewsAndFiles()
    {
        using var timeline = new RerunTimeline(Runs.Small(Library));
        timeline.Seek(1_000);

        JsonElement sheet = SheetOf(timeline);

        sheet.GetProperty("segments").EnumerateArray().Select(row => $"{row.GetProperty("name")} {row.GetProperty("backedBy")} {row.GetProperty("kind")}")
            .ShouldBe(["letter letter.txt COMMIT", "notes notes.txt COMMIT", "program app.exe IMAGE", "lazy paging files RESERVE"], true);
        sheet.GetProperty("views").EnumerateArray().Select(row => row.GetProperty("section").GetString()).Distinct().ShouldContain("notes from page 16");
        sheet.GetProperty("files").EnumerateArray().Select(row => $"{row.GetProperty("name")} {row.GetProperty("bytes")} {row.GetProperty("sections")}")
            .ShouldBe(["letter.txt 300000 data", "notes.txt 200000 data", "app.exe 58368 image"]);
        timeline.Seek(long.MaxValue);
        SheetOf(timeline).GetProperty("segments").EnumerateArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Crowd, 1)]
    [InlineData(Crowd, 2)]
    [InlineData(Library, 1)]
    [InlineData(Library, 2)]
    public void TheSameOnSeveralCoresAndReplayed(string yaml, int workers)
    {
        ParallelHost? host = null;
        RunSummary run = Run(yaml, options => host = new ParallelHost(new ParallelHostOptions(options) { Workers = workers, Clock = TimeProvider.System }));
        run.Violations.ShouldBeEmpty();
        run.End.ShouldBe(RunEnd.Finished);
        ParallelRecord record = ParallelRecord.Decode(host!.TakeRecord().Encode());

        Run(yaml, options => new ReplayHost(record, new ReplayOptions(options))).Fingerprint.ShouldBe(run.Fingerprint);
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

    private static RunSummary Run(string yaml, Func<HostOptions, IHost> hostOf)
    {
        using Scenario scenario = Runs.Small(yaml);
        var recorder = new RunRecorder(new RunPlan(scenario), "00000000000000000000000000", TimeProvider.System, hostOf);
        recorder.Run(CancellationToken.None);
        return recorder.Summarize();
    }

    private static long Number(JsonElement row, string key) => row.GetProperty(key).GetInt64();

    private static JsonElement[] SectionsOf(RerunTimeline timeline) => [.. SheetOf(timeline).GetProperty("segments").EnumerateArray()];

    private static JsonElement SheetOf(RerunTimeline timeline)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            MachineView.Find("sections")!.Draw(Sight.Of(timeline), []).WriteFields(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
    }
}
