using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using Serilog;

namespace ActorVmm.Cli;

/// <summary>One call of <c>actorvmm</c>, as a verb sees it: its settings, its streams, and whether it should stop.</summary>
internal sealed record Session
{
    public required System.CommandLine.ParseResult Arguments { get; init; }

    public required Settings Settings { get; init; }

    public required UserFile UserFile { get; init; }

    public required GlobalFlags Flags { get; init; }

    public required Screen Screen { get; init; }

    public required ILogger Log { get; init; }

    public required Interruption Interruption { get; init; }

    public required TimeProvider Clock { get; init; }

    public bool Json => Settings.IsOn(Flags.Json);

    public bool Plain => Settings.IsOn(Flags.Plain);

    /// <summary>How often a line tells how long work gets on.</summary>
    public TimeSpan ProgressInterval =>
        Settings.Value(Flags.Progress) is { } interval ? new TimeSpan(interval.Value / TimeSpan.NanosecondsPerTick) : ProgressLines.UsualInterval;

    public bool Verbose => Settings.IsOn(Flags.Verbose);

    public bool Quiet => Settings.IsOn(Flags.Quiet);
}
