using System.Text.Json;
using ActorVmm.Machine.Conformance;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Cli.Output;

/// <summary>Lines of <c>check --json</c>; the last one with the fields that interfaces.md promises.</summary>
internal static class CheckJson
{
    /// <summary>A line for a case that failed.</summary>
    public static string FindingOf(CaseResult result) => JsonLine.Of("finding", json => Write(json, result));

    public static string ProgressOf(IReadOnlyList<CaseResult> results, int cases) => JsonLine.Of("progress", json =>
    {
        WriteCounts(json, results);
        json.WriteNumber("total", cases);
    });

    /// <summary>The last line.</summary>
    public static string SummaryOf(IReadOnlyList<CaseResult> results, TimeSpan wall) => JsonLine.Of("summary", json =>
    {
        WriteCounts(json, results);
        json.WriteStartArray("cases");
        foreach (CaseResult result in results)
        {
            json.WriteStartObject();
            Write(json, result);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("wallSeconds", Math.Round(wall.TotalSeconds, 3));
    });

    private static void WriteCounts(Utf8JsonWriter json, IReadOnlyList<CaseResult> results)
    {
        json.WriteNumber("passed", results.Count(result => result.Outcome == CaseOutcome.Passed));
        json.WriteNumber("failed", results.Count(result => result.Outcome == CaseOutcome.Failed));
        json.WriteNumber("unsupported", results.Count(result => result.Outcome == CaseOutcome.Unsupported));
    }

    private static void Write(Utf8JsonWriter json, CaseResult result)
    {
        CaseRun run = result.Deciding;
        json.WriteString("id", result.Case.Id);
        json.WriteString("outcome", WordOf(result.Outcome));
        json.WriteNumber("step", run.Step);
        json.WriteString("expected", run.Expected);
        json.WriteString("actual", run.Actual);
        json.WriteString("area", result.Case.Area);
        json.WriteString("arch", ArchitectureText.NameOf(run.Architecture));
        json.WriteString("operation", run.Operation);
        json.WriteStartObject("runs");
        foreach (CaseRun each in result.Runs)
        {
            json.WriteString(ArchitectureText.NameOf(each.Architecture), WordOf(each.Outcome));
        }

        json.WriteEndObject();
    }

    private static string WordOf(CaseOutcome outcome) => JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());
}
