using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Conformance;

/// <summary>Ranges of versions as cases write them: <c>win8+</c>, <c>&lt;=win7</c>.</summary>
public static class WindowsVersionText
{
    public const WindowsVersion Newest = WindowsVersion.Windows10Release1903;

    private static readonly string[] _names = ["ws2003", "vista", "win7", "win8", "win8.1", "win10-1507", "win10-1803", "win10-1809", "win10-1903"];

    public static IReadOnlyList<string> Names => _names;

    public static string NameOf(WindowsVersion version) => _names[(int)version];

    /// <summary>The newest version of a range: the one to run as.</summary>
    public static WindowsVersion? NewestOf(string range)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.EndsWith('+'))
        {
            return Find(range[..^1]) is null ? null : Newest;
        }

        return range.StartsWith("<=", StringComparison.Ordinal) ? Find(range[2..]) : null;
    }

    private static WindowsVersion? Find(string name)
    {
        int index = Array.IndexOf(_names, name is "win10" ? "win10-1507" : name);
        return index < 0 ? null : (WindowsVersion)index;
    }
}
