using ActorVmm.Runtime;

namespace ActorVmm.Machine.Tests.Timelines;

/// <summary>What is known of a machine where a timeline stands.</summary>
internal static class Places
{
    /// <summary>Its fingerprint, its processes, and what is on its way.</summary>
    public static string Describe(SimulatedMachine machine)
    {
        var pending = new List<PendingDelivery>();
        ((IInspectedHost)machine.Host).ListPending(pending);
        string processes = string.Join(' ', machine.Processes.Select(process => FormattableString.Invariant($"{process.Serial}:{process.State}:{process.Accesses}:{process.PageFaults}:{process.WorkingSetPages}")));
        string messages = string.Join(' ', pending.Select(delivery => FormattableString.Invariant($"{delivery.Place}:{delivery.From.Value}>{delivery.To.Value}:{delivery.SenderCount}:{delivery.Message.Kind}")));
        return $"{machine.Fingerprint()} {machine.Host.Statistics} {processes} {messages}";
    }
}
