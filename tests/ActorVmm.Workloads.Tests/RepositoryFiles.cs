using System.Runtime.CompilerServices;

namespace ActorVmm.Workloads.Tests;

/// <summary>Paths of files of the repository, found from where this file was compiled.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    public static string Trace(string name) => Path.Combine(Root, "config", "traces", name + ".lackey.gz");

    public static string Scenarios => Path.Combine(Root, "config", "scenarios");

    public static string Machines => Path.Combine(Root, "config", "machines");

    private static string Here([CallerFilePath] string path = "") => path;
}
