namespace ActorVmm.Explorer.Strategies;

/// <summary>
/// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010): every line has a random
/// priority, the highest goes on, and at d − 1 random steps the one that would go on gets a priority below all. A bug of depth d
/// shows with probability 1/(n·k^(d−1)) at least, with n <see cref="Lines"/> and k steps.
/// </summary>
public sealed class PctStrategy : IStrategy
{
    private readonly ChangePoints _changes;
    private readonly ulong[] _lowered;
    private readonly DeliveryModel _model;
    private readonly ulong _seed;
    private readonly int _length;
    private Dice _dice;
    private ulong _salt;
    private int _step;

    public PctStrategy(ExploredMachine machine, ulong seed, int depth)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        _changes = new ChangePoints(depth - 1);
        _lowered = new ulong[depth - 1];
        _model = machine.Setting.Model;
        _seed = seed;
        _length = RunLength.Of(machine);
    }

    public bool Begin(long execution)
    {
        _dice = new Dice(_seed, execution);
        _salt = _dice.Next();
        _changes.Draw(ref _dice, _length);
        Array.Clear(_lowered);
        _step = 0;
        return true;
    }

    public int NextDelivery(SteppedHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _step++;
        for (int change = 0; change < _changes.Count; change++)
        {
            if (_changes[change] == _step)
            {
                _lowered[change] = Lines.Of(host, in host.Deliverable(Highest(host)), _model);
            }
        }

        return Highest(host);
    }

    public int NextNumber(in ChoicePoint point) => _dice.Below(point.Alternatives);

    private int Highest(SteppedHost host)
    {
        int highest = 0;
        ulong priority = 0;
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            ulong other = PriorityOf(Lines.Of(host, in host.Deliverable(index), _model));
            if (other > priority)
            {
                (highest, priority) = (index, other);
            }
        }

        return highest;
    }

    /// <summary>A random number per line and execution; 1 for the line lowered first, 2 for the next, and so on.</summary>
    private ulong PriorityOf(ulong line)
    {
        for (int change = _lowered.Length - 1; change >= 0; change--)
        {
            if (_lowered[change] == line)
            {
                return (ulong)change + 1;
            }
        }

        return Mix.Spread(_salt ^ Mix.Spread(line)) | 0x8000_0000_0000_0000;
    }
}
