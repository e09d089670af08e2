namespace ActorVmm.Architecture.Tests;

/// <summary>A project comes into being with its first real file; an empty one is a promise.</summary>
public sealed class EmptyProjectTests
{
    [Fact]
    public void EveryProjectHasCode() => CheckEmptyProjects(Repository.Files).ShouldBeNone();

    [Fact]
    public void AnEmptyProjectIsFound() =>
        CheckEmptyProjects([new("src/A/A.csproj", ""), new("src/A/One.cs", ""), new("src/AB/AB.csproj", ""), new("src/ABC/x.cs", "")])
            .ShouldHaveSingleItem().ShouldContain("src/AB");

    private static IEnumerable<string> CheckEmptyProjects(IReadOnlyList<TextFile> files) =>
        from project in files
        where project.Ends(".csproj")
        let folder = project.Path[..project.Path.LastIndexOf('/')]
        where !files.Any(file => file.IsUnder(folder) && file.Ends(".cs"))
        select $"{folder}: a project without code; it comes into being with its first real file";
}
