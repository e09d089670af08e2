using System.CommandLine;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Machine.Exports;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm trace export</c>: a run for other tools.</summary>
internal sealed class TraceExportVerb : Verb
{
    private readonly Argument<string> _run;
    private readonly Flag<ExportFormat> _format;
    private readonly Flag<string> _output;
    private readonly RunFlags _flags;

    public TraceExportVerb()
        : base("export", "Write a run for other tools: Perfetto, ShiViz, spreadsheets, notebooks.")
    {
        _run = Takes("run", TimelineArgument.Description);
        _format = Has("--format", "FORMAT", "perfetto, shiviz, csv (a line per delivery) or ndjson (an object per fact).", Values.OneOf<ExportFormat>(
        [
            ("perfetto", ExportFormat.Perfetto), ("shiviz", ExportFormat.ShiViz), ("csv", ExportFormat.Csv), ("ndjson", ExportFormat.Ndjson),
        ]));
        _format.Required = true;
        _output = Has("--output", "FILE", "Where to; standard output when left out, or -.", Values.Text, "-o");
        _flags = new RunFlags(this, traceFormat: "--trace-format");
    }

    public override ExitCode Execute(Session session)
    {
        string run = session.Arguments.GetRequiredValue(_run);
        ExportFormat format = session.Settings.Value(_format) ?? throw new InvalidOperationException("--format is required");
        string? output = session.Settings.Text(_output);
        (ulong seed, long turns) = TimelineArgument.IsRecorded(run) ? Recorded(session, run, format, output) : Rerun(session, run, format, output);
        if (session.Json && output is not (null or "-"))
        {
            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                json.WriteString("output", output);
                json.WriteNumber("seed", seed);
                json.WriteNumber("deliveries", turns);
            }));
        }
        else if (!session.Quiet)
        {
            session.Screen.Talk.Line(FormattableString.Invariant($"seed {seed}: {Numbers.Count(turns)} deliveries"));
        }

        return session.Interruption.Token.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Fine;
    }

    private (ulong Seed, long Turns) Rerun(Session session, string run, ExportFormat format, string? output)
    {
        using Scenario scenario = TimelineArgument.Load("trace export", run, _flags, session);
        var plan = new RunPlan(scenario) { Until = session.Settings.Value(_flags.For), Specifications = false };
        long turns = 0;
        OutputFile.WriteBytes(session.Screen, output, stream => turns = ExportedRun.Write(plan, format, stream, session.Clock, session.Interruption.Token));
        return (scenario.Seed, turns);
    }

    private (ulong Seed, long Turns) Recorded(Session session, string argument, ExportFormat format, string? output)
    {
        (IJournalStore store, RecordedRun run, Scenario scenario) = TimelineArgument.OpenRecorded(argument, _flags, session);
        using IJournalStore owned = store;
        long turns = 0;
        OutputFile.WriteBytes(session.Screen, output, stream => turns = ExportedRun.Write(run, scenario, format, stream, session.Clock, session.Interruption.Token));
        return (run.Started.Seed, turns);
    }
}
