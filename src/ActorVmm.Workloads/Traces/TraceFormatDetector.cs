using System.Text;
using System.Text.RegularExpressions;

namespace ActorVmm.Workloads.Traces;

/// <summary>Tells a trace's format by its first significant line.</summary>
internal static partial class TraceFormatDetector
{
    private const int LongestLine = 4096;

    /// <summary>The format of a trace that starts with these bytes.</summary>
    /// <exception cref="InputException">It is none that we know.</exception>
    public static TraceFormat Detect(ReadOnlySpan<byte> start, string file)
    {
        long number = 0;
        ReadOnlySpan<byte> rest = start;
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? rest : rest[..length];
            rest = length < 0 ? default : rest[(length + 1)..];
            number++;
            if (line.Trim(" ,\t\r"u8).IsEmpty || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("=="u8) || line.StartsWith("--"u8) || line.StartsWith("**"u8))
            {
                // Only valgrind's log starts so, even if nothing else follows in the part we see.
                if (rest.IsEmpty)
                {
                    return TraceFormat.Lackey;
                }

                continue;
            }

            return DetectLine(Encoding.Latin1.GetString(line[..Math.Min(line.Length, LongestLine)]))
                ?? throw new InputException(
                    new Place(file, number, 1),
                    "not a trace of any known format (" + string.Join(", ", TraceFormats.Names.Skip(1)) + ")",
                    InputException.Clip(line));
        }

        return TraceFormat.Refs;
    }

    private static TraceFormat? DetectLine(string line) =>
        Lackey().IsMatch(line) ? TraceFormat.Lackey
        : Vmt().IsMatch(line) ? TraceFormat.Vmt
        : Refs().IsMatch(line) ? TraceFormat.Refs
        : Strace().IsMatch(line) ? TraceFormat.Strace
        : Perf().IsMatch(line) ? TraceFormat.Perf
        : Drmemtrace().IsMatch(line) ? TraceFormat.Drmemtrace
        : Xperf().IsMatch(line) ? TraceFormat.Xperf
        : null;

    [GeneratedRegex(@"^(I | [LSM]) [0-9a-fA-F]+,", RegexOptions.None, 1000)]
    private static partial Regex Lackey();

    [GeneratedRegex(@"^[ \t]*[0-9]+(\.[0-9]*)?[ \t]+[0-9]+\.[0-9]+[ \t]+[a-z]+([ \t#\r]|$)", RegexOptions.None, 1000)]
    private static partial Regex Vmt();

    [GeneratedRegex(@"^[, \t]*[0-9]+[wWrR]?[, \t\r]*(#|$|[,0-9][^:.(\[]*$)", RegexOptions.None, 1000)]
    private static partial Regex Refs();

    [GeneratedRegex(@"^([0-9]+ +)?[0-9]+\.[0-9]+ +([a-z0-9_]+\(|<\.\.\.|---|\+\+\+)", RegexOptions.None, 1000)]
    private static partial Regex Strace();

    [GeneratedRegex(@"^\S+ +[0-9]+(/[0-9]+)? +\[[0-9]+\] +[0-9]+\.[0-9]+:", RegexOptions.None, 1000)]
    private static partial Regex Perf();

    [GeneratedRegex(@"^ *[0-9]+ +[0-9]+: +[0-9]+ ", RegexOptions.None, 1000)]
    private static partial Regex Drmemtrace();

    [GeneratedRegex(@"^(BeginHeader|OS Version|Trace Start|\s*[A-Za-z]+, +TimeStamp)", RegexOptions.None, 1000)]
    private static partial Regex Xperf();
}
