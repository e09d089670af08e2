namespace ActorVmm.Explorer;

/// <summary>
/// Who decides an execution: which delivery comes next and what a choice is answered. One strategy is one small file; it knows
/// nothing of budgets, promises and findings.
/// </summary>
public interface IStrategy
{
    /// <summary>Begins an execution; the one before it, if any, has ended.</summary>
    /// <param name="execution">Its number in the exploration, from 0. What a sampling strategy does depends on its seed and this number alone.</param>
    /// <returns>False when there is none left.</returns>
    bool Begin(long execution);

    /// <summary>Picks one of the <see cref="SteppedHost.DeliverableCount"/> deliveries, of which there is at least one.</summary>
    /// <returns>Its index, or −1 to cut the execution off.</returns>
    int NextDelivery(SteppedHost host);

    /// <summary>Answers a choice that an actor asks for in the turn under way.</summary>
    /// <returns>From 0 to the number of alternatives − 1.</returns>
    int NextNumber(in ChoicePoint point);
}
