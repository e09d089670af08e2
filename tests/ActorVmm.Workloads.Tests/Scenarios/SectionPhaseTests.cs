using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Tests.Traces;

namespace ActorVmm.Workloads.Tests.Scenarios;

/// <summary>Sections of a scenario, and what becomes of the phases that use them.</summary>
public sealed class SectionPhaseTests
{
    private const string Start = "version: 1\nmachine: { ram: 4MiB, pagingFiles: [ { size: 4MiB } ] }\nsections: { first: { size: 5 KiB }, cache: { size: 16 pages } }\n";

    [Fact]
    public void SectionsAreInTheOrderOfTheFileInWholePages()
    {
        using Scenario scenario = ScenarioText.Load(Start + "processes: { p: { phases: [ { idle: 1ms } ] } }\n");

        scenario.Operator.Sections.ShouldBe([new SectionPlan("first", 2), new SectionPlan("cache", 16)]);
    }

    [Fact]
    public void AViewIsARegionUntilItIsReleasedAndComesBackToItsPlace()
    {
        using Scenario scenario = ScenarioText.Load(Start + """
            processes:
              p:
                phases:
                  - map: { section: cache, name: view, protect: writecopy, address: "0x2000'0000" }
                  - touch: { region: view, size: 1 page, writes: 100% }
                  - protect: { region: view, size: 1 page, protect: readonly }
                  - release: { region: view }
                  - map: { section: cache, name: view }

            """);

        IReadOnlyList<Operation> operations = TraceText.Operations(scenario.Operator.Processes[0].Threads[0]);

        operations.Select(operation => (operation.Kind, operation.Address & ~0xFFFFUL, operation.Protection)).ShouldBe(
        [
            (OperationKind.MapView, 0x2000_0000UL, PageProtection.WriteCopy),
            (OperationKind.Write, 0x2000_0000UL, PageProtection.None),
            (OperationKind.Protect, 0x2000_0000UL, PageProtection.ReadOnly),
            (OperationKind.UnmapView, 0x2000_0000UL, PageProtection.None),
            (OperationKind.MapView, 0x2000_0000UL, PageProtection.ReadWrite),
        ]);
        operations.Where(operation => operation.Kind == OperationKind.MapView).ShouldAllBe(operation => ViewOperation.Of(operation) == new ViewOperation(0x2000_0000, 2, 0, 0), "all of the second section of the file");
    }

    [Fact]
    public void ATouchOfAViewIsOfAllOfIt()
    {
        using Scenario scenario = ScenarioText.Load(Start + "processes: { p: { phases: [ { map: { section: cache, name: view } }, { touch: { region: view } } ] } }\n");

        TraceText.Operations(scenario.Operator.Processes[0].Threads[0]).Count(operation => operation.IsAccess).ShouldBe(16);
    }

    [Fact]
    public void AViewMayBeAPartOfASectionAndIsFlushedAndUnmapped()
    {
        IReadOnlyList<Operation> operations = Operations("sections: { s: { size: 1MiB } }", """
            - map: { section: s, name: part, offset: 64KiB, size: 3 pages, address: "0x2000'0000" }
            - touch: { region: part }
            - flush: { region: part, offset: 1 page }
            - unmap: { region: part }
            """);

        ViewOperation.Of(operations[0]).ShouldBe(new ViewOperation(0x2000_0000, 1, 0x1_0000, 3));
        operations.Count(operation => operation.IsAccess).ShouldBe(3);
        operations[^2].ShouldBe(new Operation(OperationKind.FlushView, 0x2000_1000, 0x2000));
        operations[^1].ShouldBe(new Operation(OperationKind.UnmapView, 0x2000_0000));
    }

    [Fact]
    public void OfAReservedSectionOnlyWhatIsCommittedIsTouched()
    {
        IReadOnlyList<Operation> operations = Operations("sections: { s: { size: 1MiB, reserve: true } }", """
            - map: { section: s, name: view }
            - commit: { region: view, size: 2 pages }
            - touch: { region: view }
            """);

        operations.Select(operation => operation.Kind).ShouldBe([OperationKind.MapView, OperationKind.Commit, OperationKind.Read, OperationKind.Read]);
    }

    [Fact]
    public void FilesHaveWhatTheyAreSaidToHave()
    {
        using Scenario scenario = ScenarioText.Load(Start + """
            files:
              letter: { content: "Grüße", queueDepth: 2 }
              blank:  { size: 5000B, content: "x", latency: const(1ms) }
            processes: { p: { phases: [ { idle: 1ms } ] } }

            """);

        scenario.Machine.Files.Select(file => (file.Name, file.Length, file.QueueDepth)).ShouldBe([("letter", 7UL, 2), ("blank", 5000UL, 4)]);
        scenario.Machine.Files[0].Contents.ToArray().ShouldBe("Grüße"u8.ToArray());
        scenario.Machine.Files[1].Latency.Sample(0).ShouldBe(1_000_000);
    }

