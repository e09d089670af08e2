using ActorVmm.Machine.Conformance;
using ActorVmm.Workloads.Conformance;
using Spectre.Console;

namespace ActorVmm.Cli.Output;

/// <summary>What <c>check</c> tells people: a table by area, what is missing, and each case that failed.</summary>
internal static class CheckReport
{
    public static void Write(IAnsiConsole console, IReadOnlyList<CaseResult> results, int asked, TimeSpan wall)
    {
        Table table = Tables.New("area", ">cases", ">passed", ">failed", ">unsupported");
        foreach (IGrouping<string, CaseResult> area in results.GroupBy(result => result.Case.Area, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            AddRow(table, area.Key, [.. area]);
        }

        AddRow(table, "all", results);
        console.Print(table);
        WriteArchitectures(console, results);
        WriteMissing(console, results);
        foreach (CaseResult failed in results.Where(result => result.Outcome == CaseOutcome.Failed))
        {
            WriteFailed(console, failed);
        }

        int passed = Count(results, CaseOutcome.Passed);
        string rest = results.Count < asked ? $"; interrupted, {Numbers.Count(asked - results.Count)} not run" : "";
        console.Line($"{Numbers.Count(passed)} of {Numbers.Count(results.Count, "case")} passed in {Numbers.Seconds(wall)}{rest}", passed == asked ? Color.Green : Color.Red);
    }

    private static void AddRow(Table table, string name, IReadOnlyList<CaseResult> results) => table.Row(
        name,
        Numbers.Count(results.Count),
        Numbers.Count(Count(results, CaseOutcome.Passed)),
        Numbers.Count(Count(results, CaseOutcome.Failed)),
        Numbers.Count(Count(results, CaseOutcome.Unsupported)));

    private static void WriteArchitectures(IAnsiConsole console, IReadOnlyList<CaseResult> results)
    {
        foreach (IGrouping<Architecture, CaseRun> runs in results.SelectMany(result => result.Runs).GroupBy(run => run.Architecture).OrderBy(group => group.Key))
        {
            console.Line(
                $"on {ArchitectureText.NameOf(runs.Key)}: {Numbers.Count(runs.Count(), "run")}, {Numbers.Count(runs.Count(run => run.Outcome == CaseOutcome.Passed))} passed, "
                + $"{Numbers.Count(runs.Count(run => run.Outcome == CaseOutcome.Failed))} failed, {Numbers.Count(runs.Count(run => run.Outcome == CaseOutcome.Unsupported))} unsupported");
        }
    }

    private static void WriteMissing(IAnsiConsole console, IReadOnlyList<CaseResult> results)
    {
        var missing = results.SelectMany(result => result.Runs).Where(run => run.Outcome == CaseOutcome.Unsupported).GroupBy(run => run.Expected, StringComparer.Ordinal).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        console.Line("");
        console.Line("The machine lacks:");
        foreach (IGrouping<string, CaseRun> part in missing.OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            console.Line($"  {part.Key} ({Numbers.Count(part.Count(), "run")})");
        }
    }

    private static void WriteFailed(IAnsiConsole console, CaseResult failed)
    {
        CaseRun run = failed.Deciding;
        console.Line("");
        console.Line(FormattableString.Invariant(
            $"failed: {failed.Case.Id} ({failed.Case.Area}, {ArchitectureText.NameOf(run.Architecture)}), step {run.Step} of {failed.Case.Steps.Count}: {run.Operation}"), Color.Red);
        console.Line($"  expected  {run.Expected}");
        console.Line($"  got       {run.Actual}");
        if (failed.Case.Note.Length > 0)
        {
            console.Line($"  note      {failed.Case.Note}");
        }

        console.Line($"  in        {failed.Case.Steps[run.Step - 1].Place}");
    }

    private static int Count(IReadOnlyList<CaseResult> results, CaseOutcome outcome) => results.Count(result => result.Outcome == outcome);
}
