namespace ActorVmm.Cli.Verbs;

/// <summary>
/// The scenarios that come with ActorVmm: in config/scenarios of the source tree one is in, otherwise beside the program.
/// </summary>
internal static class ScenarioFiles
{
    public const string NotFound = "no folder config/scenarios beside the program or in the source tree above here";

    private const string Suffix = ".yaml";

    /// <summary>The folder of lessons for newcomers.</summary>
    private const string Tour = "tour";

    /// <summary>The folder of small machines for the race laboratory.</summary>
    private const string Races = "races";

    private static readonly string _relative = Path.Combine("config", "scenarios");

    /// <summary>Where they are, or null.</summary>
    public static string? Folder => Candidates().FirstOrDefault(Directory.Exists);

    /// <summary>The JSON Schema of scenario files, or null.</summary>
    public static string? Schema => Candidates().Select(folder => Path.Combine(folder, "schema.json")).FirstOrDefault(File.Exists);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<(string Name, string Path)> All() =>
        Folder is { } folder
            ? [.. In(folder, ""), .. In(Path.Combine(folder, Tour), Tour + "/"), .. In(Path.Combine(folder, Races), Races + "/")]
            : [];

    /// <summary>The file that an argument means: a path that exists, or the name of one of ours; otherwise the argument itself.</summary>
    public static string Resolve(string argument) =>
        File.Exists(argument) || Directory.Exists(argument)
            ? argument
            : All().FirstOrDefault(scenario => string.Equals(scenario.Name, argument, StringComparison.Ordinal)).Path ?? argument;

    public static bool IsScenario(string path) =>
        path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string Name, string Path)> In(string folder, string prefix) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*" + Suffix).Order(StringComparer.Ordinal).Select(path => (prefix + Path.GetFileNameWithoutExtension(path), Readable(path)))
            : [];

    private static IEnumerable<string> Candidates()
    {
        for (DirectoryInfo? at = new(Environment.CurrentDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ActorVmm.sln")))
            {
                yield return Path.Combine(at.FullName, _relative);
            }
        }

        yield return Path.Combine(AppContext.BaseDirectory, _relative);
    }

    /// <summary>Relative to where one is, when that is shorter.</summary>
    private static string Readable(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.Length < path.Length ? relative : path;
    }
}
