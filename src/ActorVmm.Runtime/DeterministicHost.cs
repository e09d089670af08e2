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
public sealed class DeterministicHost : IHost
{
    public const int MostProcessors = 64;

    /// <summary>What a turn costs that spends nothing.</summary>
    public static readonly Ticks MinimumCost = new(1);

    private readonly ActorTable _actors = new();
    private readonly MailboxPool _mail = new();
    private readonly ReadyQueues _ready = new();
    private readonly TimerHeap _timers = new();
    private readonly Agenda _agenda = new();
    private readonly Lane[] _processors;
    private readonly Stack<Lane> _idleDevices = new();
    private readonly Queue<int> _readyDevices = new();
    private readonly Turn _turn;
    private readonly IOutsideListener? _outside;
    private ulong _freeProcessors;
    private long _now;
    private HostStatistics _statistics;
    private MachineStoppedException? _stopped;
    private bool _running;

    public DeterministicHost(HostOptions? options = null)
    {
        options ??= new HostOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Processors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Processors, MostProcessors, nameof(options));
        _turn = new Turn(_actors, options);
        _outside = options.Outside;
        _processors = new Lane[options.Processors];
        for (int i = 0; i < _processors.Length; i++)
        {
            _processors[i] = new Lane(i, _turn.NewOutbox());
        }

