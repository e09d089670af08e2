using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Machine.Tests.Conformance;

/// <summary>The cases in the tree, and which runs of them pass.</summary>
internal static class Sample
{
    public static string Folder { get; } = RepositoryFiles.PathOf("tests", "cases");

    public static IReadOnlyList<ConformanceCase> Cases { get; } = [.. CaseFile.Read(Path.Combine(Folder, "visible.jsonl"))];

    /// <summary>Runs that pass, as "case architecture".</summary>
    public static IReadOnlyList<string> Passing { get; } = [.. File.ReadAllLines(Path.Combine(Folder, "passing.txt")).Where(line => line.Length > 0)];
}
