namespace ActorVmm.Runtime;

/// <summary>
/// Runs a recorded run again: it delivers what it is told, in that order, with the recorded time and answers, and decides
/// nothing itself.
/// <para>
/// What a turn asks for takes place at once; the recording knows when it was heard. So a message may lie here longer than it did
/// in the recorded run, and one that was never delivered lies until its receiver stops. Only births and stops show in a
/// fingerprint, and <see cref="FingerprintWhile"/> takes back those of turns that were still under way.
/// </para>
/// </summary>
public sealed partial class RecordedHost : SequentialHost
{
    /// <summary>Ids that a host may have given out to nobody yet: the cores of a parallel host take them by the block.</summary>
    private const int MostUnborn = 1 << 13;

    private readonly IRecording _recording;
    private readonly MailboxPool _mail = new();
    private readonly Outbox _outbox;
    private readonly Dictionary<int, Births> _births = [];
    private readonly Dictionary<int, Ghost> _ghosts = [];
    private RecordedDelivery _next;
    private bool _hasNext;
    private long _now;
    private ActorId _self;
    private int _kind;
    private int _given;

    /// <param name="options">As the recorded run was given them; who answers choices is the recording.</param>
    /// <param name="recording">What to deliver.</param>
    public RecordedHost(HostOptions options, IRecording recording)
        : base(options with { Chooser = new RecordedAnswers(recording) })
    {
        ArgumentNullException.ThrowIfNull(recording);
        _recording = recording;
        _outbox = new Outbox(new RecordedIds(this)) { Listening = options.FactListeners.Count > 0 };
    }

    public override Ticks Now => new(_now);

    /// <summary>Where the replay left the recording; null while it has not. It does not go on after that.</summary>
    public Divergence? Divergence { get; private set; }

    private protected override TurnOrigin Completing => new(_self, Turn.Number, _kind);

    /// <summary>The run so far, as it was when these turns were under way.</summary>
    /// <param name="underWay">Numbers of turns, each the latest of its actor; <see cref="SequentialHost.TurnsUnderWay"/> when it was recorded.</param>
    /// <param name="shared">State that actors share outside their own.</param>
    public Fingerprint FingerprintWhile(IReadOnlyCollection<long> underWay, IEncodable? shared = null) => While(underWay, [], () => Fingerprint(shared));

    /// <summary>Looks at the machine as it was when some of what had been asked for had not taken place.</summary>
    /// <param name="underWay">Turns of which neither births nor stops had.</param>
    /// <param name="onTheirWay">Actors that were on their way to the core where they begin their life.</param>
    /// <param name="look">Looks.</param>
    public T While<T>(IReadOnlyCollection<long> underWay, IReadOnlyCollection<ActorId> onTheirWay, Func<T> look)
    {
        ArgumentNullException.ThrowIfNull(underWay);
        ArgumentNullException.ThrowIfNull(onTheirWay);
        ArgumentNullException.ThrowIfNull(look);
        int[] unborn =
        [
            .. _births.Values.Where(births => underWay.Contains(births.Turn)).SelectMany(births => births.Children),
            .. onTheirWay.Where(id => Actors.Exists(id.Value)).Select(id => id.Value),
        ];
        KeyValuePair<int, Ghost>[] alive = [.. _ghosts.Where(ghost => underWay.Contains(ghost.Value.Turn))];
        ActorState[] states = [.. unborn.Select(id => Actors[id].State)];
        foreach (int id in unborn)
        {
            Actors[id].State = ActorState.Reserved;
        }

        foreach ((int id, Ghost ghost) in alive)
        {
            Actors[id].Actor = ghost.Actor;
        }

        T seen = look();
        for (int i = 0; i < unborn.Length; i++)
        {
            Actors[unborn[i]].State = states[i];
        }

        foreach ((int id, _) in alive)
        {
            Actors[id].Actor = null;
        }

        return seen;
    }

    private protected override RunOutcome Simulate(Ticks until, long lastTurn)
    {
        while (Turn.Number < lastTurn)
        {
            if (Divergence is not null || !(_hasNext || _recording.TryNext(out _next)))
            {
                return RunOutcome.Quiescent;
            }

            _hasNext = true;
            if (_next.Now > until)
            {
                return RunOutcome.TimeReached;
            }

            _hasNext = false;
            if (_next.IsFiring)
            {
                Fire(in _next);
            }
            else
            {
                Deliver(in _next);
            }
        }

        return RunOutcome.TurnsReached;
    }

