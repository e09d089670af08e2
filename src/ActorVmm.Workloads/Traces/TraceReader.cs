using System.Buffers;

namespace ActorVmm.Workloads.Traces;

/// <summary>Pumps the bytes of an input through the parser of its format.</summary>
internal static class TraceReader
{
    private const int BufferBytes = 1 << 18;
    private const int DetectionBytes = 1 << 16;

    /// <summary>Reads all of <paramref name="input"/> and returns its format and the parser that has read it.</summary>
    public static (TraceFormat Format, TraceParser Parser) ReadAll(
        TraceInput input, TraceFormat format, TraceThreads threads, CancellationToken cancel = default)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int held = 0;
            bool last = false;
            while (!last && held < DetectionBytes)
            {
                int count = input.Read(buffer.AsSpan(held));
                held += count;
                last = count == 0;
            }

            if (held == 0)
            {
                throw new InputException(new Place(input.Name), "the trace is empty");
            }

            format = format == TraceFormat.Auto ? TraceFormatDetector.Detect(buffer.AsSpan(0, held), input.Name) : format;
            TraceParser parser = ParserOf(format, input.Name, threads);
            while (true)
            {
                int used = parser.Parse(buffer.AsSpan(0, held), last);
                buffer.AsSpan(used, held - used).CopyTo(buffer);
                held -= used;
                if (last)
                {
                    return (format, parser);
                }

                cancel.ThrowIfCancellationRequested();
                int count;
                try
                {
                    count = input.Read(buffer.AsSpan(held));
                }
                catch (InputException error)
                {
                    throw new InputException(error.Place with { Line = parser.Line }, error.Sentence, cause: error.InnerException);
                }

                held += count;
                last = count == 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TraceParser ParserOf(TraceFormat format, string file, TraceThreads threads) => format switch
    {
        TraceFormat.Refs => new RefsParser(file, threads),
        TraceFormat.Lackey => new LackeyParser(file, threads),
        TraceFormat.Vmt => new VmtParser(file, threads),
        TraceFormat.Strace or TraceFormat.Perf or TraceFormat.Xperf or TraceFormat.Drmemtrace =>
            throw new NotBuiltException(new Place(file), "traces of format " + TraceFormats.NameOf(format)),
        TraceFormat.Auto => throw new InvalidOperationException("the format is detected before a parser is chosen"),
    };
}
