using System.Runtime.CompilerServices;

namespace ActorVmm.Actors;

/// <summary>
/// The input of a turn: a message, who sent it and as the how-manieth of its messages (together the message's identity),
/// and what time it is. Also the cell of a mailbox: the host writes <see cref="Now"/> in place when it delivers.
/// </summary>
public struct Delivery
{
    public Message Message;

    /// <summary>Who sent it; the actor itself for timers, <see cref="ActorId.Outside"/> for start messages and external inputs.</summary>
    public ActorId Sender;

    /// <summary>The sender's own count of messages sent and timers started, from 1, modulo 2³².</summary>
    public int SenderCount;

    /// <summary>Virtual time at the start of the turn.</summary>
    public Ticks Now;

    public readonly int Kind => Message.Kind;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Read<T>()
        where T : unmanaged, IMessage => Message.Read<T>();
}

/// <summary>
/// One unit of a machine's concurrency. It owns its state alone and handles one message at a time; handling one is a turn.
/// Same state and same inputs (delivery, draws, choices) give the same new state, sends and facts on every host.
/// </summary>
public interface IActor
{
    /// <summary>
    /// Takes one turn. Everything the actor wants to happen goes through <paramref name="outbox"/>; an exception stops the
    /// machine, and nothing of the turn has left.
    /// </summary>
    void Receive(in Delivery delivery, Outbox outbox);

    /// <summary>
    /// Passes every part of the actor's state through <paramref name="codec"/>, by name and always in the same order. The same
    /// method fingerprints, saves, restores and describes, so nothing can be forgotten in one of them only.
    /// </summary>
    void Encode(StateCodec codec);
}

/// <summary>
/// The machine cannot go on, as after a Windows bug check: an actor met a state that must not exist.
/// </summary>
/// <param name="code">The Windows bug-check code where there is one, otherwise 0.</param>
/// <param name="message">Which promise was broken, in words.</param>
public sealed class BugCheckException(uint code, string message) : Exception(message)
{
    /// <summary>The Windows bug-check code, for example 0x4E PFN_LIST_CORRUPT; 0 when Windows has none.</summary>
    public uint Code { get; } = code;
}

/// <summary>Invariants are sentences: a condition and, in words, the promise it stands for. Always on.</summary>
public static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds(bool condition, string promise)
    {
        if (!condition)
        {
            Broken(promise);
        }
    }

    private static void Broken(string promise) => throw new BugCheckException(0x1A, promise);
}
