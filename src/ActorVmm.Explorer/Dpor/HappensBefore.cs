namespace ActorVmm.Explorer.Dpor;

/// <summary>
/// Which turns of an execution happened before which: turns of one actor in their order, a send before what hears it, and where
/// arrival is decided at the send (<see cref="DeliveryModel.Mailbox"/>) turns that send to one receiver in theirs.
/// </summary>
internal sealed class HappensBefore(DeliveryModel model)
{
    private const int WordBits = 64;

    private readonly SendKnowledge? _known = model == DeliveryModel.Causal ? new SendKnowledge() : null;
    private ExecutionRecord _record = new();
    private ulong[] _pasts = new ulong[64];
    private int[] _latestTo = new int[16];
    private int[] _direct = new int[32];
    private int[] _firstDirect = new int[33];
    private int _directCount;
    private int _latestTimer;

    /// <summary>Words in a set of turns.</summary>
    public int Words { get; private set; } = 1;

    /// <summary>Reads an execution.</summary>
    /// <param name="record">Valid until the next execution begins.</param>
    public void Compute(ExecutionRecord record)
    {
        _record = record;
        Words = Math.Max(1, (record.Count + WordBits - 1) / WordBits);
        if (_pasts.Length < Words * record.Count)
        {
            _pasts = new ulong[Words * record.Count * 2];
        }

        if (_firstDirect.Length <= record.Count)
        {
            _firstDirect = new int[(record.Count * 2) + 1];
        }

        Array.Fill(_latestTo, -1);
        _latestTimer = -1;
        _directCount = 0;
        for (int turn = 0; turn < record.Count; turn++)
        {
            _firstDirect[turn] = _directCount;
            FindDirect(turn);
            _firstDirect[turn + 1] = _directCount;
            Span<ulong> past = Row(turn);
            past.Clear();
            foreach (int before in DirectOf(turn))
            {
                Join(past, Row(before));
            }

            past[turn / WordBits] |= 1UL << (turn % WordBits);
            Remember(turn);
        }

        _known?.Compute(record);
    }

    /// <summary>All turns that happened before one, itself included.</summary>
    public ReadOnlySpan<ulong> Past(int turn) => Row(turn);

    public bool IsBefore(int earlier, int later) => Contains(Row(later), earlier);

    public static bool Contains(ReadOnlySpan<ulong> set, int turn) => (set[turn / WordBits] & (1UL << (turn % WordBits))) != 0;

    /// <summary>
    /// The turns that raced with this one and could have come after it: both were possible, nothing ordered them but the order
    /// in which they were taken.
    /// </summary>
    /// <param name="turn">The later turn.</param>
    /// <param name="into">Filled with the earlier ones.</param>
    /// <returns>How many there are.</returns>
    public int RacesOf(int turn, ref int[] into)
    {
        int count = 0;
        foreach (int earlier in DirectOf(turn))
        {
            if (IsRace(earlier, turn))
            {
                Add(ref into, ref count, earlier);
            }
        }

        return count;
    }

    /// <summary>Whether the delivery model makes the earlier of two messages to one receiver arrive first whatever else happens.</summary>
    public bool MustPrecede(int earlier, int later)
    {
        ref readonly RecordedTurn first = ref _record[earlier];
        ref readonly RecordedTurn second = ref _record[later];
        return !first.IsTimer && !second.IsTimer && model switch
        {
            DeliveryModel.Bag => false,
            DeliveryModel.Mailbox => true,
            DeliveryModel.Fifo => first.Sender == second.Sender,
            DeliveryModel.Causal => first.Sender == second.Sender || _known!.Knows(in second, in first),
        };
    }

    /// <summary>The same of a message that nobody heard.</summary>
    public bool MustPrecede(int earlier, in RecordedSend unheard)
    {
        ref readonly RecordedTurn first = ref _record[earlier];
        bool sameSender = first.Name.Sender == unheard.Name.Sender;
        return !first.IsTimer && model switch
        {
            DeliveryModel.Bag => false,
            DeliveryModel.Mailbox => true,
            DeliveryModel.Fifo => sameSender,
            DeliveryModel.Causal => sameSender || (unheard.By >= 0 && _known!.Knows(unheard.By, in first)),
        };
    }

    private bool IsRace(int earlier, int later)
    {
        ref readonly RecordedTurn first = ref _record[earlier];
        ref readonly RecordedTurn second = ref _record[later];
        if (second.Cause >= 0 && IsBefore(earlier, second.Cause))
        {
            return false;
        }

        foreach (int between in DirectOf(later))
        {
            if (between != earlier && IsBefore(earlier, between))
            {
                return false;
            }
        }

        return first.Actor != second.Actor || !MustPrecede(earlier, later);
    }

    /// <summary>Adds the turns that directly happened before one.</summary>
    private void FindDirect(int turn)
    {
        ref readonly RecordedTurn taken = ref _record[turn];
        AddDirect(turn, taken.Cause);
        AddDirect(turn, taken.Previous);
        if (taken.IsTimer)
        {
            AddDirect(turn, _latestTimer);
        }

        if (model == DeliveryModel.Mailbox)
        {
            foreach (ref readonly RecordedSend send in _record.SendsOf(turn))
            {
                if (!send.IsTimer)
                {
                    AddDirect(turn, LatestTo(send.To));
                }
            }
        }
    }

    private void Remember(int turn)
    {
        if (_record[turn].IsTimer)
        {
            _latestTimer = turn;
        }

        if (model == DeliveryModel.Mailbox)
        {
            foreach (ref readonly RecordedSend send in _record.SendsOf(turn))
            {
                if (!send.IsTimer)
                {
                    LatestTo(send.To) = turn;
                }
            }
        }
    }

    private ref int LatestTo(ActorId actor)
    {
        if (actor.Value >= _latestTo.Length)
        {
            int length = _latestTo.Length;
            Array.Resize(ref _latestTo, Math.Max(actor.Value + 1, length * 2));
            _latestTo.AsSpan(length).Fill(-1);
        }

        return ref _latestTo[actor.Value];
    }

    private void AddDirect(int turn, int before)
    {
        if (before >= 0 && _direct.AsSpan(_firstDirect[turn], _directCount - _firstDirect[turn]).IndexOf(before) < 0)
        {
            Add(ref _direct, ref _directCount, before);
        }
    }

    private ReadOnlySpan<int> DirectOf(int turn) => _direct.AsSpan(_firstDirect[turn], _firstDirect[turn + 1] - _firstDirect[turn]);

    private Span<ulong> Row(int turn) => _pasts.AsSpan(turn * Words, Words);

    private static void Join(Span<ulong> into, ReadOnlySpan<ulong> from)
    {
        for (int word = 0; word < into.Length; word++)
        {
            into[word] |= from[word];
        }
    }

    private static void Add(ref int[] array, ref int count, int value)
    {
        if (count == array.Length)
        {
            Array.Resize(ref array, count * 2);
        }

        array[count++] = value;
    }
}
