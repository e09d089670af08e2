using ActorVmm.Explorer.Exploring;
using ActorVmm.Explorer.Sharing;

namespace ActorVmm.Explorer.Dpor;

/// <summary>
/// Optimal partial-order reduction (Abdulla, Aronis, Jonsson and Sagonas, "Optimal dynamic partial order reduction", POPL 2014, with
/// source sets, sleep sets and wakeup trees), for message passing: an event is a delivery. Every execution that differs in more
/// than the order of turns that commute is run once, and none is cut off.
/// <para>
/// 1. An execution runs to its end. 2. Each of its races, two turns that could have come in the other order, gives a sequence
/// that is to be explored from the place of the earlier one, unless something explored or planned there begins it. 3. The deepest
/// place with something left goes on.
/// </para>
/// </summary>
public sealed partial class DporStrategy : IStrategy
{
    private readonly ExploredMachine _machine;
    private readonly ExecutionRecord _record;
    private readonly HappensBefore _order;
    private readonly Reversal _reversal;
    private readonly Unheard _unheard;
    private readonly WakeupTree _tree = new();
    private readonly SleepSets _sleeping = new();
    private Frame[] _frames = new Frame[32];
    private int[] _races = new int[8];
    private int _depth;
    private int _answer;
    private bool _begun;
    private bool _cutOff;
    private bool _resumes;

    /// <param name="machine">Keeps its record.</param>
    public DporStrategy(ExploredMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (!machine.IsRecorded)
        {
            throw new ArgumentException("reversing races needs the machine's record", nameof(machine));
        }

        _machine = machine;
        _record = machine.Record;
        _order = new HappensBefore(machine.Setting.Model);
        _reversal = new Reversal(machine.Setting.Model);
        _unheard = new Unheard(_order, machine.Setting);
    }

    /// <summary>A part of a search that is shared.</summary>
    /// <param name="machine">Keeps its record.</param>
    /// <param name="part">Where it begins, and what belongs to others.</param>
    internal DporStrategy(ExploredMachine machine, SearchPart part)
        : this(machine)
    {
        RestorePath(part.Path);
        Shared = part.Shared;
    }

    /// <summary>Places on the path whose delivery is fixed when an execution begins.</summary>
    internal int Prefix { get; private set; }

    /// <summary>How many places at the beginning of the path belong to others: sequences for them are told, not planned.</summary>
    internal int Shared { get; private set; }

    /// <summary>Asks that places be given away when the next execution begins, if there are any with something left.</summary>
    internal bool Sheds { get; set; }

    /// <summary>The places that were given away when the latest execution began, until they are taken.</summary>
    internal IReadOnlyList<StoredFrame> Shed { get; set; } = [];

    /// <summary>What is taken at a place.</summary>
    internal StoredStep TakenAt(int place) => PathStore.Of(in _frames[place].Taken);

    /// <summary>
    /// The part of the search that is behind us, from 0 to 1, if what is known to be left were all: each place shares its part
    /// out evenly among what has been explored there, what is under way and what is planned. Early in a search it is too
    /// large, because plans are still to be made.
    /// </summary>
    public double Progress
    {
        get
        {
            double done = 0;
            double part = 1;
            for (int depth = Shared; depth < Prefix; depth++)
            {
                ref Frame frame = ref _frames[depth];
                part /= frame.Explored + 1 + _tree.CountOf(frame.Pending);
                done += part * frame.Explored;
            }

            return done;
        }
    }

    public bool Begin(long execution)
    {
        Shed = [];
        if (_resumes)
        {
            _resumes = false;
            return true;
        }

        if (!_begun)
        {
            _begun = true;
            return true;
        }

        bool threw = _machine.Turns > _record.Count;
        int deepest = threw || _cutOff ? _record.Count : _record.Count - 1;
        if (!_cutOff)
        {
            ReverseRaces(threw);
        }

        if (Sheds && !_cutOff)
        {
            Shed = ShedPlaces(deepest);
            Sheds = false;
        }

        _cutOff = false;
        return GoBack(deepest);
    }

