using Akka.Actor;

namespace ActorVmm.Akka;

/// <summary>
/// Where actors run: system actors first, devices apart from processes. What the dispatchers and mailboxes are is said under
/// these names in <c>reference.conf</c>.
/// </summary>
internal static class Roles
{
    /// <summary>From here on Windows calls a priority real-time; the memory manager's own threads have such.</summary>
    private const int RealTimePriority = 16;

    /// <summary>All names of roles.</summary>
    public static IReadOnlyList<string> Names { get; } = ["system", "process", "device"];

    /// <summary>Shells hold state that is nowhere else, so no configuration may put one into another process.</summary>
    private static readonly IReadOnlyDictionary<string, Deploy> _deployments = Names.ToDictionary(
        name => name, name => new Deploy(Scope.Local).WithDispatcher(DispatcherOf(name)).WithMailbox(MailboxOf(name)), StringComparer.Ordinal);

    /// <summary>The name of a role in <c>actorvmm.dispatchers</c> and <c>actorvmm.mailboxes</c>.</summary>
    public static string NameOf(Role role) => role.Placement switch
    {
        Placement.Device => "device",
        Placement.Processor => role.Priority >= RealTimePriority ? "system" : "process",
    };

    public static string DispatcherOf(string name) => "actorvmm.dispatchers." + name;

    public static string MailboxOf(string name) => "actorvmm.mailboxes." + name;

    /// <summary>
    /// An actor of this process, on a dispatcher. Not by <c>WithDeploy(Deploy.Local)</c>: in Akka.NET 1.5.30 that forgets the dispatcher, because
    /// <see cref="Deploy.Local"/> is made before the constant that stands for none.
    /// </summary>
    public static Props Here(this Props props, string dispatcher) => props.WithDeploy(new Deploy(Scope.Local).WithDispatcher(dispatcher));

    /// <summary>A shell, where its role belongs.</summary>
    public static Props Placed(this Props props, Role role) => props.WithDeploy(_deployments[NameOf(role)]);
}
