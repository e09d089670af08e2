using System.Globalization;
using System.Text.RegularExpressions;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Explorer.Shrinking;

/// <summary>
/// Makes a scenario smaller while some schedule of it still breaks the same promise: fewer processes, threads, pages, accesses and
/// rounds. Each of its numbers is tried at its least, at its half and one less, until none can go; a schedule of a smaller scenario
/// is another one, so it is searched for anew each time.
/// </summary>
/// <param name="load">Reads a scenario from its text; throws an <see cref="InputException"/> for one that makes no sense.</param>
/// <param name="subjectOf">What of it is explored.</param>
/// <param name="setting">How messages travel.</param>
public sealed partial class ScenarioShrinker(Func<string, Scenario> load, Func<Scenario, ISubject> subjectOf, ExecutionSetting setting)
{
    /// <summary>Schedules, and turns of all of them, that are tried on one smaller scenario.</summary>
    private const long MostSchedules = 200;
    private const long MostTurns = 200_000;

    private const long Kibibyte = 1_024;
    private const long Page = 4 * Kibibyte;

    private static readonly Dictionary<string, long> _bytes = new(StringComparer.Ordinal)
    {
        ["B"] = 1, ["KiB"] = Kibibyte, ["MiB"] = Kibibyte * Kibibyte, ["GiB"] = Kibibyte * Kibibyte * Kibibyte,
    };

    /// <summary>Shrinks a scenario.</summary>
    /// <param name="text">Its YAML.</param>
    /// <param name="promise">The promise that has to break.</param>
    /// <param name="cancellation">Ends it early, with what has been reached.</param>
    /// <returns>The smallest text with a schedule that breaks the promise there; null when no number can be smaller.</returns>
    public ShrunkScenario? Shrink(string text, string promise, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ShrunkScenario? smallest = null;
        bool shrinks = true;
        while (shrinks)
        {
            shrinks = false;
            int count = NumbersOf(text).Count;
            for (int number = 0; number < count && !cancellation.IsCancellationRequested; number++)
            {
                foreach (string smaller in SmallerIn(text, number))
                {
                    if (Find(smaller, promise, cancellation) is { } finding)
                    {
                        (smallest, text, shrinks) = (new ShrunkScenario(smaller, finding), smaller, true);
                        break;
                    }
                }
            }
        }

        return smallest;
    }

    /// <summary>The same text with one of its numbers smaller, the smallest first.</summary>
    private static IEnumerable<string> SmallerIn(string text, int number)
    {
        Match found = NumbersOf(text)[number];
        Group value = found.Groups["value"];
        Group unit = found.Groups["unit"];
        if (!long.TryParse(value.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long now))
        {
            yield break;
        }

        int from = value.Index;
        int to = unit.Success ? unit.Index + unit.Length : value.Index + value.Length;
        if (_bytes.TryGetValue(unit.Value, out long scale))
        {
            foreach (long pages in Smaller(now * scale / Page))
            {
                yield return string.Concat(text.AsSpan(0, from), FormattableString.Invariant($"{pages * (Page / Kibibyte)}KiB"), text.AsSpan(to));
            }

            yield break;
        }

        foreach (long less in Smaller(now))
        {
            yield return string.Concat(text.AsSpan(0, from), less.ToString(CultureInfo.InvariantCulture), text.AsSpan(value.Index + value.Length));
        }
    }

    private static IEnumerable<long> Smaller(long number) => new[] { 1, number / 2, number - 1 }.Where(less => less > 0 && less < number).Distinct();

    /// <summary>The numbers that say how much happens: those of the processes, whatever the machine is.</summary>
    private static MatchCollection NumbersOf(string text)
    {
        Match processes = Processes().Match(text);
        return Number().Matches(text, processes.Success ? processes.Index : text.Length);
    }

    private Finding? Find(string text, string promise, CancellationToken cancellation)
    {
        Scenario scenario;
        try
        {
            scenario = load(text);
        }
        catch (InputException)
        {
            return null;
        }

        using (scenario)
        {
            ExplorationOptions options = new() { Setting = setting, Schedules = MostSchedules, Turns = MostTurns, StopOnFirst = true, CountsTraces = false };
            return new Exploration(subjectOf(scenario), options).Run(cancellation).Findings
                .FirstOrDefault(finding => string.Equals(finding.Violation.Specification, promise, StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"^processes\s*:", RegexOptions.Multiline, 1000)]
    private static partial Regex Processes();

    [GeneratedRegex(@"\b(count|threads|times|size|processes)\s*:\s*(?<value>\d+)\s*(?<unit>B|KiB|MiB|GiB|pages?)?\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}

/// <summary>A smaller scenario.</summary>
/// <param name="Text">Its YAML.</param>
/// <param name="Finding">A schedule of it that breaks the promise.</param>
public sealed record ShrunkScenario(string Text, Finding Finding);