    private void Deliver(in RecordedDelivery next)
    {
        (_self, _now) = (next.Receiver, next.Now.Value);
        if (!Actors.Exists(next.Receiver.Value) || Actors[next.Receiver].Actor is null)
        {
            Diverge(Turn.Number + 1, "a message was recorded, and the actor is not there");
            return;
        }

        int children = _recording.Births.Length;
        if (children > 0 && !AdmitChildren())
        {
            return;
        }

        ref ActorCell cell = ref Actors[next.Receiver];
        int mail = Find(ref cell, in next);
        if (mail == 0)
        {
            Diverge(Turn.Number + 1, FormattableString.Invariant($"message {next.SenderCount} of {next.Sender} was recorded, and was not sent to it"));
            return;
        }

        CountFiring(ref _mail[mail]);
        ref Delivery delivery = ref _mail[mail].Delivery;
        _kind = delivery.Kind;
        if (_recording.Differs(in delivery.Message) is { } message)
        {
            Diverge(Turn.Number + 1, message);
            return;
        }

        try
        {
            Turn.Take(next.Receiver, ref cell, ref delivery, next.Now, _outbox);
        }
        catch (ScheduleMismatchException mismatch)
        {
            Diverge(Turn.Number, mismatch.Message);
            return;
        }

        _mail.Free(mail);
        if (_recording.Differs(in cell) is { } turn)
        {
            Diverge(Turn.Number, turn);
            return;
        }

        if (children > 0 && _given < children)
        {
            Diverge(Turn.Number, FormattableString.Invariant($"it creates {_given} actors, and {children} were recorded"));
            return;
        }

        CarryOut(next.Receiver);
    }

    /// <summary>Makes room for the actors that the turn will create, because cells do not move during a turn; false when that makes no sense.</summary>
    private bool AdmitChildren()
    {
        _given = 0;
        ReadOnlySpan<ActorId> children = _recording.Births;
        long most = (long)Actors.Count + children.Length + MostUnborn;
        foreach (ActorId child in children)
        {
            if (child.Value <= 0 || child.Value >= most || Actors.Exists(child.Value))
            {
                Diverge(Turn.Number + 1, $"{child} was recorded as new, and cannot be");
                return false;
            }

            Actors.Admit(child);
        }

        return true;
    }

    /// <summary>A timer's message has gone into its owner's mailbox; it may be heard later, cancelled, or dropped.</summary>
    private void Fire(in RecordedDelivery next)
    {
        int mail = Actors.Exists(next.Receiver.Value) ? Actors[next.Receiver].MailboxHead : 0;
        while (mail != 0 && (_mail[mail].Delivery.SenderCount != next.SenderCount || _mail[mail].Timer == default))
        {
            mail = _mail[mail].Next;
        }

        if (mail == 0)
        {
            _self = next.Receiver;
            Diverge(Turn.Number + 1, FormattableString.Invariant($"timer message {next.SenderCount} was recorded as fired, and is not there"));
            return;
        }

        CountFiring(ref _mail[mail]);
    }

    private void CountFiring(ref Envelope envelope)
    {
        if (IsNotDue(in envelope))
        {
            envelope.Delivery.Now = Ticks.Zero;
            Counted.TimersFired++;
            Counted.Messages++;
        }
    }

    /// <summary>
    /// A timer's message lies in the mailbox from the start. Until it fires it is marked by a time before all times, which says
    /// when it is due.
    /// </summary>
    private static bool IsNotDue(in Envelope envelope) => envelope.Delivery.Now < Ticks.Zero;

    /// <summary>Turns the time at which a timer is due into its mark, and back.</summary>
    private static Ticks Marked(Ticks due) => new(~due.Value);

    /// <summary>The recorded message, out of the mailbox. What came from outside while the machine ran is put there now.</summary>
    private int Find(ref ActorCell cell, in RecordedDelivery next)
    {
        int mail = _mail.Take(ref cell, next.Sender, next.SenderCount);
        if (mail != 0 || !next.Sender.IsOutside || !_recording.TryMessage(out Message message))
        {
            return mail;
        }

        ref ActorCell outside = ref Actors[ActorId.Outside];
        outside.Sent = Math.Max(outside.Sent, next.SenderCount);
        Put(ref cell, ActorId.Outside, next.SenderCount, in message);
        return _mail.Take(ref cell, next.Sender, next.SenderCount);
    }

