using System.Text;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Workloads.Tests.Conformance;

/// <summary>Cases for tests: the sample in the tree, and small ones written where they are needed.</summary>
internal static class Cases
{
    public static string SamplePath { get; } = Path.Combine(RepositoryFiles.Root, "tests", "cases", "visible.jsonl");

    public static IReadOnlyList<ConformanceCase> Sample { get; } = [.. CaseFile.Read(SamplePath)];

    public static IReadOnlyList<ConformanceCase> Read(string text) => [.. CaseFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "cases")];

    /// <summary>A line with one step.</summary>
    public static string Line(string step, string more = "") =>
        """{"id":"one","source":"o/r:p:f","area":"alloc","arch":"x64","level":"nt","steps":[""" + step + "]" + more + "}";

    public static CaseStep Step(string operation, string arguments, string expected = """{"status":"STATUS_SUCCESS"}""") =>
        Read(Line($$"""{"op":"{{operation}}","args":{{arguments}},"expect":{{expected}}}""")).ShouldHaveSingleItem().Steps.ShouldHaveSingleItem();

    public static Expectations Expected(string expected) => Step("empty-ws", "{}", expected).Expected;
}
