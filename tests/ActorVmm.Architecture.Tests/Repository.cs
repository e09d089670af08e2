namespace ActorVmm.Architecture.Tests;

/// <summary>A text file of the tree: its path from the top, with slashes, and what it says.</summary>
internal sealed record TextFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public bool Ends(string ending) => Path.EndsWith(ending, StringComparison.Ordinal);
}

/// <summary>The tree these tests were built from, without what builds and runs leave behind.</summary>
internal static class Repository
{
    private static readonly HashSet<string> _leftBehind = ["bin", "obj", "TestResults", "BenchmarkDotNet.Artifacts"];

    private static readonly HashSet<string> _binary = [".png", ".gz", ".ico", ".woff2", ".vmtz", ".db"];

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every file of <c>src</c>, <c>tests</c>, <c>config</c> and <c>.ci</c>, and the files of the top level, in path order.</summary>
    public static IReadOnlyList<TextFile> Files { get; } = ReadFiles();

    /// <summary>The names at the top level: folders end with a slash.</summary>
    public static IEnumerable<string> TopLevel =>
        Directory.EnumerateDirectories(Root).Select(path => Path.GetFileName(path) + "/")
            .Concat(Directory.EnumerateFiles(Root).Select(path => Path.GetFileName(path)))
            .Where(name => !_leftBehind.Contains(name.TrimEnd('/')));

    public static IEnumerable<TextFile> SourceCode => Files.Where(file => file.IsUnder("src") && file.Ends(".cs"));

    public static TextFile? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    private static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ActorVmm.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No ActorVmm.sln above {start}: the architecture tests read the tree that they were built from.");
    }

    private static List<TextFile> ReadFiles()
    {
        var files = new List<TextFile>();
        foreach (var path in Directory.EnumerateFiles(Root))
        {
            Add(path);
        }

        foreach (var folder in new[] { "src", "tests", "config", ".ci" })
        {
            Walk(Path.Combine(Root, folder));
        }

        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return files;

        void Walk(string folder)
        {
            if (!Directory.Exists(folder))
            {
                return;
            }

            foreach (var path in Directory.EnumerateFiles(folder))
            {
                Add(path);
            }

            foreach (var inner in Directory.EnumerateDirectories(folder))
            {
                if (!_leftBehind.Contains(Path.GetFileName(inner)))
                {
                    Walk(inner);
                }
            }
        }

        void Add(string path)
        {
            var text = _binary.Contains(Path.GetExtension(path)) ? "" : File.ReadAllText(path);
            files.Add(new TextFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), text));
        }
    }
}
