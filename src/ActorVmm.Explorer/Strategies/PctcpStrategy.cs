namespace ActorVmm.Explorer.Strategies;

/// <summary>
/// Probabilistic concurrency testing with chain partitioning (Ozkan, Majumdar, Niksic, Tabaei Befrouei and Weissenbacher, OOPSLA
/// 2018), for message passing: what has priorities are chains of messages that caused each other. A bug that shows when d certain messages
/// are delivered in one sequence does so with probability 1/(w²·n^(d−1)) at least, with n messages of which at most w are unordered.
/// </summary>
public sealed class PctcpStrategy : IStrategy
{
    private readonly ExploredMachine _machine;
    private readonly ExecutionRecord _record;
    private readonly ChainPartition _chains = new();
    private readonly ChangePoints _changes;
    private readonly int[] _lowered;
    private readonly Dictionary<MessageName, int> _messages = [];
    private readonly Dictionary<ulong, int> _latestOfLine = [];
    private readonly List<int> _chainOf = [];
    private readonly List<ulong[]> _pasts = [];
    private readonly ulong _seed;
    private readonly int _length;
    private Dice _dice;
    private ulong _salt;
    private int _step;

    /// <param name="machine">Keeps its record.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="depth">Of the bugs looked for, from 1.</param>
    public PctcpStrategy(ExploredMachine machine, ulong seed, int depth)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        _machine = machine;
        _record = machine.Record;
        _changes = new ChangePoints(depth - 1);
        _lowered = new int[depth - 1];
        _seed = seed;
        _length = RunLength.Of(machine);
    }

    public bool Begin(long execution)
    {
        _dice = new Dice(_seed, execution);
        _salt = _dice.Next();
        _changes.Draw(ref _dice, _length);
        Array.Fill(_lowered, -1);
        _chains.Clear();
        _messages.Clear();
        _latestOfLine.Clear();
        _chainOf.Clear();
        _pasts.Clear();
        _step = 0;
        return true;
    }

    public int NextDelivery(SteppedHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        AddNew(host, host.Pending);
        AddNew(host, host.PendingTimers);
        _step++;
        for (int change = 0; change < _changes.Count; change++)
        {
            if (_changes[change] == _step)
            {
                _lowered[change] = ChainOf(host, Highest(host));
            }
        }

        return Highest(host);
    }

    public int NextNumber(in ChoicePoint point) => _dice.Below(point.Alternatives);

    private static MessageName NameOf(SteppedHost host, in PendingMessage message) =>
        new(host.Actors[message.Delivery.Sender].Identity.Value, message.Delivery.SenderCount);

    private void AddNew(SteppedHost host, ReadOnlySpan<PendingMessage> pending)
    {
        foreach (ref readonly PendingMessage message in pending)
        {
            MessageName name = NameOf(host, in message);
            if (!_messages.ContainsKey(name))
            {
                _messages[name] = _chainOf.Count;
                Add(Lines.Of(host, in message, _machine.Setting.Model), message.Delivery.Sender);
            }
        }
    }

    /// <summary>A message happened after what its sender was hearing, and after the one before it on its line.</summary>
    private void Add(ulong line, ActorId sender)
    {
        int message = _chainOf.Count;
        ulong[] past = new ulong[(message / 64) + 1];
        int cause = sender.IsOutside || _record.Count == 0 ? -1 : _messages[_record[_record.Count - 1].Name];
        Join(past, cause);
        if (_latestOfLine.TryGetValue(line, out int before))
        {
            Join(past, before);
        }

        _latestOfLine[line] = message;
        _pasts.Add(past);
        _chainOf.Add(_chains.Add(message, earlier => (past[earlier / 64] & (1UL << (earlier % 64))) != 0));
    }

    private void Join(ulong[] past, int message)
    {
        if (message < 0)
        {
            return;
        }

        ulong[] other = _pasts[message];
        for (int word = 0; word < other.Length; word++)
        {
            past[word] |= other[word];
        }

        past[message / 64] |= 1UL << (message % 64);
    }

    private int ChainOf(SteppedHost host, int index) => _chainOf[_messages[NameOf(host, in host.Deliverable(index))]];

    private int Highest(SteppedHost host)
    {
        int highest = 0;
        ulong priority = 0;
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            ulong other = PriorityOf(ChainOf(host, index));
            if (other > priority)
            {
                (highest, priority) = (index, other);
            }
        }

        return highest;
    }

    private ulong PriorityOf(int chain)
    {
        int change = Array.LastIndexOf(_lowered, chain);
        return change >= 0 ? (ulong)change + 1 : Mix.Spread(_salt ^ Mix.Spread((ulong)chain)) | 0x8000_0000_0000_0000;
    }
}
