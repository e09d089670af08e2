using System.Text;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Tests.Traces;

public sealed class TraceReadingTests
{
    [Theory]
    [InlineData("I  00401000,3", "x401000")]
    [InlineData(" L 1fff000548,8", "r1fff000548")]
    [InlineData(" S 1FFF000548,8\r\n", "w1fff000548")]
    [InlineData(" M 00401010,4", "r401010 w401010")]
    [InlineData(" L 00401ffe,4", "r401ffe r402000")]
    [InlineData(" M 00401ffe,4", "r401ffe r402000 w401ffe w402000")]
    [InlineData("==1== hello\n--1-- warning\n**1** note\n\nI  00401000,3\n==1== bye\n", "x401000")]
    public void LackeyLinesBecomeAccesses(string text, string story)
    {
        using TraceFile file = TraceText.Open(text);

        file.Info.Format.ShouldBe(TraceFormat.Lackey);
        Accesses(file).ShouldBe(story);
    }

    [Theory]
    [InlineData("0", "r10000")]
    [InlineData("1, 2w,3 4\n\n5W\t6r", "r11000 w12000 r13000 r14000 w15000 r16000")]
    [InlineData("# a comment, 7\n1,1 # more\n", "r11000 r11000")]
    public void RefsBecomeAccesses(string text, string story)
    {
        using TraceFile file = TraceText.Open(text);

        file.Info.Format.ShouldBe(TraceFormat.Refs);
        Accesses(file).ShouldBe(story);
    }

    [Fact]
    public void TouchedGranulesAreReservedAndCommittedInRuns()
    {
        using TraceFile file = TraceText.Open("I  00401000,3\n S 00410000,1\n L 00500000,1\n");

        TraceText.Story(file.CreateProcesses()[0].Threads[0]).ShouldBe(
            "ReserveCommit400000+20000:ExecuteReadWrite ReserveCommit500000+10000:ExecuteReadWrite x401000 w410000 r500000");
        (file.Info.Pages, file.Info.CommittedPages).ShouldBe((3L, 48L));
    }

    [Fact]
    public void VmtHasProcessesThreadsTimesAndCalls()
    {
        using TraceFile file = TraceText.Open(
            """
            # two processes
            0    1.1 start shell
            10   1.1 reserve 0x10000000 65536
            12.5 1.1 commit 0x10000000 8192 readwrite+guard
            20   1.1 w 0x10000000 16
            20   1.2 x 0x10000ffe 4
            30   7.1 r 4096   # decimal
            31   1.1 protect 0x10000000 4096 rx
            31   1.1 decommit 0x10000000 4096
            40   1.1 release 0x10000000
            50   7.1 exit
            """);

        file.Info.Format.ShouldBe(TraceFormat.Vmt);
        (file.Info.Processes, file.Info.Threads, file.Info.Accesses).ShouldBe((2, 3, 4L));
        IReadOnlyList<ProcessPlan> plans = file.CreateProcesses();
        plans.Select(plan => plan.Name).ShouldBe(["shell", "test.7"]);
        TraceText.Story(plans[0].Threads[0]).ShouldBe(
            "idle10000 Reserve10000000+10000:ReadWrite idle2500 Commit10000000+2000:ReadWrite, Guard idle7500 w10000000 "
            + "idle11000 Protect10000000+1000:ExecuteRead Decommit10000000+1000:None idle9000 Release10000000+0:None");
        TraceText.Story(plans[0].Threads[1]).ShouldBe("idle20000 x10000ffe x10001000");
        TraceText.Story(plans[1].Threads[0]).ShouldBe("idle30000 r1000 idle20000 exit");
    }

    [Fact]
    public void VmtMapsSectionsThatAreAsLongAsTheirViewsReach()
    {
        using TraceFile file = TraceText.Open(
            """
            10 1.1 map 0x20000000 65536 cache
            20 2.1 map 0 4096 cache 0x10000 rx
            30 2.1 map 0x30000000 5000 other wc
            40 1.1 flush 0x20000000 4096
            41 1.1 flush 0x20000000
            50 1.1 unmap 0x20000000
            """);

        file.Sections.ShouldBe([new SectionPlan("cache", 17), new SectionPlan("other", 2)]);
        IReadOnlyList<ProcessPlan> plans = file.CreateProcesses();
        ViewsOf(plans[0]).ShouldBe([new ViewOperation(0x2000_0000, 1, 0, 16)]);
        ViewsOf(plans[1]).ShouldBe([new ViewOperation(0, 1, 0x1_0000, 1), new ViewOperation(0x3000_0000, 2, 0, 2)]);
        TraceText.Story(plans[0].Threads[0]).ShouldEndWith("FlushView20000000+1000:None idle1000 FlushView20000000+0:None idle9000 UnmapView20000000+0:None");
    }

    [Fact]
    public void SectionsOfAScenarioKeepTheirNumbersAndTheirLength()
    {
        var sections = new TraceSections([new SectionPlan("first", 1), new SectionPlan("cache", 4)]);

        sections.Find("cache", 100).ShouldBe(2U);
        sections.Find("found", 5).ShouldBe(3U);
        sections.Find("found", 3).ShouldBe(3U);

        sections.Plans.ShouldBe([new SectionPlan("first", 1), new SectionPlan("cache", 4), new SectionPlan("found", 5)]);
    }

