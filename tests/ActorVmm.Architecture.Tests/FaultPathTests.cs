namespace ActorVmm.Architecture.Tests;

/// <summary>
/// The path of a page fault stays short enough to walk: eight files, in this order, and src/README.md leads the reader through them.
/// </summary>
public sealed class FaultPathTests
{
    private static readonly string[] _path =
    [
        "ActorVmm.Protocol/Processes.cs",
        "ActorVmm.Kernel/AddressSpaces/Process.cs",
        "ActorVmm.Kernel/Faults/PageFault.cs",
        "ActorVmm.Kernel/Faults/HardPageFault.cs",
        "ActorVmm.Kernel/Faults/InPageBlock.cs",
        "ActorVmm.Kernel/Frames/PfnDatabase.cs",
        "ActorVmm.Kernel/PagingFiles/PagingFile.cs",
        "ActorVmm.Kernel/WorkingSets/WorkingSet.cs",
    ];

    [Fact]
    public void TheFilesExist() =>
        _path.Where(path => Repository.Find("src/" + path) is null)
            .Select(path => $"src/{path}: a station on the path of a page fault is gone; when the path has become shorter, change it here and in src/README.md")
            .ShouldBeNone();

    [Fact]
    public void TheGuideNamesThemInOrder() => CheckGuide(Repository.Find("src/README.md")?.Text ?? "").ShouldBeNone();

    [Fact]
    public void EveryFileTheGuideNamesExists() =>
        FilesNamed(Repository.Find("src/README.md")?.Text ?? "")
            .Where(name => !Repository.Files.Any(file => file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Path.EndsWith("/" + name, StringComparison.Ordinal)))
            .Select(name => $"src/README.md: names {name}, which is not there; the guide follows the code")
            .ShouldBeNone();

    [Fact]
    public void AGuideThatLosesItsWayIsFound()
    {
        CheckGuide(string.Join(", then ", _path)).ShouldBeEmpty();
        CheckGuide(string.Join(", then ", _path.Reverse())).ShouldNotBeEmpty();
        CheckGuide(string.Join(", then ", _path.Skip(1))).ShouldHaveSingleItem().ShouldContain(_path[0]);
    }

    private static IEnumerable<string> FilesNamed(string guide) =>
        System.Text.RegularExpressions.Regex.Matches(guide, @"`(?<file>[\w./]+\.cs)`", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(match => match.Groups["file"].Value);

    private static IEnumerable<string> CheckGuide(string guide)
    {
        var place = 0;
        foreach (var path in _path)
        {
            // The guide stands in src/ and may leave out the common beginning of the projects' names.
            var shortPath = path["ActorVmm.".Length..];
            var next = guide.IndexOf(shortPath, place, StringComparison.Ordinal);
            if (next < 0)
            {
                yield return $"src/README.md: names {path} out of order or not at all; it follows one page fault through: {string.Join(" → ", _path)}";
                yield break;
            }

            place = next;
        }
    }
}
