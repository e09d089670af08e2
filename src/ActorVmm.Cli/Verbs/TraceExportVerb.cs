using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm trace export</c>: a recorded run for other tools.</summary>
internal sealed class TraceExportVerb : PromisedVerb
{
    public TraceExportVerb()
        : base("export", "Write a recorded run for other tools.")
    {
        Takes("run", "A run id, 'latest', or a journal.");
        Has("--format", "FORMAT", "perfetto, shiviz, csv or ndjson.", Values.OneOf("perfetto", "shiviz", "csv", "ndjson")).Required = true;
        Has("--output", "FILE", "Where to; - for standard output.", Values.Text, "-o");
    }
}
