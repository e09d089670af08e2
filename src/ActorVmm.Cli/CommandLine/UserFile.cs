using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.CommandLine;

/// <summary>
/// The user's own defaults: lines <c>flag: value</c>, names as on the command line without dashes, <c>#</c> begins a comment.
/// </summary>
internal sealed class UserFile
{
    private readonly Dictionary<string, (string Value, Place Place)> _lines = [];

    private UserFile(string path, bool exists)
    {
        Path = path;
        Exists = exists;
    }

    public string Path { get; }

    public bool Exists { get; }

    /// <summary>A file that sets nothing.</summary>
    public static UserFile Empty { get; } = new("", exists: false);

    /// <summary>A file that says this, of nobody's.</summary>
    public static UserFile Of(IEnumerable<KeyValuePair<string, string>> lines)
    {
        var file = new UserFile("", exists: false);
        foreach ((string name, string value) in lines)
        {
            file._lines[name.TrimStart('-')] = (value, new Place(""));
        }

        return file;
    }

    /// <summary>Where the file is looked for: %APPDATA%\actorvmm on Windows, $XDG_CONFIG_HOME or ~/.config elsewhere.</summary>
    public static string DefaultPath(Func<string, string?> environment)
    {
        string folder = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : environment("XDG_CONFIG_HOME") is { Length: > 0 } configured
                ? configured
                : System.IO.Path.Combine(environment("HOME") ?? "", ".config");
        return System.IO.Path.Combine(folder, "actorvmm", "config.yaml");
    }

    /// <summary>Reads the file; one that does not exist is empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">Names that may be set.</param>
    /// <exception cref="InputException">It cannot be read or understood; says where.</exception>
    public static UserFile Read(string path, IReadOnlyCollection<string> known)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new UserFile(path, exists: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(new Place(path), "cannot be read: " + error.Message, cause: error);
        }

        var file = new UserFile(path, exists: true);
        foreach ((int index, string line) in lines.Index())
        {
            file.Add(index + 1, line, known);
        }

        return file;
    }

    public string? Find(string flag) => _lines.TryGetValue(flag.TrimStart('-'), out var line) ? line.Value : null;

    /// <summary>Refuses the line of a flag when it is no value of it.</summary>
    public void Check(IFlag flag)
    {
        if (_lines.TryGetValue(flag.Name.TrimStart('-'), out var line) && flag.Check(line.Value) is { } complaint)
        {
            throw new InputException(line.Place, $"{flag.Name.TrimStart('-')}: {complaint}");
        }
    }

    private void Add(int number, string line, IReadOnlyCollection<string> known)
    {
        int comment = line.StartsWith('#') ? 0 : line.IndexOf(" #", StringComparison.Ordinal);
        string text = (comment < 0 ? line : line[..comment]).TrimEnd();
        if (text.Length == 0)
        {
            return;
        }

        int column = text.Length - text.TrimStart().Length + 1;
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        string name = colon < 0 ? text.Trim() : text[..colon].Trim();
        if (colon < 0 || column > 1)
        {
            throw new InputException(new Place(Path, number, column), "expected \"flag: value\" at the start of the line", InputException.Clip(text.Trim()));
        }

        if (!known.Contains(name, StringComparer.Ordinal))
        {
            throw new InputException(new Place(Path, number, 1), "unknown flag" + Suggestion.For(name, known), InputException.Clip(name));
        }

        string value = text[(colon + 2)..].Trim();
        if (!_lines.TryAdd(name, (value, new Place(Path, number, colon + 3))))
        {
            throw new InputException(new Place(Path, number, 1), "set twice", InputException.Clip(name));
        }
    }
}
