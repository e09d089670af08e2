namespace ActorVmm.Runtime;

/// <summary>
/// A machine without time, driven from outside one delivery at a time: it lists what may be delivered next, delivers what its
/// caller picks, and records the picks as a <see cref="Schedule"/>. A timer may fire at any point, but in all at most
/// <see cref="SteppedOptions.TimerFirings"/> times.
/// <para>
/// Deliverables are numbered: messages in the order in which they were sent, then timers in the order in which they were
/// started. Number 0 is always the oldest, so a schedule of zeros is the run in which nothing overtakes anything.
/// </para>
/// </summary>
public sealed class SteppedHost : SequentialHost
{
    private readonly PendingMessages _messages;
    private readonly Outbox _outbox;
    private readonly Director _director;
    private readonly StateHasher _hasher = new();
    private readonly int _timerFirings;
    private PendingMessage[] _timers = new PendingMessage[4];
    private int _timerCount;
    private int _timersFired;
    private int[] _deliverable = new int[16];
    private int _deliverableCount;
    private bool _listed;
    private int _kind;

    public SteppedHost(SteppedOptions options)
        : this(options, new Director(options))
    {
    }

    private SteppedHost(SteppedOptions options, Director director)
        : base(options with { Chooser = director })
    {
        _director = director;
        _timerFirings = options.TimerFirings;
        _messages = new PendingMessages(options.Model);
        _outbox = Turn.NewOutbox();
    }

    /// <summary>Always zero: there is no time.</summary>
    public override Ticks Now => Ticks.Zero;

    /// <summary>How many deliveries are possible now; 0 when the execution has ended.</summary>
    public int DeliverableCount
    {
        get
        {
            List();
            return _deliverableCount;
        }
    }

    /// <summary>All messages on their way, deliverable or not, in the order in which they were sent.</summary>
    public ReadOnlySpan<PendingMessage> Pending => _messages.All;

    /// <summary>All timers that were started and neither fired nor cancelled, in the order in which they were started.</summary>
    public ReadOnlySpan<PendingMessage> PendingTimers => _timers.AsSpan(0, _timerCount);

    /// <summary>Everything picked and chosen since the machine was built.</summary>
    public Schedule Recorded => _director.Recorded;

    private protected override TurnOrigin Completing => new(_outbox.Self, Turn.Number, _kind);

    /// <summary>What delivery number <paramref name="index"/> would be.</summary>
    public ref readonly PendingMessage Deliverable(int index)
    {
        RefuseBeyond(index);
        int at = _deliverable[index];
        return ref at >= 0 ? ref _messages[at] : ref _timers[~at];
    }

