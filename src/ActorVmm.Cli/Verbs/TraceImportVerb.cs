using System.CommandLine;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm trace import</c>: a trace of another tool, as `vmt`.</summary>
internal sealed class TraceImportVerb : Verb
{
    private readonly Argument<string> _file;
    private readonly Flag<TraceFormat> _format;
    private readonly Flag<string> _output;

    public TraceImportVerb()
        : base("import", "Write a trace of another tool as vmt, our own format.")
    {
        _file = Takes("file", "The trace, plain or gzip; - for standard input.");
        _format = Has("--format", "FORMAT", "What it is written in; found out when left out.", TraceArguments.Format);
        _output = Has("--output", "FILE", "Where to; standard output when left out, or -.", Values.Text, "-o");
    }

    public override ExitCode Execute(Session session)
    {
        using TraceFile trace = TraceArguments.Open(session.Arguments.GetRequiredValue(_file), session.Settings.Value(_format) ?? TraceFormat.Auto);
        string? output = session.Settings.Text(_output);
        long lines = 0;
        try
        {
            OutputFile.Write(session.Screen, output, text =>
            {
                var writer = new VmtWriter(text, trace.Sections);
                writer.Write(trace.CreateProcesses(), session.Interruption.Token);
                lines = writer.Lines;
            });
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }

        string ignored = string.Concat(trace.Info.Ignored.Select(pair => $"; ignored {Numbers.Count(pair.Value)} × {pair.Key}"));
        if (session.Json && output is not (null or "-"))
        {
            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                json.WriteString("output", output);
                json.WriteNumber("lines", lines);
                json.WriteNumber("operations", trace.Info.Operations);
            }));
        }
        else if (!session.Quiet)
        {
            session.Screen.Talk.Line($"{Numbers.Count(trace.Info.Operations)} operations in {Numbers.Count(lines)} lines{ignored}");
        }

        return ExitCode.Fine;
    }
}