    public int NextDelivery(SteppedHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        int depth = _record.Count;
        _answer = 0;
        _depth = depth;
        if (depth >= Prefix)
        {
            return GoOn(host, depth);
        }

        ref Frame frame = ref _frames[depth];
        if (frame.Index < 0)
        {
            frame.Index = IndexOf(host, frame.Taken.Name);
            _cutOff = frame.Index < 0;
        }

        return frame.Index;
    }

    public int NextNumber(in ChoicePoint point)
    {
        Choice[] script = _frames[_depth].Script;
        return _answer < script.Length ? script[_answer++].Answer : 0;
    }

    /// <summary>Comes to a place for the first time: what is planned goes first, otherwise the oldest message that need not sleep.</summary>
    private int GoOn(SteppedHost host, int depth)
    {
        if (depth >= _frames.Length)
        {
            Array.Resize(ref _frames, depth * 2);
        }

        ref Frame frame = ref _frames[depth];
        frame = default;
        frame.Script = [];
        if (depth > 0)
        {
            ref Frame before = ref _frames[depth - 1];
            before.Taken = _reversal.StepOf(_record, depth - 1, everyAnswer: false);
            _sleeping.Inherit(in before, in before.Taken, ref frame);
            frame.Pending = before.Following;
            before.Following = 0;
        }

        if (frame.Pending != 0)
        {
            TakePlanned(ref frame);
            frame.Index = IndexOf(host, frame.Taken.Name);
            _cutOff = frame.Index < 0;
            return frame.Index;
        }

        frame.TriesAnswers = true;
        frame.Index = FindAwake(host, ref frame);
        _cutOff = frame.Index < 0;
        return frame.Index;
    }

    private void TakePlanned(ref Frame frame)
    {
        frame.Taken = _tree.TakeFirst(ref frame.Pending, out frame.Following);
        frame.TriesAnswers = frame.Taken.Answers is null;
        frame.Script = frame.Taken.Answers ?? [];
        frame.Index = -1;
        if (frame.TriesAnswers)
        {
            frame.Script = Answers.FirstAwake(_sleeping.Of(in frame), frame.Taken.Name, []) ?? [];
        }
    }

    private int FindAwake(SteppedHost host, ref Frame frame)
    {
        ReadOnlySpan<Step> sleeping = _sleeping.Of(in frame);
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            MessageName name = NameOf(host, index);
            if (Answers.FirstAwake(sleeping, name, []) is { } script)
            {
                frame.Script = script;
                return index;
            }
        }

        return -1;
    }

    /// <summary>Where a planned delivery is. Its message is on its way, because all it needs has been delivered as planned; −1 when it is not.</summary>
    private static int IndexOf(SteppedHost host, MessageName name)
    {
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            if (NameOf(host, index) == name)
            {
                return index;
            }
        }

        return -1;
    }

    private static MessageName NameOf(SteppedHost host, int index)
    {
        ref readonly PendingMessage message = ref host.Deliverable(index);
        return new MessageName(host.Actors[message.Delivery.Sender].Identity.Value, message.Delivery.SenderCount);
    }

    /// <summary>Leaves places with nothing left, from the deepest on.</summary>
    private bool GoBack(int from)
    {
        for (int depth = from; depth >= Shared; depth--)
        {
            ref Frame frame = ref _frames[depth];
            frame.Explored++;
            _sleeping.Add(ref frame, in frame.Taken);
            if (TryNextAnswers(ref frame))
            {
                Prefix = depth + 1;
                return true;
            }

            if (frame.Pending != 0)
            {
                TakePlanned(ref frame);
                Prefix = depth + 1;
                return true;
            }
        }

        Prefix = Shared;
        return false;
    }

    private bool TryNextAnswers(ref Frame frame)
    {
        if (!frame.TriesAnswers || frame.Taken.Answers is not { } answers)
        {
            return false;
        }

        if (Answers.After(answers) is { } next && Answers.FirstAwake(_sleeping.Of(in frame), frame.Taken.Name, next) is { } script)
        {
            frame.Script = script;
            return true;
        }

        _sleeping.CoverAll(in frame, frame.Taken.Name);
        return false;
    }
}
