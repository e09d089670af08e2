namespace ActorVmm.Explorer.Strategies;

/// <summary>A uniform walk: at each step all deliverable messages are alike, start messages included.</summary>
public sealed class RandomStrategy(ulong seed) : IStrategy
{
    private Dice _dice;

    public bool Begin(long execution)
    {
        _dice = new Dice(seed, execution);
        return true;
    }

    public int NextDelivery(SteppedHost host) => _dice.Below(host.DeliverableCount);

    public int NextNumber(in ChoicePoint point) => _dice.Below(point.Alternatives);
}
