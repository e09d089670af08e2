using Akka.Actor;

namespace ActorVmm.Akka.Campaigns;

/// <summary>Whom a node asks before it becomes a member: another build would come to other results, and mix them among ours.</summary>
internal sealed class GateActor : ReceiveActor
{
    /// <summary>Its path is <c>/user/</c> and this.</summary>
    public const string Name = "gate";

    /// <param name="plan">The campaign, for those who may take part.</param>
    /// <param name="kernel">Its build.</param>
    /// <param name="named">The addresses that may take part; null when any may.</param>
    public GateActor(byte[] plan, string kernel, IReadOnlySet<string>? named)
    {
        Receive<Knock>(knock => Sender.Tell(
            !string.Equals(knock.Kernel, kernel, StringComparison.Ordinal) ? new Refused(Refused.Cause.Kernel, kernel)
            : named?.Contains(knock.Address) == false ? new Refused(Refused.Cause.NotNamed, kernel)
            : new Welcome(plan)));
    }
}
