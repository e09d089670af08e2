namespace ActorVmm.Runtime;

/// <summary>
/// Sees every turn with its inputs and what came of it, in the host's order: journals, transcripts and happens-before listen
/// here. A host without such a listener pays one comparison a turn.
/// </summary>
public interface ITurnListener
{
    /// <param name="turn">Who took the turn, when, and which turn of the run it was.</param>
    /// <param name="delivery">What it handled; valid only during the call.</param>
    /// <param name="choices">Answers it was given, in order; valid only during the call.</param>
    /// <param name="outbox">What it asked for: sends, timers, births; valid only during the call.</param>
    void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox);
}

/// <summary>Hears what actors send to the outside world, when it leaves.</summary>
public interface IOutsideListener
{
    /// <param name="delivery">The message, its sender, the sender's count, and when it left.</param>
    void Left(in Delivery delivery);
}
