using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Sharing;

namespace ActorVmm.Explorer.Dpor;

/// <summary>
/// What has to be taken instead at the place of a turn, so that a later turn that raced with it comes first: all turns behind
/// that place that did not need it, and then the later one.
/// </summary>
internal sealed class Reversal(DeliveryModel model)
{
    private const int WordBits = 64;

    /// <summary>Stands for the turn that would have heard an unheard message.</summary>
    private const int NoTurn = -1;

    private ulong[] _members = new ulong[1];
    private ulong[] _unheardPast = new ulong[1];
    private int[] _turns = new int[16];
    private Step[] _steps = new Step[16];
    private int _count;
    private HappensBefore? _order;

    /// <summary>What each of a sequence found elsewhere needs of it, when there is no order to ask.</summary>
    private ulong[] _needs = [];
    private int _words = 1;

    public int Count => _count;

    public ref readonly Step this[int at] => ref _steps[at];

    /// <summary>Collects the sequence.</summary>
    public void Collect(ExecutionRecord record, HappensBefore order, int earlier, int later)
    {
        Begin(record, order, earlier, later);
        Add(later, StepOf(record, later, everyAnswer: true));
    }

    /// <summary>The same for a message that nobody heard, because of a turn that raced with it.</summary>
    public void CollectUnheard(ExecutionRecord record, HappensBefore order, int keeper, in RecordedSend unheard)
    {
        Begin(record, order, keeper, NoTurn);
        Step step = new() { Name = unheard.Name, Receiver = record.IdentityOf(unheard.To), IsTimer = unheard.IsTimer, All = true };
        Array.Clear(_unheardPast);
        if (unheard.By >= 0)
        {
            order.Past(unheard.By).CopyTo(_unheardPast);
        }

        for (int at = 0; at < _count; at++)
        {
            if (Step.Conflict(in step, in _steps[at]))
            {
                _unheardPast[_turns[at] / WordBits] |= 1UL << (_turns[at] % WordBits);
            }
        }

        Add(NoTurn, step);
    }

    /// <summary>Takes a sequence that was found elsewhere.</summary>
    public void Restore(FoundRace race)
    {
        _order = null;
        _count = 0;
        _words = Math.Max(1, (race.Steps.Count + WordBits - 1) / WordBits);
        _members = new ulong[_words];
        _needs = new ulong[_words * race.Steps.Count];
        for (int at = 0; at < race.Steps.Count; at++)
        {
            foreach (int needed in race.Needs[at])
            {
                _needs[(at * _words) + (needed / WordBits)] |= 1UL << (needed % WordBits);
            }

            Add(at, PathStore.Restore(race.Steps[at]));
        }
    }

    /// <summary>The sequence as it is told elsewhere.</summary>
    /// <param name="place">How many deliveries lead to where it is to be explored from.</param>
    public FoundRace Save(int place)
    {
        StoredStep[] steps = new StoredStep[_count];
        int[][] needs = new int[_count][];
        List<int> needed = [];
        for (int at = 0; at < _count; at++)
        {
            ReadOnlySpan<ulong> past = PastOf(_turns[at]);
            needed.Clear();
            for (int before = 0; before < at; before++)
            {
                if (HappensBefore.Contains(past, _turns[before]))
                {
                    needed.Add(before);
                }
            }

            (steps[at], needs[at]) = (PathStore.Of(in _steps[at]), [.. needed]);
        }

        return new FoundRace(place, steps, needs);
    }

    /// <summary>Equal for equal sequences.</summary>
    public Fingerprint Summary(int place)
    {
        FingerprintBuilder builder = new((ulong)(uint)place);
        foreach (ref readonly Step step in _steps.AsSpan(0, _count))
        {
            builder.Add(step.Name.Sender);
            builder.Add(((ulong)(uint)step.Name.Count << 1) | (step.All ? 1UL : 0));
            foreach (Choice choice in step.Answers ?? [])
            {
                builder.Add(((ulong)(uint)choice.Alternatives << 32) | (uint)choice.Answer);
            }
        }

        return builder.Build();
    }

