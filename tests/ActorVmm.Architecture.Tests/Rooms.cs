using System.Reflection;
using System.Xml.Linq;

namespace ActorVmm.Architecture.Tests;

/// <summary>A project under src/ as its project file states it.</summary>
internal sealed record Project(string Name, string Assembly, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static Project Parse(string name, string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        return new Project(
            name,
            root.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).ToList(),
            Includes("PackageReference").ToList());

        IEnumerable<string> Includes(string item) =>
            root.Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();
    }
}

/// <summary>
/// The plan of the house: which room may know which. Everything points down; a room knows what its rooms know.
/// Change it together with the code, and say why in the commit.
/// </summary>
internal static class Rooms
{
    /// <summary>Rooms whose code runs inside turns: nothing but state, message and outbox.</summary>
    public static readonly string[] Pure = ["ActorVmm.Actors", "ActorVmm.Protocol", "ActorVmm.Kernel"];

    /// <summary>Rooms without a package: what they do is in the tree to be read.</summary>
    public static readonly string[] WithoutPackages = [.. Pure, "ActorVmm.Runtime", "ActorVmm.Specifications"];

    private static readonly Dictionary<string, string[]> _arrows = new()
    {
        ["ActorVmm.Actors"] = [],
        ["ActorVmm.Protocol"] = ["ActorVmm.Actors"],
        ["ActorVmm.Kernel"] = ["ActorVmm.Protocol"],
        ["ActorVmm.Runtime"] = ["ActorVmm.Actors"],
        ["ActorVmm.Specifications"] = ["ActorVmm.Protocol"],
        ["ActorVmm.Journal"] = ["ActorVmm.Runtime", "ActorVmm.Protocol"],
        ["ActorVmm.Workloads"] = ["ActorVmm.Protocol"],
        ["ActorVmm.Machine"] = ["ActorVmm.Kernel", "ActorVmm.Runtime", "ActorVmm.Workloads", "ActorVmm.Specifications", "ActorVmm.Journal"],
        ["ActorVmm.Explorer"] = ["ActorVmm.Machine", "ActorVmm.Kernel"],
        ["ActorVmm.Akka"] = ["ActorVmm.Machine"],
        ["ActorVmm.Cli"] = ["ActorVmm.Explorer", "ActorVmm.Akka", "ActorVmm.Machine"],
        ["ActorVmm.Web"] = ["ActorVmm.Explorer", "ActorVmm.Akka", "ActorVmm.Machine"],
    };

    /// <summary>The projects under src/ that exist.</summary>
    public static IReadOnlyList<Project> Projects { get; } = Repository.Files
        .Where(file => file.IsUnder("src") && file.Ends(".csproj"))
        .Select(file => Project.Parse(Path.GetFileNameWithoutExtension(file.Name), file.Text))
        .ToList();

    public static bool IsRoom(string project) => _arrows.ContainsKey(project);

    /// <summary>Everything below a room: what it may name in a project file or in code.</summary>
    public static IReadOnlySet<string> Below(string room)
    {
        var below = new HashSet<string>();
        var open = new Stack<string>(_arrows[room]);
        while (open.TryPop(out var next))
        {
            if (below.Add(next))
            {
                Array.ForEach(_arrows[next], open.Push);
            }
        }

        return below;
    }

    /// <summary>The built assembly of a project, next to these tests because they reference the composition roots.</summary>
    public static Assembly Load(Project project) => Assembly.Load(project.Assembly);

    public static string PathOf(Project project) => Path.Combine(AppContext.BaseDirectory, project.Assembly + ".dll");
}
