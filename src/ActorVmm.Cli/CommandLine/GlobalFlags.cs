using System.CommandLine;
using ActorVmm.Actors;

namespace ActorVmm.Cli.CommandLine;

/// <summary>What every verb understands.</summary>
internal sealed class GlobalFlags
{
    public Switch Json { get; } = new("--json", "Machine-readable output: one document, or NDJSON lines whose last is the summary.") { Recursive = true };

    public Switch Plain { get; } = new("--plain", "No live view, no colour.") { Recursive = true };

    public Switch Quiet { get; } = new("--quiet", "No progress.", "-q") { Recursive = true };

    public Flag<Ticks> Progress { get; } = new("--progress", "TIME", "A line of progress this often where there is no live view (5s).", Values.Duration) { Recursive = true };

    public Switch Verbose { get; } = new("--verbose", "The program's own log on stderr.", "-v") { Recursive = true };

    public Switch Version { get; } = new("--version", "Which version this is.") { Recursive = true };

    public Flag<Colour> Color { get; } = new(
        "--color", "auto|always|never", "Colour: on a terminal (auto), always or never.",
        Values.OneOf<Colour>([("auto", Colour.Auto), ("always", Colour.Always), ("never", Colour.Never)])) { Recursive = true };

    public IEnumerable<Option> All => [Json, Plain, Quiet, Progress, Verbose, Color, Version];
}

/// <summary>When to colour.</summary>
internal enum Colour
{
    /// <summary>On a terminal, unless NO_COLOR is set or TERM is dumb.</summary>
    Auto,

    Always,
    Never,
}
