using System.Text.RegularExpressions;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Protocol;
using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Cli.Verbs;

/// <summary>Makes a scenario of what <c>run</c> was given: a scenario file, the name of one, a trace, or standard input.</summary>
internal static partial class RunScenario
{
    private const int SniffedBytes = 1 << 16;

    /// <exception cref="Refusal">Flags that do not go together.</exception>
    /// <exception cref="Workloads.InputException">The input is not what it should be; says where.</exception>
    public static Scenario Load(string argument, RunFlags flags, Settings settings, Func<Stream> standardInput, Func<ScenarioOverrides, ScenarioOverrides>? change = null)
    {
        change ??= overrides => overrides;
        TraceFormat? format = settings.Value(flags.Format);
        if (argument is "-")
        {
            Stream input = standardInput();
            byte[] start = new byte[SniffedBytes];
            int length = input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            using var whole = new PrefixedStream(start.AsMemory(0, length), input);
            return format is null && IsScenario(start.AsSpan(0, length))
                ? ScenarioFile.Load(whole, "-", change(OverridesOf(flags, settings)))
                : OfTrace(TraceFile.Open(whole, "-", format ?? TraceFormat.Auto), flags, settings, change);
        }

        string path = ScenarioFiles.Resolve(argument);
        return format is null && ScenarioFiles.IsScenario(path)
            ? ScenarioFile.Load(path, change(OverridesOf(flags, settings)))
            : OfTrace(TraceFile.Open(path, format ?? TraceFormat.Auto), flags, settings, change);
    }

    private static Scenario OfTrace(TraceFile trace, RunFlags flags, Settings settings, Func<ScenarioOverrides, ScenarioOverrides> change)
    {
        int? limit = settings.Value(flags.WorkingSet);
        if (settings.Value(flags.Replacement) is { } replacement and not Replacement.Windows && limit is null)
        {
            throw Refusal.WrongUsage($"--replacement {replacement.ToString().ToLowerInvariant()} needs --working-set N: it decides which page a process at its limit gives up");
        }

        Scenario scenario = ScenarioFile.Of(trace, change(new ScenarioOverrides
        {
            Seed = settings.Value(flags.Seed),
            Processes = settings.Value(flags.Processes),
            Frames = (uint?)settings.Value(flags.Frames),
            WorkingSet = limit,
            Replacement = settings.Value(flags.Replacement),
        }));

        // Whoever limits a working set wants to see it at the end.
        return limit is null ? scenario : scenario with
        {
            Operator = scenario.Operator with { Processes = [.. scenario.Operator.Processes.Select(process => process with { Lingers = true })] },
        };
    }

    private static ScenarioOverrides OverridesOf(RunFlags flags, Settings settings) => new()
    {
        Seed = settings.Ordered(flags.Seed),
        FallbackSeed = settings.Preferred(flags.Seed) ?? 1,
        Processes = settings.Ordered(flags.Processes),
        Frames = (uint?)settings.Ordered(flags.Frames),
        WorkingSet = settings.Ordered(flags.WorkingSet),
        Replacement = settings.Ordered(flags.Replacement),
    };

    /// <summary>No trace has a line that starts with one of a scenario's keys.</summary>
    private static bool IsScenario(ReadOnlySpan<byte> start) => ScenarioKey().IsMatch(System.Text.Encoding.Latin1.GetString(start));

    [GeneratedRegex(@"^(version|name|seed|machine|processes)\s*:", RegexOptions.Multiline, 1000)]
    private static partial Regex ScenarioKey();
}
