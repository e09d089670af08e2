namespace ActorVmm.Runtime.Parallel;

/// <summary>A record does not fit the actors it is replayed with: they are others, or of another version.</summary>
public sealed class ReplayDivergedException : Exception
{
    private readonly bool _taken;

    internal ReplayDivergedException(int core, ActorId actor, in ActorCell cell, byte? expected, string what, bool taken)
        : base(FormattableString.Invariant($"the replay differs on core {core} at turn {cell.Turns} of {actor}: {what}"))
    {
        _taken = taken;
        (Actor, Turn, Chain, ExpectedChain) = (actor, cell.Turns, cell.Chain, expected);
        Divergence = new Divergence(0, actor, FormattableString.Invariant($"turn {Turn} of the actor, on core {core}: {what}"));
    }

    /// <summary>
    /// The place in the recorded order; every delivery before it was the same. Where a step does not even begin, the actor is the
    /// one that took the latest turn on its core.
    /// </summary>
    public Divergence Divergence { get; private set; }

    /// <summary>Who took the turn in which the first difference showed.</summary>
    public ActorId Actor { get; }

    /// <summary>Which of its turns that was, from 1.</summary>
    public long Turn { get; }

    /// <summary>The actor's chain after that turn.</summary>
    public ulong Chain { get; }

    /// <summary>The lowest byte of the chain as it was recorded; null when something else than the chain differs.</summary>
    public byte? ExpectedChain { get; }

    /// <summary>Says which delivery it was, when so many turns had begun.</summary>
    internal void Number(long turns)
    {
        if (Divergence.Delivery == 0)
        {
            Divergence = Divergence with { Delivery = _taken ? turns : turns + 1 };
        }
    }
}
