namespace ActorVmm.Runtime;

/// <summary>
/// What a host keeps for one actor, flat in an array indexed by <see cref="ActorId"/>. 72 bytes, nothing on the side while the
/// actor is idle: mailbox, ready queue and timers are lists linked through indices into shared pools (0 ends a list).
/// </summary>
public struct ActorCell
{
    /// <summary>The actor itself; null for the outside world and once the actor has stopped.</summary>
    public IActor? Actor;

    public ActorIdentity Identity;

    /// <summary>Rolling hash over the inputs of all its turns.</summary>
    public ulong Chain;

    /// <summary>Turns begun.</summary>
    public long Turns;

    public ActorCounts Counts;

    /// <summary>Messages sent and timers started, counted modulo 2³²: names a message within its sender.</summary>
    public int Sent;

    public int MailboxHead;
    public int MailboxTail;

    /// <summary>The next actor in the ready queue that this one waits in.</summary>
    public int NextReady;

    /// <summary>The youngest of its timers that have not fired.</summary>
    public int TimerHead;

    public Role Role;
    public ActorState State;

    /// <summary>A fired timer may be waiting in the mailbox, so cancelling has to look there.</summary>
    public bool MayHoldFiredTimer;
}

/// <summary>Where an actor stands with its host.</summary>
public enum ActorState : byte
{
    /// <summary>The id is taken; the turn that creates the actor has not ended.</summary>
    Reserved,

    /// <summary>Nothing in the mailbox.</summary>
    Idle,

    /// <summary>Something in the mailbox, waiting for its turn.</summary>
    Ready,

    /// <summary>In a turn: it has been run, and what it asked for is held until its cost has passed.</summary>
    Running,

    /// <summary>Gone; what is sent to it is dropped.</summary>
    Stopped,
}
