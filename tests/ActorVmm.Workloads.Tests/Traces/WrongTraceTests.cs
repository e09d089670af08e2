using System.Text;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Tests.Traces;

public sealed class WrongTraceTests
{
    [Theory]
    [InlineData("I  00401000,3\n L 0040zz00,8\n", 2, 8, "hexadecimal address, a comma and a size")]
    [InlineData("I  00401000,3\n L 00401000", 2, 12, "ends inside an access")]
    [InlineData("I  00401000,3\n L 00401000,", 2, 12, "hexadecimal address, a comma and a size")]
    [InlineData("I  00401000,3\n L 00401000,8x", 2, 14, "expected a size")]
    [InlineData("I  00401000,0\n", 1, 13, "expected a size from 1")]
    [InlineData("I  00401000,99999999999\n", 1, 13, "expected a size from 1")]
    [InlineData("I  00000010,4\n", 1, 4, "outside user memory")]
    [InlineData("I  ffff800000000000,4\n", 1, 4, "outside user memory")]
    [InlineData("I  00401000,3\nhello\n", 2, 1, "expected `I  address,size`")]
    [InlineData("1,2,x", 1, 5, "expected page numbers")]
    [InlineData("1,2\n3,-4", 2, 3, "expected page numbers")]
    [InlineData("1,2\n9223372036854775808", 2, 11, "a page number is at most")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 q 0x10000\n", 2, 7, "expected start, reserve")]
    [InlineData("0 1.1 r 0x10000\n0 1 r 0x10000\n", 2, 3, "a process and a thread number")]
    [InlineData("5 1.1 r 0x10000\n4 1.1 r 0x10000\n", 2, 1, "time runs backwards")]
    [InlineData("0 1.1 r 0x10000\n0.0001 1.1 r 0x10000\n", 2, 1, "a time in µs")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 r 0x1ffffffffffffffff\n", 2, 9, "expected an address")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 w\n", 2, 8, "expected an address")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 commit 0x10000 0\n", 2, 22, "expected 1 to")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 protect 0x10000 4096 rwq\n", 2, 28, "expected a protection")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 exit now\n", 2, 12, "more words")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 map 0x11000 4096 cache\n", 2, 11, "multiples of 64 KB")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 map 0x10000 4096\n", 2, 23, "the name of a section")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 map 0x10000 4096 7up\n", 2, 24, "the name of a section")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 map 0x10000 4096 cache 4096\n", 2, 30, "multiples of 64 KB")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 map 0x10000 4096 cache 0x4000000000\n", 2, 30, "less than 256 GiB")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 map 0x10000 0x800000000 cache\n", 2, 19, "less than 32 GiB")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 map 0x10000 4096 cache 65536 rwq\n", 2, 36, "expected an offset or a protection")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 map 0x10000 4096 cache rw 65536\n", 2, 33, "more words")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 unmap\n", 2, 12, "expected an address")]
    [InlineData("0 1.1 r 0x10000\n0 1.1 flush 0x10000 0\n", 2, 21, "expected 1 to")]
    [InlineData("\u0001\u0002\u0003\u00ff", 1, 1, "not a trace of any known format")]
    [InlineData("once upon a time\n", 1, 1, "not a trace of any known format")]
    public void TheFirstBadLineIsNamed(string text, int line, int column, string sentence)
    {
        InputException error = Should.Throw<InputException>(() => TraceText.Open(text).Dispose());

        error.Message.ShouldContain(sentence);
        error.Place.ShouldBe(new Place("test", line, column), error.Message);
    }

    [Theory]
    [InlineData("", "the trace is empty")]
    [InlineData("# nothing\n", "holds no operation")]
    [InlineData("==1== nothing\n", "holds no operation")]
    [InlineData(",,, ,\n", "holds no operation")]
    public void AnEmptyTraceIsAnInputError(string text, string sentence) =>
        Should.Throw<InputException>(() => TraceText.Open(text)).Message.ShouldContain(sentence);

    [Theory]
    [InlineData("25755 1795150535.693014 mmap(NULL, 262144, PROT_READ|PROT_WRITE, MAP_PRIVATE, -1, 0) = 0x7f75", "strace")]
    [InlineData("t 27104/27104 [000] 909.002810: page-faults: 7f2bdfbbc800 7f2bdfbbc800", "perf")]
    [InlineData("HardFault, TimeStamp, Process Name ( PID), ThreadID, VirtualAddr", "xperf")]
    [InlineData("       47446       37770:     2765543 read  8 byte(s) @ 0x00007fdf64e2adc8 by PC 0x1", "drmemtrace")]
    public void FormatsToComeAreRefusedByName(string line, string format)
    {
        Should.Throw<NotBuiltException>(() => TraceText.Open(line)).Message.ShouldContain(format);
        TraceFormats.TryParse(format, out TraceFormat value).ShouldBeTrue();
        Should.Throw<NotBuiltException>(() => TraceText.Open("1,2", value)).Message.ShouldContain("not built yet");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void TruncatedGzipIsAnInputError(double share)
    {
        byte[] bytes = File.ReadAllBytes(RepositoryFiles.Trace("true"));

        Should.Throw<InputException>(() => TraceText.Open(bytes[..(int)(bytes.Length * share)]));
    }

    [Fact]
    public void GzipThatEndsWithALineIsStillTruncated()
    {
        byte[] packed = TraceText.Gzip(Encoding.ASCII.GetBytes("1,2,3\n"));

        Should.Throw<InputException>(() => TraceText.Open(packed[..^4])).Message.ShouldContain("gzip");
    }

    [Fact]
    public void AMissingFileAndADirectoryAreInputErrors()
    {
        Should.Throw<InputException>(() => TraceFile.Open("/nowhere/at/all")).Message.ShouldBe("/nowhere/at/all: no such file");
        Should.Throw<InputException>(() => TraceFile.Open(RepositoryFiles.Root)).Message.ShouldContain("is a directory");
    }

    [Fact]
    public void ALineWithoutEndIsNotTakenIntoMemory() =>
        Should.Throw<InputException>(() => TraceText.Open("I  00401000,3\n" + new string('=', 300_000))).Message.ShouldContain("longer than 65,536 bytes");

    [Fact]
    public void AStreamTooLongForMemoryIsRefused()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1,2,", 1000)));

        Should.Throw<InputException>(() => TraceFile.Open(new MemoryStream(bytes), "-", mostInMemory: 100)).Message.ShouldContain("cannot come from a stream");
    }
}
