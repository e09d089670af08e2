using System.Numerics;

namespace ActorVmm.Runtime;

/// <summary>
/// Discrete-event simulation of a computer with 1 to 64 virtual processors; every run with the same inputs is the same run.
/// <para>
/// 1. A free processor takes the actor that has waited longest at the highest priority; a device needs no processor.
/// 2. The turn is run at once, at its start; what it asks for is held.
/// 3. When its cost has passed — at least one tick, so that time always goes forward — its messages enter mailboxes in order,
///    its children exist, and its timers start. Turns that end at the same time do so in the order in which they began,
///    and before timers that are due then.
/// 4. When everything of that time has happened, free processors choose again. When nothing is left, time has jumped to the
///    last event and the machine is quiescent.
/// </para>
/// </summary>
public sealed class DeterministicHost : SequentialHost
{
    public const int MostProcessors = 64;

    /// <summary>What a turn costs that spends nothing.</summary>
    public static readonly Ticks MinimumCost = new(1);

    private readonly MailboxPool _mail = new();
    private readonly ReadyQueues _ready = new();
    private readonly TimerHeap _timers = new();
    private readonly Agenda _agenda = new();
    private readonly Lane[] _processors;
    private readonly Stack<Lane> _idleDevices = new();
    private readonly Queue<int> _readyDevices = new();
    private ulong _freeProcessors;
    private long _now;
    private Lane _completing;

    public DeterministicHost()
        : this(new HostOptions())
    {
    }

    public DeterministicHost(HostOptions options)
        : base(options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Processors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Processors, MostProcessors, nameof(options));
        _processors = new Lane[options.Processors];
        for (int i = 0; i < _processors.Length; i++)
        {
            _processors[i] = new Lane(i, Turn.NewOutbox());
        }

