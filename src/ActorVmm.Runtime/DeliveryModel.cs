namespace ActorVmm.Runtime;

/// <summary>Which of the messages on their way may arrive next. From most to least strict: Mailbox, Causal, Fifo, Bag.</summary>
public enum DeliveryModel : byte
{
    /// <summary>Messages from one sender to one receiver arrive in the order in which they were sent; what Akka promises.</summary>
    Fifo,

    /// <summary>A message never overtakes one to the same receiver whose sending its own sender could know of.</summary>
    Causal,

    /// <summary>Messages to one receiver arrive in the order in which they were sent.</summary>
    Mailbox,

    /// <summary>Any message may arrive next.</summary>
    Bag,
}
