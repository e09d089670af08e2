namespace ActorVmm.Runtime;

/// <summary>
/// A turn threw, so the machine stopped, as Windows does at a bug check. Nothing of that turn has left: no message, no fact.
/// The cause is the inner exception.
/// </summary>
public sealed class MachineStoppedException(ActorId actor, string actorType, long turn, int kind, Ticks now, Exception cause)
    : Exception(Describe(actor, actorType, turn, kind, now, cause), cause)
{
    public ActorId Actor { get; } = actor;

    /// <summary>The number of the turn in the host's order, from 1.</summary>
    public long Turn { get; } = turn;

    /// <summary>The kind of the message that the actor was handling.</summary>
    public int MessageKind { get; } = kind;

    public Ticks Now { get; } = now;

    /// <summary>
    /// What the turn that threw was given, so that a journal can record it: listeners hear of a turn when it has ended, and this
    /// one did not. Null when carrying out what a turn had asked for failed.
    /// </summary>
    public Delivery? Delivery { get; init; }

    /// <summary>The actor's rolling hash over the inputs of all its turns, this one's included as far as it got.</summary>
    public ulong Chain { get; init; }

    /// <summary>The answers that the turn was given before it threw.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];

    /// <summary>The ids of actors that the turn had asked for; none of them exists.</summary>
    public IReadOnlyList<ActorId> Births { get; init; } = [];

    /// <summary>The Windows bug-check code; 0 when the cause has none.</summary>
    public uint Code { get; } = (cause as BugCheckException)?.Code ?? 0;

    /// <summary>The same where the turn has another number.</summary>
    internal MachineStoppedException InTurn(long number) =>
        new(Actor, actorType, number, MessageKind, Now, InnerException!) { Delivery = Delivery };

    private static string Describe(ActorId actor, string actorType, long turn, int kind, Ticks now, Exception cause)
    {
        uint check = (cause as BugCheckException)?.Code ?? 0;
        string code = check == 0 ? "" : FormattableString.Invariant($" with bug check 0x{check:X}");
        return FormattableString.Invariant(
            $"{actorType} ({actor}) stopped the machine{code} in turn {turn} at {now}, handling message kind {kind}: {cause.Message}");
    }
}
