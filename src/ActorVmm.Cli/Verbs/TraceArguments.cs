using ActorVmm.Cli.CommandLine;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Cli.Verbs;

/// <summary>How verbs that take a trace read their arguments.</summary>
internal static class TraceArguments
{
    public static readonly Func<string, TraceFormat> Format =
        Values.OneOf<TraceFormat>([.. Enum.GetValues<TraceFormat>().Select(format => (TraceFormats.NameOf(format), format))]);

    public static TraceFile Open(string path, TraceFormat format) =>
        path is "-" ? TraceFile.Open(Console.OpenStandardInput(), "-", format) : TraceFile.Open(path, format);
}
