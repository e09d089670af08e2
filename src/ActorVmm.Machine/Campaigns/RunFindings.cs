using System.Text.RegularExpressions;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Machine.Summary;

namespace ActorVmm.Machine.Campaigns;

/// <summary>What a run found, with the numbers taken out that differ from seed to seed: which frame, page, slot or actor it was.</summary>
public static partial class RunFindings
{
    /// <summary>The name of an expectation's failure among the promises.</summary>
    public const string Expectation = "expectation failed";

    /// <summary>Every finding of a run, each shape once.</summary>
    public static IReadOnlyList<SeedFinding> Of(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return
        [
            .. run.Violations.Select(broken => new SeedFinding(broken.Specification, ShapeOf(broken.Text), broken.Text)).DistinctBy(finding => (finding.Specification, finding.Shape)),
            .. run.Expectations.Where(expectation => !expectation.Held).Select(failed => new SeedFinding(Expectation, failed.Text, failed.Found)).DistinctBy(finding => finding.Shape, StringComparer.Ordinal),
        ];
    }

    /// <summary>Words without their numbers. Frames, pages and slots are written in hexadecimal digits, so <c>frame be</c> is one too.</summary>
    public static string ShapeOf(string words) => Number().Replace(words, "#");

    [GeneratedRegex(@"\b(?:0x)?[0-9a-f]*[0-9][0-9a-f]*(?::[0-9a-f]+)?\b|(?<=\b(?:frame|page|slot|block|at|contained|and|deleted|mapped) )[a-f]+\b(?::[0-9a-f]+)?", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Number();
}
