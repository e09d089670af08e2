namespace ActorVmm.Explorer;

/// <summary>
/// One execution as a graph: its turns in order, what each heard and sent, and which turn caused which. Kept in flat arrays that
/// are used again.
/// </summary>
public sealed class ExecutionRecord : ITurnListener
{
    private ActorTable? _actors;
    private RecordedTurn[] _turns = new RecordedTurn[32];
    private RecordedSend[] _sends = new RecordedSend[32];
    private Choice[] _answers = new Choice[4];
    private Life[] _lives = new Life[16];
    private int _epoch;
    private int _answerCount;
    private RecordedSend[] _starts = [];
    private int _startsHeard;

    /// <summary>Turns so far.</summary>
    public int Count { get; private set; }

    /// <summary>Messages sent and timers started so far, those that no turn has heard included.</summary>
    public int SendCount { get; private set; }

    public ref readonly RecordedTurn this[int turn] => ref _turns[turn];

    /// <summary>What a turn sent, in order.</summary>
    public ReadOnlySpan<RecordedSend> SendsOf(int turn) => _sends.AsSpan(_turns[turn].FirstSend, _turns[turn].SendCount);

    /// <summary>Everything that was sent, in order.</summary>
    public ReadOnlySpan<RecordedSend> Sends => _sends.AsSpan(0, SendCount);

    /// <summary>What was on its way at the beginning, in order.</summary>
    public ReadOnlySpan<RecordedSend> Starts => _starts;

    /// <summary>All of that has been heard.</summary>
    internal bool AllStartsHeard => _startsHeard == _starts.Length;

    /// <summary>The answers that a turn was given.</summary>
    public ReadOnlySpan<Choice> AnswersOf(int turn) => _answers.AsSpan(_turns[turn].FirstAnswer, _turns[turn].AnswerCount);

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        ActorTable actors = _actors!;
        if (Count == _turns.Length)
        {
            Array.Resize(ref _turns, Count * 2);
        }

        ref Life life = ref LifeOf(turn.Actor);
        ref RecordedTurn taken = ref _turns[Count];
        taken.Actor = turn.Actor;
        taken.Receiver = actors[turn.Actor].Identity.Value;
        taken.Name = new MessageName(actors[delivery.Sender].Identity.Value, delivery.SenderCount);
        taken.Sender = delivery.Sender;
        taken.Kind = delivery.Kind;
        taken.Previous = life.LatestTurn;
        int send = SendOf(delivery.Sender, delivery.SenderCount);
        taken.Send = send;
        taken.Cause = send < 0 ? -1 : _sends[send].By;
        taken.IsTimer = send >= 0 && _sends[send].IsTimer;
        if (send >= 0)
        {
            _sends[send].HeardIn = Count;
        }
        else
        {
            HearStart(taken.Name);
        }

        taken.FirstAnswer = _answerCount;
        taken.AnswerCount = choices.Length;
        foreach (Choice choice in choices)
        {
            Add(ref _answers, ref _answerCount, choice);
        }