        _freeProcessors = AllProcessors;
        _completing = _processors[0];
    }

    public override Ticks Now => new(_now);

    public override IReadOnlyList<long> TurnsUnderWay => _agenda.Turns;

    private protected override TurnOrigin Completing => new(_completing.Outbox.Self, _completing.Turn, _completing.Kind);

    private ulong AllProcessors => ulong.MaxValue >> (MostProcessors - _processors.Length);

    /// <inheritdoc/>
    public override void ListPending(ICollection<PendingDelivery> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        _mail.List(Actors, Now, into);
        _agenda.List(into);
        _timers.List(into);
    }

    private protected override RunOutcome Simulate(Ticks until, long lastTurn)
    {
        long end = until.Value;
        if (end < _now)
        {
            return RunOutcome.TimeReached;
        }

        while (true)
        {
            if (!Dispatch(lastTurn))
            {
                return RunOutcome.TurnsReached;
            }

            long next = Math.Min(_agenda.Earliest, _timers.Earliest.Value);
            if (next == long.MaxValue)
            {
                return RunOutcome.Quiescent;
            }

            if (next > end)
            {
                _now = end;
                return RunOutcome.TimeReached;
            }

            _now = next;
            while (_agenda.Earliest == next)
            {
                Complete(_agenda.Take());
            }

            while (_timers.Earliest.Value == next)
            {
                Fire();
            }
        }
    }

    /// <summary>Begins every turn that can begin now; false when the last allowed turn has been taken before that was done.</summary>
    private bool Dispatch(long lastTurn)
    {
        while (_readyDevices.Count > 0)
        {
            if (Turn.Number >= lastTurn)
            {
                return false;
            }

            Begin(_readyDevices.Dequeue(), IdleDevice());
        }

        while (_freeProcessors != 0 && !_ready.IsEmpty)
        {
            if (Turn.Number >= lastTurn)
            {
                return false;
            }

            int processor = BitOperations.TrailingZeroCount(_freeProcessors);
            _freeProcessors &= _freeProcessors - 1;
            Begin(_ready.Take(Actors), _processors[processor]);
        }

        return true;
    }

    private void Begin(int id, Lane lane)
    {
        ref ActorCell cell = ref Actors[id];
        int mail = _mail.TakeOldest(ref cell);
        cell.State = ActorState.Running;
        ref Delivery delivery = ref _mail[mail].Delivery;
        Turn.Take(new ActorId(id), ref cell, ref delivery, new Ticks(_now), lane.Outbox);
        lane.Turn = Turn.Number;
        lane.Kind = delivery.Kind;
        _mail.Free(mail);
        _agenda.Add(EndOf(lane), lane);
    }

    private long EndOf(Lane lane)
    {
        long cost = Math.Max(lane.Outbox.Spent.Value, MinimumCost.Value);
        if (cost >= long.MaxValue - _now)
        {
            _completing = lane;
            throw new OverflowException(FormattableString.Invariant($"a turn that costs {cost} ticks would not end before the end of time"));
        }

        return _now + cost;
    }

    /// <summary>Carries out what a turn asked for, now that its cost has passed.</summary>
    private void Complete(Lane lane)
    {
        _completing = lane;
        Outbox outbox = lane.Outbox;
        ActorId self = outbox.Self;
        bool rare = outbox.HasRareEffects;
        if (rare)
        {
            BearChildren(self, outbox);
        }

        ref ActorCell cell = ref Actors[self];
        foreach (ref readonly Outbox.Sent sent in outbox.SentMessages)
        {
            Send(self, ref cell, sent.To, in sent.Message);
        }

        if (rare)
        {
            TimerEffects.Carry(_timers, _mail, self, ref cell, outbox, new Ticks(_now));
        }

        if (outbox.Stopped)
        {
            Retire(ref cell);
        }
        else if (cell.MailboxHead != 0)
        {
            MakeReady(self.Value, ref cell);
        }
        else
        {
            cell.State = ActorState.Idle;
        }

        if (lane.Processor == Lane.Device)
        {
            _idleDevices.Push(lane);
        }
        else
        {
            _freeProcessors |= 1UL << lane.Processor;
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

        ref Envelope cell = ref _mail.Put(ref receiver);
        cell.Delivery.Message = message;
        cell.Delivery.Sender = sender;
        cell.Delivery.SenderCount = count;
        cell.Timer = default;
        Counted.Messages++;
        if (receiver.State == ActorState.Idle)
        {
            MakeReady(to.Value, ref receiver);
        }
    }

    private void Fire()
    {
        ActorId owner = _timers.EarliestOwner;
        ref ActorCell cell = ref Actors[owner];
        _timers.Fire(ref cell, ref _mail.Put(ref cell));
        cell.MayHoldFiredTimer = true;
        Counted.TimersFired++;
        Counted.Messages++;
        if (cell.State == ActorState.Idle)
        {
            MakeReady(owner.Value, ref cell);
        }
    }

    private void MakeReady(int id, ref ActorCell cell)
    {
        cell.State = ActorState.Ready;
        if (cell.Role.Placement == Placement.Device)
        {
            _readyDevices.Enqueue(id);
        }
        else
        {
            _ready.Add(Actors, id, ref cell);
        }
    }

    private void Retire(ref ActorCell cell)
    {
        cell.State = ActorState.Stopped;
        cell.Actor = null;
        _timers.CancelAll(ref cell);
        Counted.Dropped += _mail.Empty(ref cell);
        Counted.ActorsStopped++;
    }

    private protected override void EncodeSchedule(StateCodec codec, MachineSnapshot snapshot)
    {
        codec.Field("now", ref _now);
        _mail.Encode(codec, Actors);
        _timers.Encode(codec, Actors);
        _ready.Encode(codec, Actors);
        EncodeReadyDevices(codec);
        if (codec.Restoring)
        {
            _freeProcessors = AllProcessors;
        }

        _agenda.Encode(codec, Occupy, snapshot.Actors);
    }

    private void EncodeReadyDevices(StateCodec codec)
    {
        int count = _readyDevices.Count;
        codec.Field("readyDevices", ref count);
        if (codec.Restoring)
        {
            _readyDevices.Clear();
        }

        for (int i = 0; i < count; i++)
        {
            int id = codec.Restoring ? 0 : _readyDevices.Dequeue();
            codec.Field("device", ref id);
            _readyDevices.Enqueue(id);
        }
    }

    private Lane Occupy(int processor)
    {
        if (processor == Lane.Device)
        {
            return IdleDevice();
        }

        _freeProcessors &= ~(1UL << processor);
        return _processors[processor];
    }

    private Lane IdleDevice() => _idleDevices.TryPop(out Lane? lane) ? lane : new Lane(Lane.Device, Turn.NewOutbox());
}
