namespace ActorVmm.Explorer.Strategies;

/// <summary>The sampling strategies in turns, one execution each, with depths from 2 to 4: no one of them is best at everything.</summary>
public sealed class PortfolioStrategy : IStrategy
{
    private readonly IStrategy[] _members;
    private IStrategy _current;

    /// <param name="machine">Keeps its record.</param>
    /// <param name="seed">Of the draws.</param>
    public PortfolioStrategy(ExploredMachine machine, ulong seed)
    {
        _members =
        [
            new RandomStrategy(seed), new PosStrategy(seed), new PctStrategy(machine, seed, 2), new PctcpStrategy(machine, seed, 2),
            new DelayStrategy(machine, seed, 1), new PctStrategy(machine, seed, 3), new PctcpStrategy(machine, seed, 3),
            new DelayStrategy(machine, seed, 2), new PctcpStrategy(machine, seed, 4),
        ];
        _current = _members[0];
    }

    public bool Begin(long execution)
    {
        _current = _members[execution % _members.Length];
        return _current.Begin(execution);
    }

    public int NextDelivery(SteppedHost host) => _current.NextDelivery(host);

    public int NextNumber(in ChoicePoint point) => _current.NextNumber(in point);
}
