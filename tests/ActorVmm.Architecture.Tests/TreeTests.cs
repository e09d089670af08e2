using System.Text.RegularExpressions;

namespace ActorVmm.Architecture.Tests;

/// <summary>Nothing lies about: what is in the tree is used, small enough to read, and where the plan says.</summary>
public sealed partial class TreeTests
{
    private const int LinesMax = 600;

    private static readonly string[] _topLevel = ["src/", "tests/", "config/", "ActorVmm.sln", "README.md", "akka.hocon"];

    [Fact]
    public void TheTopLevelHoldsOnlyWhatThePlanNames() => CheckTopLevel(Repository.TopLevel).ShouldBeNone();

    [Fact]
    public void EveryProjectIsInTheSolution() => CheckSolution(Repository.Files).ShouldBeNone();

    [Fact]
    public void EveryFileOfConfigIsUsed() => CheckConfig(Repository.Files).ShouldBeNone();

    [Fact]
    public void EveryPackageVersionIsUsed() => CheckPackages(Repository.Files).ShouldBeNone();

    [Fact]
    public void EverySourceFileCanBeReadInOneSitting() => CheckLength(Repository.SourceCode).ShouldBeNone();

    [Fact]
    public void AStrayTopLevelNameIsFound() =>
        CheckTopLevel(["src/", ".git/", ".ci/", ".editorconfig", "notes.md", "docs/"]).Count().ShouldBe(2);

    [Fact]
    public void AForgottenProjectIsFound()
    {
        const string Solution = "Project(\"{F}\") = \"A\", \"src\\A\\A.csproj\", \"{1}\"\nProject(\"{F}\") = \"C\", \"src\\C\\C.csproj\", \"{2}\"\n";
        var complaints = CheckSolution([new("ActorVmm.sln", Solution), new("src/A/A.csproj", ""), new("src/B/B.csproj", "")]).ToList();
        complaints.Count.ShouldBe(2);
        complaints.ShouldContain(line => line.StartsWith("src/B/B.csproj", StringComparison.Ordinal));
        complaints.ShouldContain(line => line.Contains("src/C/C.csproj", StringComparison.Ordinal));
    }

    [Fact]
    public void ADeadConfigFileIsFound() =>
        CheckConfig(
        [
            new("config/build/Used.props", ""), new("config/build/Dead.props", "Dead.props"), new("config/machines/laptop.yaml", ""),
            new("src/A/A.csproj", "<Import Project=\"Used.props\" /><EmbeddedResource Include=\"../../config/machines/*.yaml\" />"),
        ]).ShouldHaveSingleItem().ShouldContain("Dead.props");

    [Fact]
    public void ADeadPackageVersionIsFound() =>
        CheckPackages(
        [
            new("config/build/Packages.props", "<PackageVersion Include=\"Used\" Version=\"1\" /><PackageVersion Include=\"Dead\" Version=\"1\" />"),
            new("src/A/A.csproj", "<PackageReference Include=\"Used\" />"),
        ]).ShouldHaveSingleItem().ShouldContain("Dead");

    [Fact]
    public void ALongFileIsFound() =>
        CheckLength([new("src/A/Short.cs", new string('\n', LinesMax)), new("src/A/Long.cs", new string('\n', LinesMax + 1))])
            .ShouldHaveSingleItem().ShouldContain("Long.cs");

    private static IEnumerable<string> CheckTopLevel(IEnumerable<string> names) =>
        names.Where(name => !name.StartsWith('.') && !_topLevel.Contains(name))
            .Select(name => $"{name}: the top level holds only {string.Join(' ', _topLevel)} and dot-files; find it a place in one of the folders, or leave it out");

    private static IEnumerable<string> CheckSolution(IReadOnlyList<TextFile> files)
    {
        var solution = files.Single(file => file.Path == "ActorVmm.sln").Text;
        var listed = SolutionProject().Matches(solution).Select(match => match.Groups[1].Value.Replace('\\', '/')).ToHashSet();
        var present = files.Where(file => file.Ends(".csproj")).Select(file => file.Path).ToHashSet();
        foreach (var path in present.Except(listed))
        {
            yield return $"{path}: not in ActorVmm.sln, so nobody builds it; dotnet sln add {path} --solution-folder {path[..path.IndexOf('/')]}";
        }

        foreach (var path in listed.Except(present))
        {
            yield return $"ActorVmm.sln: lists {path}, which is not there; dotnet sln remove {path}";
        }
    }

    private static IEnumerable<string> CheckConfig(IReadOnlyList<TextFile> files) =>
        from file in files
        where file.IsUnder("config")
        let folder = file.Path[..file.Path.LastIndexOf('/')]
        where !files.Any(other => other != file
            && (other.Text.Contains(file.Name, StringComparison.Ordinal) || other.Text.Contains(folder + "/*", StringComparison.Ordinal)))
        select $"{file.Path}: nothing in the tree names it; use it or remove it";

    private static IEnumerable<string> CheckPackages(IReadOnlyList<TextFile> files) =>
        from version in PackageVersion().Matches(files.Single(file => file.Path == "config/build/Packages.props").Text)
        let package = version.Groups[1].Value
        where !files.Any(file => file.Text.Contains($"<PackageReference Include=\"{package}\"", StringComparison.Ordinal))
        select $"config/build/Packages.props: no project references {package}; remove the version";

    private static IEnumerable<string> CheckLength(IEnumerable<TextFile> files) =>
        from file in files
        let lines = file.Text.Count(letter => letter == '\n')
        where lines > LinesMax
        select $"{file.Path}: {lines} lines, more than {LinesMax}; which two questions does it answer? Give each a file";

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex SolutionProject();

    [GeneratedRegex("<PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex PackageVersion();
}
