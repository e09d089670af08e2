using System.Text;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Tests.Traces;

/// <summary>Every number of config/traces/README.md, from the readers alone: no kernel takes part.</summary>
public sealed class TraceNumbersTests
{
    private const string Belady = "1,2,3,4,1,2,5,1,2,3,4,5";
    private const string Silberschatz = "7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1";

    [Theory]
    [InlineData("true", "4 8 16 32 64 128", "10035 5350 2897 774 257 142", "7682 4088 2163 471 186 138", "8720 4485 2401 503 201 138", "5839 2785 1202 287 157 138")]
    [InlineData("cat", "4 8 16 32 64 128", "40638 20213 9487 2437 680 295", "34903 16231 6896 1644 421 263", "37403 17616 7958 1816 451 268", "23934 10283 3633 938 319 215")]
    [InlineData("gcc", "16 64 256 1024", "118468 8994 2171 1294", "91709 5758 1741 1212", "102515 6274 1792 1253", "48874 3341 1335 1201")]
    public void ARealTraceFaultsAsOftenAsTwoOtherImplementationsSay(string trace, string frames, string fifo, string lru, string clock, string opt)
    {
        using TraceFile file = TraceFile.Open(RepositoryFiles.Trace(trace));
        List<ulong> pages = ReferenceReplacement.PagesOf(file.CreateProcesses()[0].Threads[0]);
        int[] sizes = Numbers(frames);

        sizes.Select(size => ReferenceReplacement.Faults(Replacement.Fifo, pages, size)).ShouldBe(Numbers(fifo));
        sizes.Select(size => ReferenceReplacement.Faults(Replacement.Lru, pages, size)).ShouldBe(Numbers(lru));
        sizes.Select(size => ReferenceReplacement.Faults(Replacement.Clock, pages, size)).ShouldBe(Numbers(clock));
        sizes.Select(size => ReferenceReplacement.Faults(Replacement.Opt, pages, size)).ShouldBe(Numbers(opt));
    }

    [Theory]
    [InlineData(Belady, 3, 9, 10, 9, 7)]
    [InlineData(Belady, 4, 10, 8, 10, 6)]
    [InlineData(Silberschatz, 3, 15, 12, 14, 9)]
    public void ATextbookStringFaultsAsOftenAsTheTextbookSays(string text, int frames, int fifo, int lru, int clock, int opt)
    {
        using TraceFile file = TraceFile.Open(new MemoryStream(Encoding.ASCII.GetBytes(text)), "-");
        List<ulong> pages = ReferenceReplacement.PagesOf(file.CreateProcesses()[0].Threads[0]);

        file.Info.Format.ShouldBe(TraceFormat.Refs);
        ReferenceReplacement.Faults(Replacement.Fifo, pages, frames).ShouldBe(fifo);
        ReferenceReplacement.Faults(Replacement.Lru, pages, frames).ShouldBe(lru);
        ReferenceReplacement.Faults(Replacement.Clock, pages, frames).ShouldBe(clock);
        ReferenceReplacement.Faults(Replacement.Opt, pages, frames).ShouldBe(opt);
    }

    [Theory]
    [InlineData("true", 82307, 138)]
    [InlineData("cat", 212191, 213)]
    [InlineData("gcc", 1868539, 1201)]
    public void TheRealTracesAreWhatTheyWere(string trace, long lines, long pages)
    {
        using TraceFile file = TraceFile.Open(RepositoryFiles.Trace(trace));

        (file.Info.Lines - 1).ShouldBe(lines);
        file.Info.Pages.ShouldBe(pages);
        file.Info.Ignored["talk of valgrind"].ShouldBe(1);
        file.Info.Compressed.ShouldBeTrue();
    }

    private static int[] Numbers(string text) => [.. text.Split(' ').Select(int.Parse)];
}
