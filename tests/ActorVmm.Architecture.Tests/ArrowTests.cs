using System.Reflection;

namespace ActorVmm.Architecture.Tests;

/// <summary>An arrow points at what is referenced, and every arrow points down.</summary>
public sealed class ArrowTests
{
    [Fact]
    public void EveryProjectKnowsOnlyWhatLiesBelowIt() => Rooms.Projects.SelectMany(CheckProject).ShouldBeNone();

    [Fact]
    public void EveryAssemblyUsesOnlyWhatLiesBelowIt() =>
        Rooms.Projects
            .SelectMany(project => CheckAssembly(project.Name, Rooms.Load(project).GetReferencedAssemblies().Select(name => name.Name!)))
            .ShouldBeNone();

    [Fact]
    public void TheseTestsSeeEveryProject() =>
        Rooms.Projects.Where(project => !File.Exists(Rooms.PathOf(project)))
            .Select(project => $"src/{project.Name}: not built into the architecture tests; let ActorVmm.Cli or this test project reference it")
            .ShouldBeNone();

    [Theory]
    [InlineData("ActorVmm.Kernel", "ActorVmm.Runtime")]
    [InlineData("ActorVmm.Runtime", "ActorVmm.Protocol")]
    [InlineData("ActorVmm.Specifications", "ActorVmm.Kernel")]
    [InlineData("ActorVmm.Actors", "ActorVmm.Cli")]
    public void AnArrowThatPointsElsewhereIsFound(string room, string reference)
    {
        CheckProject(new Project(room, room, [reference], [])).ShouldHaveSingleItem().ShouldContain(reference);
        CheckAssembly(room, ["System.Runtime", reference]).ShouldHaveSingleItem().ShouldContain(reference);
    }

    [Fact]
    public void APackageInAPureRoomIsFound() =>
        CheckProject(new Project("ActorVmm.Kernel", "ActorVmm.Kernel", [], ["Serilog"])).ShouldHaveSingleItem().ShouldContain("Serilog");

    [Fact]
    public void AkkaOutsideItsProjectIsFound() =>
        CheckProject(new Project("ActorVmm.Machine", "ActorVmm.Machine", [], ["Akka.Persistence"])).ShouldHaveSingleItem().ShouldContain("ActorVmm.Akka");

    [Fact]
    public void AProjectThatThePlanDoesNotKnowIsFound() =>
        CheckProject(new Project("ActorVmm.Common", "ActorVmm.Common", [], [])).ShouldHaveSingleItem().ShouldContain("Rooms.cs");

    private static IEnumerable<string> CheckProject(Project project)
    {
        if (!Rooms.IsRoom(project.Name))
        {
            yield return $"src/{project.Name}: not in the plan of the house; find a room for its code, or draw the new room in Rooms.cs and say why";
            yield break;
        }

        var below = Rooms.Below(project.Name);
        foreach (var reference in project.Projects.Where(reference => !below.Contains(reference)))
        {
            yield return $"src/{project.Name}: references {reference}, which does not lie below it; move the code, or let a room above bring the two together";
        }

        foreach (var package in project.Packages)
        {
            if (Rooms.WithoutPackages.Contains(project.Name))
            {
                yield return $"src/{project.Name}: references the package {package}, but this room has none; do it by hand or in a room above";
            }
            else if (IsAkka(package) && project.Name != "ActorVmm.Akka")
            {
                yield return $"src/{project.Name}: references {package}; Akka appears in ActorVmm.Akka alone, so that the stock build needs no Akka";
            }
        }
    }

    private static IEnumerable<string> CheckAssembly(string room, IEnumerable<string> assemblies)
    {
        var below = Rooms.IsRoom(room) ? Rooms.Below(room) : new HashSet<string>();
        foreach (var assembly in assemblies)
        {
            var ours = assembly.StartsWith("ActorVmm.", StringComparison.Ordinal) || assembly == "actorvmm";
            if (ours && !below.Contains(assembly))
            {
                yield return $"src/{room}: its code uses {assembly}, which does not lie below it; move the code, or let a room above bring the two together";
            }
            else if (!ours && Rooms.WithoutPackages.Contains(room) && !IsFramework(assembly))
            {
                yield return $"src/{room}: its code uses {assembly}, which is not the framework; this room has no packages";
            }
            else if (IsAkka(assembly) && room != "ActorVmm.Akka")
            {
                yield return $"src/{room}: its code uses {assembly}; Akka appears in ActorVmm.Akka alone";
            }
        }
    }

    private static bool IsFramework(string assembly) =>
        assembly.StartsWith("System.", StringComparison.Ordinal) || assembly is "System" or "netstandard" or "mscorlib";

    private static bool IsAkka(string name) => name == "Akka" || name.StartsWith("Akka.", StringComparison.Ordinal);
}
