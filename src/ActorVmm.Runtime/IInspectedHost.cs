namespace ActorVmm.Runtime;

/// <summary>A host whose machine can be looked at between runs, actor by actor and message by message.</summary>
public interface IInspectedHost : IHost
{
    /// <summary>Ids given out so far, the outside world's included.</summary>
    int ActorCount { get; }

    /// <summary>The actor of an id; null for the outside world, before it exists and once it has stopped.</summary>
    IActor? ActorOf(ActorId id);

    /// <summary>Who that is on every host and in every interleaving.</summary>
    ActorIdentity IdentityOf(ActorId id);

    /// <summary>Appends everything that will still be delivered if nothing prevents it.</summary>
    void ListPending(ICollection<PendingDelivery> into);
}

/// <summary>Where a message is on its way.</summary>
public enum PendingPlace : byte
{
    /// <summary>In its receiver's mailbox.</summary>
    Mailbox,

    /// <summary>Sent in a turn whose cost has not passed yet, or on its way to another core.</summary>
    UnderWay,

    /// <summary>A timer that has not fired.</summary>
    Timer,
}

/// <summary>A message that has not been heard yet.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="To">Who will hear it.</param>
/// <param name="From">Who sent it; the receiver itself for timers.</param>
/// <param name="SenderCount">The sender's own count; 0 while the turn that sent it lasts.</param>
/// <param name="Due">When it reaches the mailbox; for one that is there, now.</param>
/// <param name="Message">What it says.</param>
public readonly record struct PendingDelivery(PendingPlace Place, ActorId To, ActorId From, int SenderCount, Ticks Due, Message Message)
{
    /// <summary>Which timer of the receiver this is; default for a message.</summary>
    public TimerId Timer { get; init; }
}