    private void CarryOut(ActorId self)
    {
        bool rare = _outbox.HasRareEffects;
        if (rare)
        {
            BearChildren(self, _outbox);
            RememberBirths(self);
        }

        ref ActorCell cell = ref Actors[self];
        foreach (ref readonly Outbox.Sent sent in _outbox.SentMessages)
        {
            Send(self, ref cell, sent.To, in sent.Message);
        }

        if (!rare)
        {
            return;
        }

        StartAndCancelTimers(self, ref cell);
        if (_outbox.Stopped)
        {
            _ghosts[self.Value] = new Ghost(Turn.Number, cell.Actor!);
            cell.State = ActorState.Stopped;
            cell.Actor = null;
            Counted.Dropped -= TimersNotDue(ref cell);
            Counted.Dropped += _mail.Empty(ref cell);
            Counted.ActorsStopped++;
        }
    }

    private int TimersNotDue(ref ActorCell cell)
    {
        int count = 0;
        for (int mail = cell.MailboxHead; mail != 0; mail = _mail[mail].Next)
        {
            count += IsNotDue(in _mail[mail]) ? 1 : 0;
        }

        return count;
    }

    private void RememberBirths(ActorId self)
    {
        if (_outbox.Births.Length > 0)
        {
            int[] children = new int[_outbox.Births.Length];
            for (int i = 0; i < children.Length; i++)
            {
                children[i] = _outbox.Births[i].Id.Value;
            }

            _births[self.Value] = new Births(Turn.Number, children);
        }
    }

    private protected override void Send(ActorId sender, ref ActorCell from, ActorId to, in Message message)
    {
        int count = unchecked(++from.Sent);
        if (to.IsOutside)
        {
            Leave(sender, in message, count);
            return;
        }

        ref ActorCell receiver = ref Actors.Receiver(sender, to, message.Kind);
        if (receiver.State == ActorState.Stopped)
        {
            Counted.Dropped++;
            return;
        }

        Put(ref receiver, sender, count, in message);
    }

    /// <summary>A timer that has not fired is a message that is not due yet, and the recording knows when it was.</summary>
    private void StartAndCancelTimers(ActorId self, ref ActorCell cell)
    {
        foreach (ref readonly Outbox.TimerStart start in _outbox.TimerStarts)
        {
            int count = unchecked(++cell.Sent);
            if (start.Delay != Ticks.Never)
            {
                Ticks due = start.Delay < Ticks.Never - Now ? Now + start.Delay : Ticks.Never;
                Put(ref cell, self, count, start.Message, start.Timer, Marked(due));
            }
        }

        foreach (TimerId timer in _outbox.TimerCancels)
        {
            _mail.Withdraw(ref cell, timer);
        }
    }

    private void Put(ref ActorCell receiver, ActorId sender, int count, in Message message, TimerId timer = default, Ticks now = default)
    {
        ref Envelope envelope = ref _mail.Put(ref receiver);
        envelope.Delivery.Message = message;
        envelope.Delivery.Sender = sender;
        envelope.Delivery.SenderCount = count;
        envelope.Delivery.Now = now;
        envelope.Timer = timer;
        Counted.Messages += timer == default ? 1 : 0;
    }

    private void Diverge(long delivery, string words) => Divergence ??= new Divergence(delivery, _self, words);

    private readonly record struct Births(long Turn, int[] Children);

    private readonly record struct Ghost(long Turn, IActor Actor);

    /// <summary>Gives the ids that were recorded.</summary>
    private sealed class RecordedIds(RecordedHost host) : IOutboxHost
    {
        public ActorId ReserveId()
        {
            ReadOnlySpan<ActorId> births = host._recording.Births;
            return births.IsEmpty ? host.Actors.Reserve()
                : host._given < births.Length ? births[host._given++]
                : throw new ScheduleMismatchException(FormattableString.Invariant($"it creates more actors than the {births.Length} that were recorded"));
        }

        public int Choose(ActorId chooser, int alternatives) => host.Turn.Choose(chooser, alternatives);
    }

    /// <summary>Gives the answers that were recorded, and no other.</summary>
    private sealed class RecordedAnswers(IRecording recording) : IChooser
    {
        public int Choose(in ChoicePoint point)
        {
            ReadOnlySpan<Choice> choices = recording.Choices;
            if (point.Index >= choices.Length)
            {
                throw new ScheduleMismatchException(FormattableString.Invariant($"it asks for a choice of {point.Alternatives}, and {choices.Length} were recorded in this turn"));
            }

            Choice choice = choices[point.Index];
            return choice.Alternatives == point.Alternatives
                ? choice.Answer
                : throw new ScheduleMismatchException(FormattableString.Invariant($"it asks for a choice of {point.Alternatives}, and one of {choice.Alternatives} was recorded"));
        }
    }
}
