using ActorVmm.Protocol;
using ActorVmm.Workloads.Traces;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Workloads.Tests.Traces;

public sealed class TraceProperties
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(1, 3);

    [Theory]
    [InlineData(TraceFormat.Auto)]
    [InlineData(TraceFormat.Refs)]
    [InlineData(TraceFormat.Lackey)]
    [InlineData(TraceFormat.Vmt)]
    public void ArbitraryBytesAreATraceOrAnInputErrorAndNothingElse(TraceFormat format) =>
        Check.One(_config, Prop.ForAll<byte[]>(bytes => IsTraceOrInputError(bytes, format)));

    [Theory]
    [InlineData(TraceFormat.Auto, "0123456789, wr\n#")]
    [InlineData(TraceFormat.Lackey, "I LSM0123456789abcdef,\n=")]
    [InlineData(TraceFormat.Vmt, "01239. rwx\nexitstarcommp+#")]
    public void NearlyRightTextIsATraceOrAnInputErrorAndNothingElse(TraceFormat format, string letters) =>
        Check.One(_config, Prop.ForAll(
            Gen.Elements(letters.Select(letter => (byte)letter).ToArray()).ArrayOf().ToArbitrary(),
            bytes => IsTraceOrInputError(bytes, format)));

    [Theory]
    [InlineData("I  0401ab70,3\n S 1fff000548,8\n M 1fff000ffe,8\n==1== x\n")]
    [InlineData("1,2,3w 4\n5w,6 # x\n")]
    [InlineData("0 1.1 start a\n1 1.1 commit 0x10000 4096 rw\n2 1.2 w 0x10000 16\n3.5 1.1 release 0x10000\n4 1.1 exit\n")]
    public void ATraceWithAnythingChangedIsATraceOrAnInputErrorAndNothingElse(string trace)
    {
        for (int at = 0; at < trace.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] bytes = System.Text.Encoding.ASCII.GetBytes(trace);
                bytes[at] = (byte)value;
                IsTraceOrInputError(bytes, TraceFormat.Auto).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void RefsWrittenAreRefsRead() =>
        Check.One(_config, Prop.ForAll(
            Gen.Zip(Gen.Choose(0, int.MaxValue), Gen.Elements(true, false)).NonEmptyListOf().ToArbitrary(),
            references =>
            {
                using TraceFile file = TraceText.Open(string.Join(',', references.Select(r => $"{r.Item1}{(r.Item2 ? "w" : "")}")));
                return TraceText.Operations(file.CreateProcesses()[0].Threads[0])
                    .Where(operation => operation.IsAccess)
                    .Select(operation => ((int)(operation.Address >> 12) - 16, operation.Kind == OperationKind.Write))
                    .SequenceEqual(references.Select(r => (r.Item1, r.Item2)));
            }));

    [Fact]
    public void LackeyWrittenIsLackeyRead() =>
        Check.One(_config, Prop.ForAll(
            Gen.Zip(Gen.Choose(0x10, 0x7FFF_FFFF), Gen.Elements("I ", " L", " S")).NonEmptyListOf().ToArbitrary(),
            lines =>
            {
                using TraceFile file = TraceText.Open(string.Concat(lines.Select(line => $"{line.Item2} {(ulong)line.Item1 << 12:x8},4\n")));
                return TraceText.Operations(file.CreateProcesses()[0].Threads[0])
                    .Where(operation => operation.IsAccess)
                    .Select(operation => ((int)(operation.Address >> 12), operation.Kind switch
                    {
                        OperationKind.Execute => "I ",
                        OperationKind.Read => " L",
                        _ => " S",
                    }))
                    .SequenceEqual(lines.Select(line => (line.Item1, line.Item2)));
            }));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(4096)]
    public void BlocksOfAnySizeReadTheSame(int most)
    {
        string text = "==1==\n" + string.Concat(Enumerable.Range(0, 30_000).Select(i => $" L {0x10000 + (i * 1000):x8},{(i % 8) + 1}\n"));
        using TraceFile whole = TraceText.Open(text);
        using TraceFile pieces = TraceFile.Open(new Trickle(System.Text.Encoding.ASCII.GetBytes(text), most), "test");

        pieces.Info.ShouldBe(whole.Info with { Ignored = pieces.Info.Ignored });
        TraceText.Operations(pieces.CreateProcesses()[0].Threads[0]).ShouldBe(TraceText.Operations(whole.CreateProcesses()[0].Threads[0]));
    }

    private static bool IsTraceOrInputError(byte[] bytes, TraceFormat format)
    {
        try
        {
            using TraceFile file = TraceText.Open(bytes, format);
            return file.Info.Operations > 0;
        }
        catch (InputException error)
        {
            return error.Sentence.Length > 0 && error.Message.All(letter => letter is >= ' ' and not (char)0x7F);
        }
    }

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
