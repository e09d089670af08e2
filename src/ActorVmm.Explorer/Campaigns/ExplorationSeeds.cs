using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Shrinking;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Campaigns;

namespace ActorVmm.Explorer.Campaigns;

/// <summary>Seeds of a search: each is one exploration with that seed, and each finding is shrunk to its shape.</summary>
/// <param name="subjectOf">What is explored with a seed; for a scenario, the seed decides its draws too. Disposed of afterwards where it can be.</param>
/// <param name="options">How; their seed is replaced.</param>
public sealed class ExplorationSeeds(Func<ulong, ISubject> subjectOf, ExplorationOptions options) : ISeedRunner
{
    public SeedResult? Run(ulong seed, CancellationToken stop)
    {
        ISubject subject = subjectOf(seed);
        using var owned = subject as IDisposable;
        ExplorationResult result = new Exploration(subject, options with { Seed = seed, Workers = 1 }).Run(stop);
        if (stop.IsCancellationRequested)
        {
            return null;
        }

        SeedFinding[] findings = [.. result.Findings.Select(finding => Shrunk(subject, finding)).DistinctBy(finding => finding.Key, StringComparer.Ordinal)];
        return new SeedResult(seed, FingerprintOf(result, findings))
        {
            Turns = result.Turns,
            Schedules = result.Schedules,
            ViolatingSchedules = result.ViolatingSchedules,
            Findings = findings,
        };
    }

    private SeedFinding Shrunk(ISubject subject, Finding finding)
    {
        Shrinker shrinker = new(subject, options.Setting);
        ShrunkFinding shrunk = shrinker.Shrink(finding);
        return new SeedFinding(shrunk.Violation.Specification, ExecutionShape.Of(shrinker.Machine), shrunk.Violation.Words)
        {
            ShrunkTurns = shrunk.Turns,
            Schedule = finding.Schedule.ToString(),
            ShrunkSchedule = shrunk.Schedule.ToString(),
        };
    }

    /// <summary>Everything that was counted, and what was found: the same search comes to the same.</summary>
    private static Fingerprint FingerprintOf(ExplorationResult result, SeedFinding[] findings)
    {
        FingerprintBuilder builder = new(0x5EED);
        foreach (long count in (ReadOnlySpan<long>)[result.Schedules, result.ViolatingSchedules, result.Traces, result.ViolatingTraces, result.Blocked, result.TooLong, result.Turns])
        {
            builder.Add((ulong)count);
        }

        foreach (SeedFinding finding in findings)
        {
            builder.Add(ulong.Parse(finding.Key, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture));
        }

        return builder.Build();
    }
}
