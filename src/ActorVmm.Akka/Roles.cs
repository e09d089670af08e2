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

    /// <summary>The name of a role in <c>actorvmm.dispatchers</c> and <c>actorvmm.mailboxes</c>.</summary>
    public static string NameOf(Role role) => role.Placement switch
    {
        Placement.Device => "device",
        Placement.Processor => role.Priority >= RealTimePriority ? "system" : "process",
    };

    public static string DispatcherOf(string name) => "actorvmm.dispatchers." + name;

    public static string MailboxOf(string name) => "actorvmm.mailboxes." + name;

    public static Props Placed(this Props props, Role role)
    {
        string name = NameOf(role);
        return props.WithDispatcher(DispatcherOf(name)).WithMailbox(MailboxOf(name));
    }
}