    [Fact]
    public void WhatIsWrittenAsVmtMapsTheSameAgain()
    {
        const string Trace = "0 1.1 start p\n0 1.1 map 0x20000000 65536 cache readwrite\n5 1.1 map 0x30000000 4096 cache 65536 executeread\n6 1.1 flush 0x20000000 4096\n7 1.1 unmap 0x20000000\n";
        using TraceFile file = TraceText.Open(Trace);
        using var text = new StringWriter();

        new VmtWriter(text, file.Sections).Write(file.CreateProcesses());

        text.ToString().ShouldBe(Trace);
    }

    [Fact]
    public void AStreamedTraceMapsTheSameSections()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, ["0 1.1 map 0x20000000 65536 cache", "0 2.1 map 0x20000000 4096 other", .. Enumerable.Repeat("1 1.1 w 0x20000000", 500), "2 1.1 map 0x30000000 4096 other"]);
            using TraceFile whole = TraceFile.Open(path);
            using TraceFile streamed = TraceFile.Open(path, mostInMemory: 100);

            streamed.Info.Streamed.ShouldBeTrue();
            streamed.Sections.ShouldBe(whole.Sections);
            TraceText.Operations(streamed.CreateProcesses()[0].Threads[0]).ShouldBe(TraceText.Operations(whole.CreateProcesses()[0].Threads[0]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ViewOperation[] ViewsOf(ProcessPlan plan) =>
        [.. TraceText.Operations(plan.Threads[0]).Where(operation => operation.Kind == OperationKind.MapView).Select(ViewOperation.Of)];

    [Fact]
    public void GzipIsUnpackedAndTheFileIsHashedAsItIs()
    {
        byte[] plain = Encoding.ASCII.GetBytes("1,2,3");
        byte[] packed = TraceText.Gzip(plain);
        using TraceFile file = TraceText.Open(packed);

        file.Info.Compressed.ShouldBeTrue();
        file.Info.Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(packed)));
        (file.Info.FileBytes, file.Info.Bytes, file.Info.Reads).ShouldBe((packed.Length, 5L, 3L));
    }

    [Fact]
    public void CopiesShareOneProgram()
    {
        using TraceFile file = TraceFile.Open(RepositoryFiles.Trace("true"));
        IReadOnlyList<ProcessPlan> plans = file.CreateProcesses(3);

        plans.Select(plan => plan.Name).ShouldBe(["true-1", "true-2", "true-3"]);
        plans[2].Threads[0].ShouldBeSameAs(plans[0].Threads[0]);
        file.Info.Ignored.ShouldBe(new Dictionary<string, long> { ["talk of valgrind"] = 1 });
    }

    [Fact]
    public void AReadingLendsTheTracesOwnMemory()
    {
        using TraceFile file = TraceFile.Open(RepositoryFiles.Trace("true"));
        IProgram program = file.CreateProcesses()[0].Threads[0];

        program.Read(1000, default).Overlaps(program.Read(1001, default)).ShouldBeTrue();
        program.Read(long.MaxValue, default).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void ForesightNamesTheNextAccessToEachPage()
    {
        using TraceFile file = TraceText.Open("1,2,1,3,2w,1");
        IProgram program = file.CreateProcesses(foresight: true)[0].Threads[0];
        var foresight = program.ShouldBeAssignableTo<IForesight>()!;

        // Position 0 is the call that makes the pages usable.
        Enumerable.Range(0, 7).Select(i => foresight.NextUse(i)).ShouldBe([long.MaxValue, 3, 5, 6, long.MaxValue, long.MaxValue, long.MaxValue]);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("cat")]
    public void ALongTraceIsStreamedAndTellsTheSame(string trace)
    {
        using TraceFile whole = TraceFile.Open(RepositoryFiles.Trace(trace));
        using TraceFile streamed = TraceFile.Open(RepositoryFiles.Trace(trace), mostInMemory: 1000);
        streamed.Info.Streamed.ShouldBeTrue();
        streamed.Info.ShouldBe(whole.Info with { Streamed = true, Ignored = streamed.Info.Ignored });
        IProgram program = streamed.CreateProcesses()[0].Threads[0];
        program.ShouldBeOfType<StreamedTrace>();
        List<Operation> expected = TraceText.Operations(whole.CreateProcesses()[0].Threads[0]);

        TraceText.Operations(program).ShouldBe(expected);

        // Back to the start, a little back, to and fro, past the end.
        foreach (int position in new[] { 0, 70_000, 60_000, 10, 75_000, 74_000, 20_000 })
        {
            program.Read(position, default)[0].ShouldBe(expected[position]);
        }

        program.Read(expected.Count, default).IsEmpty.ShouldBeTrue();
        program.Read(5, default)[0].ShouldBe(expected[5]);
    }

    [Fact]
    public void ALongTraceOfSeveralThreadsIsStreamedToEach()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, Enumerable.Range(0, 60_000).Select(i => $"{i} 1.{i % 3} {(i % 2 == 0 ? 'r' : 'w')} 0x{0x10000 + (i * 4096):x}"));
            using TraceFile whole = TraceFile.Open(path);
            using TraceFile streamed = TraceFile.Open(path, mostInMemory: 100);
            for (int thread = 0; thread < 3; thread++)
            {
                TraceText.Operations(streamed.CreateProcesses()[0].Threads[thread])
                    .ShouldBe(TraceText.Operations(whole.CreateProcesses()[0].Threads[thread]));
            }

            Should.Throw<InputException>(() => streamed.CreateProcesses(foresight: true)).Message.ShouldContain("optimal replacement");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Accesses(TraceFile file) =>
        string.Join(' ', TraceText.Story(file.CreateProcesses()[0].Threads[0]).Split(' ').Where(word => !word.StartsWith("Reserve", StringComparison.Ordinal)));
}
