namespace ActorVmm.Explorer.Strategies;

/// <summary>
/// Partial-order sampling (Yuan, Yang and Gu, CAV 2018): every message has a random priority, the highest is delivered, and those
/// that race with it, messages to the same actor, draw anew. So each race is decided by a draw of its own.
/// </summary>
public sealed class PosStrategy(ulong seed) : IStrategy
{
    private Dice _dice;
    private ulong _salt;

    public bool Begin(long execution)
    {
        _dice = new Dice(seed, execution);
        _salt = _dice.Next();
        return true;
    }

    public int NextDelivery(SteppedHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        int highest = 0;
        ulong priority = 0;
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            ulong other = PriorityOf(host, in host.Deliverable(index));
            if (other >= priority)
            {
                (highest, priority) = (index, other);
            }
        }

        return highest;
    }

    public int NextNumber(in ChoicePoint point) => _dice.Below(point.Alternatives);

    /// <summary>A turn of the receiver makes all that waits for it draw anew, so its count of turns is part of the draw.</summary>
    private ulong PriorityOf(SteppedHost host, in PendingMessage message)
    {
        ulong name = Mix.Fold(host.Actors[message.Delivery.Sender].Identity.Value, unchecked((uint)message.Delivery.SenderCount));
        return Mix.Spread(Mix.Fold(name ^ _salt, unchecked((ulong)host.Actors[message.To].Turns)));
    }
}
