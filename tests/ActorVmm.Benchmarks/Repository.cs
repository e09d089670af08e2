namespace ActorVmm.Benchmarks;

/// <summary>Where the files are that benchmarks read.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ActorVmm.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("benchmarks run from inside the repository: no ActorVmm.sln above " + AppContext.BaseDirectory);
    }
}
