namespace ActorVmm.Explorer.Strategies;

/// <summary>
/// Delay bounding (Emmi, Qadeer and Rakamarić, POPL 2011): the oldest message goes first, but at a few random steps the one
/// whose turn it would be is put behind all others.
/// </summary>
public sealed class DelayStrategy : IStrategy
{
    private readonly ChangePoints _delays;
    private readonly MessageName[] _delayed;
    private readonly ulong _seed;
    private readonly int _length;
    private Dice _dice;
    private int _delayedCount;
    private int _step;

    /// <param name="machine">Shows how long executions are.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="delays">Delays in one execution, from 0.</param>
    public DelayStrategy(ExploredMachine machine, ulong seed, int delays)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _delays = new ChangePoints(delays);
        _delayed = new MessageName[delays];
        _seed = seed;
        _length = RunLength.Of(machine);
    }

    public bool Begin(long execution)
    {
        _dice = new Dice(_seed, execution);
        _delays.Draw(ref _dice, _length);
        _delayedCount = 0;
        _step = 0;
        return true;
    }

    public int NextDelivery(SteppedHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _step++;
        for (int delay = 0; delay < _delays.Count; delay++)
        {
            if (_delays[delay] == _step)
            {
                _delayed[_delayedCount++] = NameOf(host, First(host));
            }
        }

        return First(host);
    }

    public int NextNumber(in ChoicePoint point) => _dice.Below(point.Alternatives);

    /// <summary>The oldest that was not delayed; when all were, the one delayed longest ago.</summary>
    private int First(SteppedHost host)
    {
        int first = 0;
        int rank = int.MaxValue;
        for (int index = 0; index < host.DeliverableCount && rank >= 0; index++)
        {
            int other = _delayed.AsSpan(0, _delayedCount).LastIndexOf(NameOf(host, index));
            if (other < rank)
            {
                (first, rank) = (index, other);
            }
        }

        return first;
    }

    private static MessageName NameOf(SteppedHost host, int index)
    {
        ref readonly PendingMessage message = ref host.Deliverable(index);
        return new MessageName(host.Actors[message.Delivery.Sender].Identity.Value, message.Delivery.SenderCount);
    }
}
