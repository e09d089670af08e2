namespace ActorVmm.Workloads.Traces;

/// <summary>What a trace file is written in (interfaces.md, Traces).</summary>
public enum TraceFormat
{
    /// <summary>Found out from the content.</summary>
    Auto,

    /// <summary>Page numbers, as in textbooks.</summary>
    Refs,

    /// <summary>valgrind --tool=lackey --trace-mem=yes.</summary>
    Lackey,

    /// <summary>Our own: times, several processes and threads, memory calls.</summary>
    Vmt,

    Strace,
    Perf,
    Xperf,
    Drmemtrace,
}

/// <summary>Names of <see cref="TraceFormat"/>s on the command line and in scenarios.</summary>
public static class TraceFormats
{
    /// <summary>All names, for messages and help.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enum.GetValues<TraceFormat>().Select(NameOf)];

    public static string NameOf(TraceFormat format) => format switch
    {
        TraceFormat.Auto => "auto",
        TraceFormat.Refs => "refs",
        TraceFormat.Lackey => "lackey",
        TraceFormat.Vmt => "vmt",
        TraceFormat.Strace => "strace",
        TraceFormat.Perf => "perf",
        TraceFormat.Xperf => "xperf",
        TraceFormat.Drmemtrace => "drmemtrace",
    };

    public static bool TryParse(string name, out TraceFormat format)
    {
        foreach (TraceFormat candidate in Enum.GetValues<TraceFormat>())
        {
            if (string.Equals(NameOf(candidate), name, StringComparison.OrdinalIgnoreCase))
            {
                format = candidate;
                return true;
            }
        }

        format = TraceFormat.Auto;
        return false;
    }
}