    [Fact]
    public void SectionsOnFilesAreAsLongAsTheFileOrMakeItLonger()
    {
        using Scenario scenario = ScenarioText.Load("version: 1\nmachine: { ram: 4MiB }\n" + """
            files: { data: { size: 5000B } }
            sections:
              own:    { file: data, closes: end }
              longer: { file: data, size: 9000B, protect: readwrite, closes: 2s }
            processes: { p: { phases: [ { idle: 1ms } ] } }

            """);

        IReadOnlyList<SectionPlan> sections = scenario.Operator.Sections;
        sections[0].ShouldBe(new SectionPlan("own", 2) { Bytes = 0, File = 1, Closing = SectionClosing.AtEnd });
        sections[1].ShouldBe(new SectionPlan("longer", 3) { Bytes = 9000, File = 1, Protection = PageProtection.ReadWrite, Closing = SectionClosing.AtTime, ClosesAt = Ticks.FromSeconds(2) });
    }

    [Fact]
    public void AnImageIsMappedWhereItWouldLikeToBeAndTheSecondTimeElsewhere()
    {
        using Scenario scenario = ScenarioText.Load("version: 1\nmachine: { ram: 4MiB }\n" + """
            files: { app: { image: { text: 2 pages, rdata: 1 page, bss: 3 pages, base: "0x1'4000'0000" } } }
            sections: { program: { file: app, image: true } }
            processes: { p: { phases: [ { map: { section: program, name: first } }, { map: { section: program, name: second } }, { touch: { region: second } } ] } }

            """);

        scenario.Operator.Sections[0].ShouldBe(new SectionPlan("program", 8)
        {
            Bytes = 0, File = 1, Attributes = SectionAttributes.Image, Protection = PageProtection.Execute, PreferredBase = 0x1_4000_0000,
        });
        IReadOnlyList<Operation> operations = TraceText.Operations(scenario.Operator.Processes[0].Threads[0]);
        ViewOperation.Of(operations[0]).ShouldBe(new ViewOperation(0x1_4000_0000, 1, 0, 0));
        ViewOperation.Of(operations[1]).Address.ShouldBe(0x1_0000_0000UL);
        operations.Count(operation => operation.IsAccess).ShouldBe(8, "headers, text, rdata, data of a page by default, bss");
    }

    [Fact]
    public void TracesFindTheSectionsOfTheScenarioAndBringTheirOwn()
    {
        string trace = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".vmt");
        File.WriteAllText(trace, "0 1.1 map 0x20000000 4096 cache\n0 1.1 map 0x30000000 8192 mine\n");
        try
        {
            using Scenario scenario = ScenarioText.Load(Start + $"processes: {{ p: {{ trace: {trace} }} }}\n");

            scenario.Operator.Sections.ShouldBe([new SectionPlan("first", 2), new SectionPlan("cache", 16), new SectionPlan("mine", 2)]);
            TraceText.Operations(scenario.Operator.Processes[0].Threads[0]).Select(operation => ViewOperation.Of(operation).Section).ShouldBe([2U, 3U]);
        }
        finally
        {
            File.Delete(trace);
        }
    }

    [Fact]
    public void AFileMayBeWhatFails()
    {
        using Scenario scenario = ScenarioText.Load("version: 1\nmachine: { ram: 4MiB }\n" + """
            files: { a: { size: 1B }, b: { size: 1B } }
            faults: [ { at: 1s, inject: read-error, file: b, chance: 50%, for: 1s } ]
            processes: { p: { phases: [ { idle: 1ms } ] } }

            """);

        scenario.Operator.Injections.ShouldBe([new Injection(Ticks.FromSeconds(1), InjectionKind.ReadError, 1, 500, Ticks.FromSeconds(1)) { OfFile = true }]);
    }

    private static List<Operation> Operations(string sections, string phases)
    {
        string indented = string.Concat(phases.Split('\n').Select(line => "      " + line + "\n"));
        using Scenario scenario = ScenarioText.Load($"version: 1\nmachine: {{ ram: 4MiB }}\n{sections}\nprocesses:\n  p:\n    phases:\n{indented}");
        return TraceText.Operations(scenario.Operator.Processes[0].Threads[0]);
    }
}
