using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;

namespace ActorVmm.Cli.Output;

/// <summary>The last line of <c>run --json</c>, with the fields and the order that interfaces.md promises.</summary>
internal static class SummaryJson
{
    public static string Of(RunSummary run, string reproduce, long? durableThrough) => JsonLine.Of("summary", json =>
    {
        json.WriteString("host", run.Host);
        json.WriteNumber("seed", run.Seed);
        json.WriteString("run", run.Run);
        json.WriteStartObject("input");
        json.WriteString("path", run.Input.Path);
        json.WriteString("sha256", run.Input.Sha256);
        json.WriteEndObject();
        json.WriteNumber("virtualTimeNs", run.VirtualTime.Value);
        json.WriteNumber("turns", run.Turns);
        json.WriteNumber("messages", run.Messages);
        json.WriteNumber("accesses", run.Faults.Accesses);
        json.WriteNumber("pageFaults", run.Faults.Total);
        WriteFaults(json, run.Faults);
        WritePages(json, run.Pages);
        json.WriteStartObject("pagingFiles");
        json.WriteNumber("pageReads", run.PagingFiles.PageReads);
        json.WriteNumber("pagesInput", run.PagingFiles.PagesInput);
        json.WriteNumber("pageWrites", run.PagingFiles.PageWrites);
        json.WriteNumber("pagesOutput", run.PagingFiles.PagesOutput);
        json.WriteEndObject();
        json.WriteStartObject("commit");
        json.WriteNumber("charge", run.Commit.Charge);
        json.WriteNumber("peak", run.Commit.Peak);
        json.WriteNumber("limit", run.Commit.Limit);
        json.WriteEndObject();
        WriteProcesses(json, run.Processes);
        WriteFindings(json, run, reproduce);
        json.WriteString("fingerprint", run.Fingerprint.ToString());
        json.WriteString("end", JsonNamingPolicy.CamelCase.ConvertName(run.End.ToString()));
        json.WriteNumber("wallSeconds", Math.Round(run.Wall.TotalSeconds, 3));
        if (durableThrough is { } last)
        {
            json.WriteNumber("durableThrough", last);
        }
    });

    /// <summary>A line for the first time each promise was broken, and for each expectation that failed.</summary>
    public static IEnumerable<string> FindingsOf(RunSummary run, string reproduce)
    {
        foreach (BrokenPromise broken in run.Violations.DistinctBy(broken => broken.Specification, StringComparer.Ordinal))
        {
            yield return JsonLine.Of("finding", json =>
            {
                json.WriteString("specification", broken.Specification);
                json.WriteString("text", broken.Text);
                json.WriteNumber("turn", broken.Turn);
                json.WriteNumber("atNs", broken.At.Value);
                json.WriteString("reproduce", reproduce);
            });
        }

        foreach (JudgedExpectation failed in run.Expectations.Where(expectation => !expectation.Held))
        {
            yield return JsonLine.Of("finding", json =>
            {
                json.WriteString("expectation", failed.Text);
                json.WriteString("text", failed.Found);
                json.WriteString("reproduce", reproduce);
            });
        }
    }

    private static void WriteFaults(Utf8JsonWriter json, FaultCounts faults)
    {
        json.WriteStartObject("faults");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), faults[kind]);
        }

        json.WriteEndObject();
    }

    private static void WritePages(Utf8JsonWriter json, PageCounts pages)
    {
        json.WriteStartObject("pages");
        json.WriteNumber("active", pages.Active);
        json.WriteStartArray("standby");
        foreach (long count in pages.Standby)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteNumber("modified", pages.Modified);
        json.WriteNumber("modifiedNoWrite", pages.ModifiedNoWrite);
        json.WriteNumber("transition", pages.Transition);
        json.WriteNumber("zeroed", pages.Zeroed);
        json.WriteNumber("free", pages.Free);
        json.WriteNumber("bad", pages.Bad);
        json.WriteNumber("total", pages.Total);
        json.WriteEndObject();
    }

    private static void WriteProcesses(Utf8JsonWriter json, ProcessList processes)
    {
        json.WriteStartArray("processes");
        foreach (ProcessCounts process in processes.Listed)
        {
            json.WriteStartObject();
            json.WriteString("name", process.Name);
            json.WriteNumber("accesses", process.Accesses);
            json.WriteNumber("pageFaults", process.PageFaults);
            json.WriteNumber("hardFaults", process.HardFaults);
            json.WriteNumber("workingSet", process.WorkingSet);
            json.WriteNumber("peakWorkingSet", process.PeakWorkingSet);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("processCount", processes.Total);
    }

    private static void WriteFindings(Utf8JsonWriter json, RunSummary run, string reproduce)
    {
        json.WriteStartArray("violations");
        foreach (BrokenPromise broken in run.Violations)
        {
            json.WriteStartObject();
            json.WriteString("specification", broken.Specification);
            json.WriteString("text", broken.Text);
            json.WriteNumber("turn", broken.Turn);
            json.WriteNumber("atNs", broken.At.Value);
            json.WriteString("reproduce", reproduce);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("expectations");
        foreach (JudgedExpectation expectation in run.Expectations)
        {
            json.WriteStartObject();
            json.WriteString("text", expectation.Text);
            json.WriteBoolean("held", expectation.Held);
            if (expectation.Found.Length > 0)
            {
                json.WriteString("found", expectation.Found);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (run.Shown.Count > 0)
        {
            json.WriteStartArray("shown");
            foreach (ShownView shown in run.Shown)
            {
                json.WriteStartObject();
                json.WriteString("question", shown.Question);
                shown.Answer.WriteFields(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (run.Lesson.Count > 0)
        {
            json.WriteStartArray("lesson");
            foreach (string sentence in run.Lesson)
            {
                json.WriteStringValue(sentence);
            }

            json.WriteEndArray();
        }
    }
}

/// <summary>One line of JSON: version 1, a type, and what the type has.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string type, Action<Utf8JsonWriter> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, _options))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("type", type);
            fields(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
