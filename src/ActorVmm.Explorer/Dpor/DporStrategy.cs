using ActorVmm.Explorer.Exploring;

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
public sealed class DporStrategy : IStrategy
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

    /// <summary>Places on the path whose delivery is fixed when an execution begins.</summary>
    internal int Prefix { get; private set; }

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
            for (int depth = 0; depth < Prefix; depth++)
            {
                ref Frame frame = ref _frames[depth];
                int planned = 0;
                for (int node = frame.Pending; node != 0; node = _tree.Next(node))
                {
                    planned++;
                }

                part /= frame.Explored + 1 + planned;
                done += part * frame.Explored;
            }

            return done;
        }
    }

    /// <summary>What the search has come to, between two executions: every place with what is left to do there.</summary>
    internal IReadOnlyList<StoredFrame> SavePath()
    {
        List<StoredFrame> path = [];
        for (int depth = 0; depth < Prefix; depth++)
        {
            ref Frame frame = ref _frames[depth];
            List<StoredStep> sleeping = [];
            foreach (ref readonly Step step in _sleeping.Of(in frame))
            {
                sleeping.Add(PathStore.Of(in step));
            }

            path.Add(new StoredFrame(
                frame.Index, PathStore.Of(in frame.Taken), PathStore.PairsOf(frame.Script), frame.TriesAnswers, frame.Explored, sleeping, PathStore.Of(_tree, frame.Pending), PathStore.Of(_tree, frame.Following)));
        }

        return path;
    }

    /// <summary>Goes on where a search was saved.</summary>
    internal void RestorePath(IReadOnlyList<StoredFrame> path)
    {
        _frames = new Frame[Math.Max(path.Count, _frames.Length)];
        foreach (StoredFrame stored in path)
        {
            ref Frame frame = ref _frames[Prefix++];
            frame = new Frame
            {
                Index = stored.Index,
                Taken = PathStore.Restore(stored.Taken),
                Script = PathStore.ChoicesOf(stored.Script),
                TriesAnswers = stored.TriesAnswers,
                Explored = stored.Explored,
                Pending = PathStore.Restore(_tree, stored.Pending),
                Following = PathStore.Restore(_tree, stored.Following),
            };
            _sleeping.Restore(ref frame, [.. stored.Sleeping.Select(PathStore.Restore)]);
        }

        (_begun, _resumes) = (path.Count > 0, path.Count > 0);
    }

    public bool Begin(long execution)
    {
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

    private void ReverseRaces(bool threw)
    {
        int count = _record.Count;
        if (threw)
        {
            PlanInstead(_machine.Host);
        }
        else if (count > 0)
        {
            _frames[count - 1].Taken = _reversal.StepOf(_record, count - 1, everyAnswer: false);
        }

        _order.Compute(_record);
        for (int later = 1; later < count; later++)
        {
            int races = _order.RacesOf(later, ref _races);
            for (int race = 0; race < races; race++)
            {
                _reversal.Collect(_record, _order, _races[race], later);
                Plan(ref _frames[_races[race]]);
            }
        }

        for (int send = 0; send < _record.SendCount; send++)
        {
            int keeper = _unheard.KeptBy(_record, send);
            if (keeper >= 0)
            {
                _reversal.CollectUnheard(_record, _order, keeper, send);
                Plan(ref _frames[keeper]);
            }
        }
    }

    /// <summary>
    /// A turn threw, which ended the execution before everything was heard: whatever else was possible there is to be taken
    /// before it.
    /// </summary>
    private void PlanInstead(SteppedHost host)
    {
        ref Frame frame = ref _frames[_record.Count];
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            ref readonly PendingMessage message = ref host.Deliverable(index);
            MessageName name = NameOf(host, index);
            if (index != frame.Index && !IsPlannedOrAsleep(in frame, name))
            {
                _tree.Append(ref frame.Pending, new Step { Name = name, Receiver = host.Actors[message.To].Identity.Value, IsTimer = message.IsTimer, All = _machine.Setting.Model != DeliveryModel.Mailbox });
            }
        }

        ref readonly PendingMessage thrown = ref host.Deliverable(frame.Index);
        frame.Taken = new Step { Name = NameOf(host, frame.Index), Receiver = host.Actors[thrown.To].Identity.Value, IsTimer = thrown.IsTimer, All = true };
    }

    private bool IsPlannedOrAsleep(in Frame frame, MessageName name)
    {
        foreach (ref readonly Step asleep in _sleeping.Of(in frame))
        {
            if (asleep.Name == name)
            {
                return true;
            }
        }

        for (int node = frame.Pending; node != 0; node = _tree.Next(node))
        {
            if (_tree[node].Name == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Plans the collected sequence at a place, unless it is covered there.</summary>
    private void Plan(ref Frame frame)
    {
        foreach (ref readonly Step asleep in _sleeping.Of(in frame))
        {
            if (_reversal.CanBegin(in asleep, out _))
            {
                return;
            }
        }

        int parent = 0;
        int node = frame.Pending;
        while (node != 0)
        {
            if (!_reversal.CanBegin(in _tree[node], out int at))
            {
                node = _tree.Next(node);
                continue;
            }

            if (at >= 0)
            {
                _reversal.Remove(at);
            }

            (parent, node) = (node, _tree.FirstChild(node));
            if (node == 0)
            {
                return;
            }
        }

        for (int at = 0; at < _reversal.Count; at++)
        {
            parent = parent == 0 ? _tree.Append(ref frame.Pending, in _reversal[at]) : _tree.AppendChild(parent, in _reversal[at]);
        }
    }

    /// <summary>Leaves places with nothing left, from the deepest on.</summary>
    private bool GoBack(int from)
    {
        for (int depth = from; depth >= 0; depth--)
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

        Prefix = 0;
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
