using ActorVmm.Actors;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// Keeps the latest turn, when it is asked to or when the turn is one that is looked for. It listens to facts only so that there
/// are some: an outbox that nobody listens to keeps none.
/// </summary>
internal sealed class TurnCapture : ITurnListener, IFactListener
{
    /// <summary>Whether to keep every turn.</summary>
    public bool Armed { get; set; }

    /// <summary>Which turns to keep otherwise.</summary>
    public TurnFilter? Filter { get; set; }

    /// <summary>The turn kept last.</summary>
    public TimelineTurn? Kept { get; set; }

    /// <summary>The number of the turn that <see cref="Filter"/> let through last; 0 when none.</summary>
    public long Matched { get; set; }

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        bool matches = Filter is { } filter && filter(in turn, in delivery, outbox.Facts);
        if (matches)
        {
            Matched = turn.Number;
        }

        if (matches || Armed)
        {
            Kept = TimelineTurn.Of(in turn, in delivery, choices, outbox);
        }
    }

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
    }
}