        _freeProcessors = ulong.MaxValue >> (MostProcessors - options.Processors);
    }

    public Ticks Now => new(_now);

    public HostStatistics Statistics => _statistics with { Turns = _turn.Number };

    /// <summary>The actors' cells, for those who inspect a machine between runs.</summary>
    public ActorTable Actors => _actors;

    public ActorId Create(IActor actor, Role role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        RefuseInsideRun();
        ActorId id = _actors.Reserve();
        ref ActorCell outside = ref _actors[ActorId.Outside];
        ActorIdentity identity = outside.Identity.Child(outside.Counts.Children);
        outside.Counts.Children++;
        _actors.Bear(id, actor, role, identity);
        _statistics.ActorsCreated++;
        return id;
    }

    public void Inject(ActorId to, in Message message)
    {
        RefuseInsideRun();
        Send(ActorId.Outside, to, in message, ref _actors[ActorId.Outside].Sent);
    }

    public RunOutcome Run(Ticks? until = null, long? maxTurns = null)
    {
        RefuseInsideRun();
        if (_stopped is not null)
        {
            throw new InvalidOperationException("the machine has stopped: " + _stopped.Message, _stopped);
        }

        long end = (until ?? Ticks.Never).Value;
        long lastTurn = maxTurns is { } most ? checked(_turn.Number + most) : long.MaxValue;
        _running = true;
        try
        {
            return end < _now ? RunOutcome.TimeReached : Simulate(end, lastTurn);
        }
        catch (MachineStoppedException stop)
        {
            _stopped = stop;
            throw;
        }
        finally
        {
            _running = false;
        }
    }

    public Fingerprint Fingerprint(IEncodable? shared = null) => RunFingerprint.Of(_actors, shared);

    private RunOutcome Simulate(long end, long lastTurn)
    {
        while (true)
        {
            if (!Dispatch(lastTurn))
            {
                return RunOutcome.TurnsReached;
            }

            long next = Math.Min(_agenda.Earliest, _timers.Earliest.Value);
            if (next > end)
            {
                _now = end;
                return RunOutcome.TimeReached;
            }

            if (next == long.MaxValue)
            {
                return RunOutcome.Quiescent;
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
            if (_turn.Number >= lastTurn)
            {
                return false;
            }

            Begin(_readyDevices.Dequeue(), _idleDevices.TryPop(out Lane? lane) ? lane : new Lane(Lane.Device, _turn.NewOutbox()));
        }

        while (_freeProcessors != 0 && !_ready.IsEmpty)
        {
            if (_turn.Number >= lastTurn)
            {
                return false;
            }

            int processor = BitOperations.TrailingZeroCount(_freeProcessors);
            _freeProcessors &= _freeProcessors - 1;
            Begin(_ready.Take(_actors), _processors[processor]);
        }

        return true;
    }

    private void Begin(int id, Lane lane)
    {
        ref ActorCell cell = ref _actors[id];
        int mail = _mail.TakeOldest(ref cell);
        cell.State = ActorState.Running;
        _turn.Take(new ActorId(id), ref cell, ref _mail[mail].Delivery, new Ticks(_now), lane.Outbox);
        _mail.Free(mail);
        long cost = Math.Max(lane.Outbox.Spent.Value, MinimumCost.Value);
        _agenda.Add(_now + cost, _turn.Number, lane);
    }

    /// <summary>Carries out what a turn asked for, now that its cost has passed.</summary>
    private void Complete(Lane lane)
    {
        Outbox outbox = lane.Outbox;
        ActorId self = outbox.Self;
        bool rare = outbox.HasRareEffects;
        if (rare)
        {
            Bear(self, outbox);
        }

        ref ActorCell cell = ref _actors[self];
        foreach (ref readonly Outbox.Sent sent in outbox.SentMessages)
        {
            Send(self, sent.To, in sent.Message, ref cell.Sent);
        }

        if (rare)
        {
            StartAndCancelTimers(self, ref cell, outbox);
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

    private void Send(ActorId sender, ActorId to, in Message message, ref int count)
    {
        unchecked
        {
            count++;
        }

        if (to.IsOutside)
        {
            Leave(sender, in message, count);
            return;
        }

        ref ActorCell receiver = ref _actors.Receiver(sender, to, message.Kind);
        if (receiver.State == ActorState.Stopped)
        {
            _statistics.Dropped++;
            return;
        }

        ref Envelope cell = ref _mail.Put(ref receiver);
        cell.Delivery.Message = message;
        cell.Delivery.Sender = sender;
        cell.Delivery.SenderCount = count;
        cell.Timer = default;
        _statistics.Messages++;
        if (receiver.State == ActorState.Idle)
        {
            MakeReady(to.Value, ref receiver);
        }
    }

    private void Leave(ActorId sender, in Message message, int count)
    {
        _statistics.SentOutside++;
        _outside?.Left(new Delivery { Message = message, Sender = sender, SenderCount = count, Now = Now });
    }

    private void Fire()
    {
        ActorId owner = _timers.EarliestOwner;
        ref ActorCell cell = ref _actors[owner];
        _timers.Fire(ref cell, ref _mail.Put(ref cell));
        cell.MayHoldFiredTimer = true;
        _statistics.TimersFired++;
        _statistics.Messages++;
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
            _ready.Add(_actors, id, ref cell);
        }
    }

    private void Bear(ActorId creator, Outbox outbox)
    {
        ActorIdentity identity = _actors[creator].Identity;
        foreach (ref readonly Outbox.Birth birth in outbox.Births)
        {
            _actors.Bear(birth.Id, birth.Actor, birth.Role, identity.Child(birth.Count));
            _statistics.ActorsCreated++;
        }
    }

    private void StartAndCancelTimers(ActorId self, ref ActorCell cell, Outbox outbox)
    {
        foreach (ref readonly Outbox.TimerStart start in outbox.TimerStarts)
        {
            unchecked
            {
                cell.Sent++;
            }

            // A timer due never is one that nobody can tell from none.
            if (start.Delay.Value < long.MaxValue - _now)
            {
                _timers.Start(self, ref cell, start.Timer, new Ticks(_now) + start.Delay, start.Message, cell.Sent);
            }
        }

        foreach (TimerId timer in outbox.TimerCancels)
        {
            if (!_timers.Cancel(ref cell, timer) && cell.MayHoldFiredTimer && !_mail.Withdraw(ref cell, timer))
            {
                cell.MayHoldFiredTimer = cell.MailboxHead != 0;
            }
        }
    }

    private void Retire(ref ActorCell cell)
    {
        cell.State = ActorState.Stopped;
        cell.Actor = null;
        _timers.CancelAll(ref cell);
        _statistics.Dropped += _mail.Empty(ref cell);
        _statistics.ActorsStopped++;
    }

    private void RefuseInsideRun()
    {
        if (_running)
        {
            throw new InvalidOperationException("a turn is under way: an actor acts through its outbox, not on its host");
        }
    }
}
