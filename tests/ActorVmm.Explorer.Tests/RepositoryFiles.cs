using System.Runtime.CompilerServices;

namespace ActorVmm.Explorer.Tests;

/// <summary>Files of the repository, found from where this file was compiled.</summary>
internal static class RepositoryFiles
{
    public static string PathOf(params string[] parts) => Path.Combine([Path.GetFullPath(Path.Combine(Here(), "..", "..", "..")), .. parts]);

    private static string Here([CallerFilePath] string path = "") => path;
}
