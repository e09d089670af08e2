namespace ActorVmm.Runtime.Parallel;

/// <summary>What happened in some steps of one core, for those who listen; told later, in the order of all cores. Used again.</summary>
internal sealed class Chapter
{
    private Step[] _steps = new Step[64];
    private Entry[] _entries = new Entry[256];
    private Fact[] _facts = new Fact[256];
    private Delivery[] _left = new Delivery[4];
    private TurnCopy[] _turns = [];
    private int _stepCount;
    private int _entryCount;
    private int _factCount;
    private int _leftCount;
    private int _turnCount;

    public ReadOnlySpan<Step> Steps => _steps.AsSpan(0, _stepCount);

    public bool IsEmpty => _stepCount == 0 && _entryCount == 0;

    public bool HasOpenEntries => _entryCount > (_stepCount == 0 ? 0 : _steps[_stepCount - 1].EntriesEnd);

    /// <summary>Whether it is time to begin another.</summary>
    public bool IsFull => _stepCount >= 2_048 || _factCount >= 2_048 || _turnCount >= 512 || _leftCount >= 512;

    /// <summary>Where the next step to be told is; the reader's.</summary>
    public int Told { get; set; }

    public ref readonly Entry EntryAt(int index) => ref _entries[index];

    public ReadOnlySpan<Fact> Facts(in Entry entry) => _facts.AsSpan(entry.Start, entry.Count);

    public ref readonly Delivery LeftAt(in Entry entry) => ref _left[entry.Start];

    public TurnCopy TurnAt(in Entry entry) => _turns[entry.Start];

    public void Clear() => (_stepCount, _entryCount, _factCount, _leftCount, _turnCount, Told) = (0, 0, 0, 0, 0, 0);

    /// <summary>Forgets what belongs to no step.</summary>
    public void DropOpenEntries() => _entryCount = _stepCount == 0 ? 0 : _steps[_stepCount - 1].EntriesEnd;

    public void EndStep(long ticket, long firstTurn, long turns)
    {
        Grow(ref _steps, _stepCount);
        _steps[_stepCount++] = new Step(ticket, firstTurn, turns, _entryCount);
    }

    public void AddFacts(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        Add(new Entry(EntryKind.Facts, turn, _factCount, facts.Length));
        if (_facts.Length < _factCount + facts.Length)
        {
            Array.Resize(ref _facts, (_factCount + facts.Length) * 2);
        }

        facts.CopyTo(_facts.AsSpan(_factCount));
        _factCount += facts.Length;
    }

    public void AddLeft(in Delivery delivery)
    {
        Add(new Entry(EntryKind.Left, default, _leftCount, 1));
        Grow(ref _left, _leftCount);
        _left[_leftCount++] = delivery;
    }

    public void AddTurn(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox, IOutboxHost host)
    {
        Add(new Entry(EntryKind.Turn, turn, _turnCount, 1));
        Grow(ref _turns, _turnCount);
        TurnCopy copy = _turns[_turnCount++] ??= new TurnCopy(new Outbox(host));
        copy.Delivery = delivery;
        copy.Choices = choices.ToArray();
        copy.Outbox.CopyFrom(outbox);
    }

    private void Add(in Entry entry)
    {
        Grow(ref _entries, _entryCount);
        _entries[_entryCount++] = entry;
    }

    private static void Grow<T>(ref T[] array, int count)
    {
        if (count == array.Length)
        {
            Array.Resize(ref array, Math.Max(4, count * 2));
        }
    }

    /// <summary>One step: its place among all, the core's turns before it, its turns, and where its entries end.</summary>
    public readonly record struct Step(long Ticket, long FirstTurn, long Turns, int EntriesEnd);

    /// <summary>Something to tell; the stamp counts the core's turns.</summary>
    public readonly record struct Entry(EntryKind Kind, TurnStamp Turn, int Start, int Count);
}

/// <summary>What there is to tell.</summary>
internal enum EntryKind : byte
{
    Turn,
    Facts,
    Left,
}

/// <summary>A turn as it was, for those who are told later.</summary>
internal sealed class TurnCopy(Outbox outbox)
{
    public Delivery Delivery;
    public Choice[] Choices = [];

    public Outbox Outbox { get; } = outbox;
}
