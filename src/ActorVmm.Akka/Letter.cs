using Akka.Actor;
using ActorIdentity = ActorVmm.Actors.ActorIdentity;

namespace ActorVmm.Akka;

/// <summary>
/// A message on its way, as Akka carries it. It does not change once it has been told, and it never leaves the process.
/// </summary>
/// <param name="message">What it says.</param>
/// <param name="sender">Who sent it; the receiver itself for timers.</param>
/// <param name="identity">Who that is on every host. Here, because what the sender's own thread writes to is not read without waiting for it.</param>
/// <param name="senderCount">The sender's own count of messages sent and timers started.</param>
/// <param name="place">The place of the sender's turn, or of the firing, in the order of the run; 0 when nobody is told that order.</param>
/// <param name="timer">Which timer of the receiver this is; default for a message.</param>
internal sealed class Letter(in Message message, ActorId sender, ActorIdentity identity, int senderCount, long place, TimerId timer = default) : INoSerializationVerificationNeeded
{
    private readonly Message _message = message;

    public ActorId Sender { get; } = sender;

    public ActorIdentity Identity { get; } = identity;

    public int SenderCount { get; } = senderCount;

    public long Place { get; } = place;

    public TimerId Timer { get; } = timer;

    /// <summary>What the receiver's turn is given; the time is set when it begins.</summary>
    public Delivery ToDelivery() => new() { Message = _message, Sender = Sender, SenderCount = SenderCount };
}

/// <summary>A new run has begun: the receiver goes on with the letters that it has laid by.</summary>
internal sealed class GoOn : INoSerializationVerificationNeeded
{
    public static readonly GoOn Instance = new();

    private GoOn()
    {
    }
}

/// <summary>Asks the machine to give an actor its place among its children.</summary>
/// <param name="Resident">Who moves in.</param>
/// <param name="Name">The last part of its path.</param>
internal sealed record MoveIn(Resident Resident, string Name) : INoSerializationVerificationNeeded;