        life.LatestTurn = Count;
        taken.FirstSend = SendCount;
        AddSends(ref life, turn.Actor, outbox);
        taken.SendCount = SendCount - taken.FirstSend;
        Count++;
    }

    /// <summary>Who an actor is on every host.</summary>
    internal ulong IdentityOf(ActorId actor) => _actors![actor].Identity.Value;

    /// <summary>Names the machine whose turns are heard, in its first state.</summary>
    internal void Watch(SteppedHost host)
    {
        _actors = host.Actors;
        _starts = new RecordedSend[host.Pending.Length];
        for (int at = 0; at < _starts.Length; at++)
        {
            ref readonly PendingMessage message = ref host.Pending[at];
            MessageName name = new(_actors[message.Delivery.Sender].Identity.Value, message.Delivery.SenderCount);
            _starts[at] = new RecordedSend { Name = name, To = message.To, Kind = message.Delivery.Kind, By = -1, HeardIn = -1, CancelledIn = -1 };
        }
    }

    /// <summary>Forgets everything.</summary>
    internal void Begin()
    {
        _epoch++;
        _startsHeard = 0;
        foreach (ref RecordedSend start in _starts.AsSpan())
        {
            start.HeardIn = -1;
        }

        Count = 0;
        SendCount = 0;
        _answerCount = 0;
    }

    /// <summary>The latest turn of an actor; −1 when it has taken none.</summary>
    internal int LatestTurnOf(ActorId actor) => actor.Value < _lives.Length && _lives[actor.Value].Epoch == _epoch ? _lives[actor.Value].LatestTurn : -1;

    private void HearStart(MessageName name)
    {
        foreach (ref RecordedSend start in _starts.AsSpan())
        {
            if (start.HeardIn < 0 && start.Name == name)
            {
                start.HeardIn = Count;
                _startsHeard++;
                return;
            }
        }
    }

    private void AddSends(ref Life life, ActorId self, Outbox outbox)
    {
        foreach (ref readonly Outbox.Sent sent in outbox.SentMessages)
        {
            AddSend(ref life, self, sent.To, sent.Message.Kind, default);
        }

        if (outbox.HasRareEffects)
        {
            foreach (ref readonly Outbox.TimerStart start in outbox.TimerStarts)
            {
                AddSend(ref life, self, start.Delay == Ticks.Never ? ActorId.Outside : self, start.Message.Kind, start.Timer);
            }

            foreach (TimerId timer in outbox.TimerCancels)
            {
                Cancel(self, timer);
            }
        }
    }

    private void Cancel(ActorId self, TimerId timer)
    {
        foreach (ref RecordedSend send in _sends.AsSpan(0, SendCount))
        {
            if (send.To == self && send.Timer == timer && send.HeardIn < 0 && send.CancelledIn < 0)
            {
                send.CancelledIn = Count;
            }
        }
    }

    private void AddSend(ref Life life, ActorId self, ActorId to, int kind, TimerId timer)
    {
        Add(ref life.Sends, ref life.SendCount, SendCount);
        int count = life.FirstCount + life.SendCount;
        RecordedSend send = new() { To = to, By = Count, Kind = kind, IsTimer = timer != default, Timer = timer, HeardIn = -1, CancelledIn = -1, Name = new MessageName(_actors![self].Identity.Value, count) };
        int at = SendCount;
        Add(ref _sends, ref at, send);
        SendCount = at;
    }

    /// <summary>Which of the sends a message is; −1 for one that was on its way at the beginning.</summary>
    private int SendOf(ActorId sender, int count)
    {
        if (sender.Value >= _lives.Length || _lives[sender.Value].Epoch != _epoch)
        {
            return -1;
        }

        ref Life life = ref _lives[sender.Value];
        int at = count - life.FirstCount - 1;
        return at < 0 || sender.IsOutside ? -1 : life.Sends[at];
    }

    private ref Life LifeOf(ActorId actor)
    {
        if (actor.Value >= _lives.Length)
        {
            Array.Resize(ref _lives, Math.Max(actor.Value + 1, _lives.Length * 2));
        }

        ref Life life = ref _lives[actor.Value];
        if (life.Epoch != _epoch)
        {
            life.Epoch = _epoch;
            life.LatestTurn = -1;
            life.SendCount = 0;
            life.FirstCount = _actors![actor].Sent;
            life.Sends ??= new int[4];
        }

        return ref life;
    }

    private static void Add<T>(ref T[] array, ref int count, in T value)
    {
        if (count == array.Length)
        {
            Array.Resize(ref array, count * 2);
        }

        array[count++] = value;
    }

    /// <summary>What is known of one actor in this execution.</summary>
    private struct Life
    {
        public int Epoch;
        public int LatestTurn;
        public int FirstCount;
        public int[] Sends;
        public int SendCount;
    }
}