    private void Begin(ExecutionRecord record, HappensBefore order, int earlier, int later)
    {
        _order = order;
        _words = order.Words;
        _count = 0;
        if (_members.Length < order.Words)
        {
            _members = new ulong[order.Words];
            _unheardPast = new ulong[order.Words];
        }

        Array.Clear(_members);
        for (int turn = earlier + 1; turn < record.Count; turn++)
        {
            if (turn != later && !order.IsBefore(earlier, turn))
            {
                Add(turn, StepOf(record, turn, everyAnswer: false));
            }
        }
    }

    /// <summary>A turn of an execution as it is remembered.</summary>
    public Step StepOf(ExecutionRecord record, int turn, bool everyAnswer)
    {
        ref readonly RecordedTurn taken = ref record[turn];
        ReadOnlySpan<Choice> answers = record.AnswersOf(turn);
        bool plain = answers.IsEmpty;
        return new Step
        {
            Name = taken.Name,
            Receiver = taken.Receiver,
            IsTimer = taken.IsTimer,
            SendsTo = model == DeliveryModel.Mailbox ? ReceiversOf(record, turn) : null,
            Answers = plain || everyAnswer ? null : answers.ToArray(),
            All = plain || everyAnswer,
        };
    }

    /// <summary>
    /// Whether a delivery can come first: it is one of the sequence and needs no other of it, or it commutes with all of it.
    /// Then all that begins with the sequence can begin with the delivery too.
    /// </summary>
    /// <param name="step">The delivery.</param>
    /// <param name="at">Its place in the sequence; −1 when it is not there.</param>
    public bool CanBegin(in Step step, out int at)
    {
        at = -1;
        for (int i = 0; i < _count; i++)
        {
            if (_steps[i].Name == step.Name)
            {
                at = i;
                return Covers(in step, in _steps[i]) && NeedsNoOther(_turns[i]);
            }
        }

        if (!step.All)
        {
            return false;
        }

        for (int i = 0; i < _count; i++)
        {
            if (Step.Conflict(in step, in _steps[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes one out of the sequence.</summary>
    public void Remove(int at)
    {
        if (_turns[at] != NoTurn)
        {
            _members[_turns[at] / WordBits] &= ~(1UL << (_turns[at] % WordBits));
        }

        _count--;
        Array.Copy(_turns, at + 1, _turns, at, _count - at);
        Array.Copy(_steps, at + 1, _steps, at, _count - at);
    }

    private static bool Covers(in Step step, in Step member) =>
        step.All || (!member.All && step.HasAnswers(member.Answers));

    private bool NeedsNoOther(int turn)
    {
        ReadOnlySpan<ulong> past = PastOf(turn);
        for (int word = 0; word < past.Length; word++)
        {
            ulong needed = past[word] & _members[word];
            if (turn != NoTurn && word == turn / WordBits)
            {
                needed &= ~(1UL << (turn % WordBits));
            }

            if (needed != 0)
            {
                return false;
            }
        }

        return true;
    }

    private ReadOnlySpan<ulong> PastOf(int turn) =>
        turn == NoTurn ? _unheardPast.AsSpan(0, _words) : _order is null ? _needs.AsSpan(turn * _words, _words) : _order.Past(turn);

    private static ulong[] ReceiversOf(ExecutionRecord record, int turn)
    {
        ReadOnlySpan<RecordedSend> sends = record.SendsOf(turn);
        ulong[] receivers = new ulong[sends.Length];
        int count = 0;
        foreach (ref readonly RecordedSend send in sends)
        {
            if (!send.IsTimer)
            {
                receivers[count++] = record.IdentityOf(send.To);
            }
        }

        return count == receivers.Length ? receivers : receivers[..count];
    }

    private void Add(int turn, Step step)
    {
        if (_count == _turns.Length)
        {
            Array.Resize(ref _turns, _count * 2);
            Array.Resize(ref _steps, _count * 2);
        }

        if (turn != NoTurn)
        {
            _members[turn / WordBits] |= 1UL << (turn % WordBits);
        }

        (_turns[_count], _steps[_count]) = (turn, step);
        _count++;
    }
}
