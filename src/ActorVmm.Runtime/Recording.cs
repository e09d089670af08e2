namespace ActorVmm.Runtime;

/// <summary>One delivery as it was recorded: which message to whom, and what time it was.</summary>
public struct RecordedDelivery
{
    public ActorId Receiver;

    /// <summary>With <see cref="SenderCount"/> the identity of the message.</summary>
    public ActorId Sender;

    public int SenderCount;
    public Ticks Now;

    /// <summary>
    /// No delivery: a timer of the receiver came due, and its message went into the mailbox. A recording need not have these;
    /// without them a timer counts as fired when it is delivered.
    /// </summary>
    public bool IsFiring;
}

/// <summary>The deliveries of a recorded run, one after the other.</summary>
public interface IRecording
{
    /// <summary>The answers that the turn of this delivery was given.</summary>
    ReadOnlySpan<Choice> Choices { get; }

    /// <summary>
    /// The ids of the actors that the turn of this delivery created, in order; empty where each was the one after the largest so far.
    /// </summary>
    ReadOnlySpan<ActorId> Births { get; }

    /// <summary>Goes on to the next delivery; false when there is none.</summary>
    bool TryNext(out RecordedDelivery delivery);

    /// <summary>The message of this delivery where it was written out: what came from outside always is.</summary>
    bool TryMessage(out Message message);

    /// <summary>
    /// The turn of this delivery is about to be taken, or has been.
    /// </summary>
    /// <param name="message">What replay found to deliver.</param>
    /// <returns>How it differs from what was recorded; null when it does not.</returns>
    string? Differs(in Message message);

    /// <summary>The turn has been taken.</summary>
    /// <param name="cell">The receiver, with its chain as it is now.</param>
    /// <returns>How it differs from what was recorded; null when it does not.</returns>
    string? Differs(in ActorCell cell);
}

/// <summary>The first place where a replay is not what was recorded.</summary>
/// <param name="Delivery">Its number, from 1.</param>
/// <param name="Actor">Whose turn it was or would have been.</param>
/// <param name="Words">What was recorded and what was found.</param>
public sealed record Divergence(long Delivery, ActorId Actor, string Words)
{
    public override string ToString() => FormattableString.Invariant($"delivery {Delivery}, {Actor}: {Words}");
}
