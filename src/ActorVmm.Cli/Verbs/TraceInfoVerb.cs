using System.CommandLine;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Workloads.Traces;
using Spectre.Console;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm trace info</c>: what a trace holds.</summary>
internal sealed class TraceInfoVerb : Verb
{
    private readonly Argument<string> _file;
    private readonly Flag<TraceFormat> _format;

    public TraceInfoVerb()
        : base("info", "Tell what a trace holds.")
    {
        _file = Takes("file", "The trace, plain or gzip; - for standard input.");
        _format = Has("--format", "FORMAT", "What it is written in; found out when left out.", TraceArguments.Format);
    }

    public override ExitCode Execute(Session session)
    {
        using TraceFile trace = TraceArguments.Open(session.Arguments.GetRequiredValue(_file), session.Settings.Value(_format) ?? TraceFormat.Auto);
        if (session.Json)
        {
            session.Screen.Out.WriteLine(Document(trace.Info));
        }
        else
        {
            Print(session.Screen.Result, trace.Info);
        }

        return ExitCode.Fine;
    }

    private static string Document(TraceInfo info) => JsonLine.Of("trace", json =>
    {
        json.WriteString("path", info.Path);
        json.WriteString("format", TraceFormats.NameOf(info.Format));
        json.WriteBoolean("gzip", info.Compressed);
        json.WriteString("sha256", info.Sha256);
        json.WriteNumber("fileBytes", info.FileBytes);
        json.WriteNumber("bytes", info.Bytes);
        json.WriteNumber("lines", info.Lines);
        json.WriteNumber("accesses", info.Accesses);
        json.WriteNumber("reads", info.Reads);
        json.WriteNumber("writes", info.Writes);
        json.WriteNumber("executes", info.Executes);
        json.WriteNumber("calls", info.Calls);
        json.WriteNumber("pages", info.Pages);
        json.WriteNumber("processes", info.Processes);
        json.WriteNumber("threads", info.Threads);
        json.WriteStartObject("ignored");
        foreach ((string reason, long count) in info.Ignored.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(reason, count);
        }

        json.WriteEndObject();
    });

    private static void Print(IAnsiConsole console, TraceInfo info)
    {
        Table table = Tables.New("Trace", info.Path);
        table.Row("format", TraceFormats.NameOf(info.Format) + (info.Compressed ? ", gzip" : ""));
        table.Row("size", $"{Numbers.Count(info.FileBytes)} bytes" + (info.Compressed ? $", {Numbers.Count(info.Bytes)} unpacked" : "") + $", {Numbers.Count(info.Lines)} lines");
        table.Row("accesses", $"{Numbers.Count(info.Accesses)}: {Numbers.Count(info.Reads)} reads, {Numbers.Count(info.Writes)} writes, {Numbers.Count(info.Executes)} instruction fetches");
        table.Row("memory calls", Numbers.Count(info.Calls));
        table.Row("pages touched", $"{Numbers.Count(info.Pages)} ({Numbers.Bytes(info.Pages)})");
        table.Row("processes", $"{Numbers.Count(info.Processes)}, {Numbers.Count(info.Threads, "thread")}");
        foreach ((string reason, long count) in info.Ignored.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            table.Row("ignored", $"{Numbers.Count(count)} × {reason}");
        }

        table.Row("sha256", info.Sha256);
        console.Print(table);
    }
}