    /// <summary>Delivers number <paramref name="index"/> of the deliverables and takes the turn.</summary>
    /// <exception cref="MachineStoppedException">The turn threw.</exception>
    public void Deliver(int index)
    {
        RefuseBeyond(index);
        Enter();
        try
        {
            Step(index);
        }
        catch (Exception cause) when (cause is not ScheduleMismatchException && !Turn.Telling)
        {
            throw Stopping(cause);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Takes the steps of a schedule, which stays where it ends; picks and choices come from it.</summary>
    /// <exception cref="ScheduleMismatchException">It was recorded on another machine. Restore this one before going on.</exception>
    public void Replay(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        _director.Follow(schedule);
        try
        {
            while (_director.TryNext(DeliverableCount, out int index))
            {
                Deliver(index);
            }
        }
        finally
        {
            _director.Follow(null);
        }
    }

    /// <summary>
    /// What can still happen, whatever has: the state of every actor and all messages on their way, as far as their order
    /// matters. Two executions that meet in one state have the same futures.
    /// </summary>
    public Fingerprint StateFingerprint(IEncodable? shared = null) =>
        MachineState.Of(_hasher, this, shared, _messages, _timerFirings - _timersFired);

    /// <inheritdoc/>
    public override void ListPending(ICollection<PendingDelivery> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        foreach (PendingMessage message in Pending)
        {
            into.Add(new PendingDelivery(PendingPlace.Mailbox, message.To, message.Delivery.Sender, message.Delivery.SenderCount, Now, message.Delivery.Message));
        }

        foreach (PendingMessage timer in PendingTimers)
        {
            into.Add(new PendingDelivery(PendingPlace.Timer, timer.To, timer.To, timer.Delivery.SenderCount, Ticks.Never, timer.Delivery.Message) { Timer = timer.Timer });
        }
    }

    private protected override RunOutcome Simulate(Ticks until, long lastTurn)
    {
        while (DeliverableCount > 0)
        {
            if (Turn.Number >= lastTurn)
            {
                return RunOutcome.TurnsReached;
            }

            Step(0);
        }

        return RunOutcome.Quiescent;
    }

    private protected override void Send(ActorId sender, ref ActorCell from, ActorId to, in Message message)
    {
        int count = unchecked(++from.Sent);
        if (to.IsOutside)
        {
            Leave(sender, in message, count);
            return;
        }

        if (Actors.Receiver(sender, to, message.Kind).State == ActorState.Stopped)
        {
            Counted.Dropped++;
            return;
        }

        ref PendingMessage pending = ref _messages.Add(sender, count, to);
        pending.Delivery.Message = message;
        _listed = false;
        Counted.Messages++;
    }

    private protected override void Born(ActorId creator, ActorId id, IActor actor, Role role, ActorIdentity identity)
    {
        base.Born(creator, id, actor, role, identity);
        _messages.Born(creator, id);
    }

    private protected override void EncodeSchedule(StateCodec codec, MachineSnapshot snapshot)
    {
        _listed = false;
        _messages.Encode(codec);
        codec.Values("timers", ref _timers, ref _timerCount);
        codec.Field("timersFired", ref _timersFired);
        _director.Encode(codec);
    }

    private void Step(int index)
    {
        _director.Record(index);
        int at = _deliverable[index];
        _listed = false;
        if (at >= 0)
        {
            ActorId receiver = TakeTurn(ref _messages[at]);
            _messages.Delivered(at);
            CarryOut(receiver);
        }
        else
        {
            _timersFired++;
            Counted.TimersFired++;
            Counted.Messages++;
            ActorId owner = TakeTurn(ref _timers[~at]);
            RemoveTimer(~at);
            CarryOut(owner);
        }
    }

    /// <summary>The message is handled where it lies; what the turn asks for has not happened yet, so nothing moves meanwhile.</summary>
    private ActorId TakeTurn(ref PendingMessage message)
    {
        _kind = message.Delivery.Kind;
        Turn.Take(message.To, ref Actors[message.To], ref message.Delivery, Ticks.Zero, _outbox);
        return message.To;
    }

    private void CarryOut(ActorId self)
    {
        bool rare = _outbox.HasRareEffects;
        if (rare)
        {
            BearChildren(self, _outbox);
        }

        ref ActorCell cell = ref Actors[self];
        foreach (ref readonly Outbox.Sent sent in _outbox.SentMessages)
        {
            Send(self, ref cell, sent.To, in sent.Message);
        }

        if (rare)
        {
            StartAndCancelTimers(self, ref cell);
        }

        if (_outbox.Stopped)
        {
            Retire(self, ref cell);
        }
    }

    private void StartAndCancelTimers(ActorId self, ref ActorCell cell)
    {
        foreach (ref readonly Outbox.TimerStart start in _outbox.TimerStarts)
        {
            int count = unchecked(++cell.Sent);
            if (start.Delay == Ticks.Never)
            {
                continue;
            }

            if (_timerCount == _timers.Length)
            {
                Array.Resize(ref _timers, _timerCount * 2);
            }

            ref PendingMessage timer = ref _timers[_timerCount++];
            timer = new PendingMessage { To = self, Timer = start.Timer };
            timer.Delivery.Message = start.Message;
            timer.Delivery.Sender = self;
            timer.Delivery.SenderCount = count;
        }

        foreach (TimerId timer in _outbox.TimerCancels)
        {
            for (int at = _timerCount - 1; at >= 0; at--)
            {
                if (_timers[at].To == self && _timers[at].Timer == timer)
                {
                    RemoveTimer(at);
                }
            }
        }
    }

    private void RemoveTimer(int at) => Array.Copy(_timers, at + 1, _timers, at, --_timerCount - at);

    private void Retire(ActorId self, ref ActorCell cell)
    {
        cell.State = ActorState.Stopped;
        cell.Actor = null;
        Counted.ActorsStopped++;
        Counted.Dropped += _messages.DropAll(self);
        for (int at = _timerCount - 1; at >= 0; at--)
        {
            if (_timers[at].To == self)
            {
                RemoveTimer(at);
            }
        }
    }

    private void List()
    {
        if (_listed)
        {
            return;
        }

        _listed = true;
        _deliverableCount = 0;
        ReadOnlySpan<PendingMessage> messages = _messages.All;
        if (_deliverable.Length < messages.Length + _timerCount)
        {
            _deliverable = new int[(messages.Length + _timerCount) * 2];
        }

        for (int at = 0; at < messages.Length; at++)
        {
            if (!messages[at].Blocked)
            {
                _deliverable[_deliverableCount++] = at;
            }
        }

        for (int at = 0; at < _timerCount && _timersFired < _timerFirings; at++)
        {
            _deliverable[_deliverableCount++] = ~at;
        }
    }

    private void RefuseBeyond(int index) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)DeliverableCount, nameof(index));
}
