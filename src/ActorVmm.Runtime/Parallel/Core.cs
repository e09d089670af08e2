using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// One sequential host among several: the actors that live here, their mailboxes, timers and turns. Whoever drives it says when
/// it takes in batches, what time it is and how many turns it takes; the rest follows, so that the same driving gives the same
/// run. Only one thread at a time uses it.
/// </summary>
internal sealed partial class Core : IOutboxHost
{
    /// <summary>Ids that a core takes at once.</summary>
    public const int IdBlock = 32;

    private readonly Homes _homes;
    private readonly ICoreDecisions _decisions;
    private readonly MailboxPool _mail = new();
    private readonly ReadyQueues _ready = new();
    private readonly Queue<int> _readyDevices = new();
    private readonly TimerHeap _timers = new();
    private readonly Turn _turn;
    private readonly Outbox _outbox;
    private readonly ICoreListener? _listener;
    private HostStatistics _counted;
    private int _nextId;
    private int _lastId;
    private int _kind;

    public Core(int index, HostOptions options, Homes homes, ICoreDecisions decisions, ICoreListener? listener)
    {
        Index = index;
        _homes = homes;
        _decisions = decisions;
        _listener = listener;
        _turn = new Turn(Actors, options);
        _outbox = new Outbox(this) { Listening = options.FactListeners.Count > 0 };
        Roads = new Roads(index);
    }

    public int Index { get; }

    public ActorTable Actors { get; } = new();

    /// <summary>To and from the other cores.</summary>
    public Roads Roads { get; }

    /// <summary>Virtual time here.</summary>
    public long Now { get; private set; }

    public bool HasReady => !_ready.IsEmpty || _readyDevices.Count > 0;

    /// <summary>Messages in mailboxes here.</summary>
    public int Waiting => _mail.Waiting;

    public long EarliestTimer => _timers.Earliest.Value;

    public HostStatistics Statistics => _counted with { Turns = _turn.Number };

    public Turn Turn => _turn;

    /// <summary>Who took the latest turn here, or failed in it.</summary>
    public ActorId Latest { get; private set; }

    public int LatestKind => _kind;

    /// <summary>An actor is born here: from outside, from a turn here, or from another core.</summary>
    public void Bear(ActorId id, IActor actor, Role role, ActorIdentity identity)
    {
        Actors.Admit(id);

        // Mail from a third core may have come before the actor itself.
        (int head, int tail) = (Actors[id].MailboxHead, Actors[id].MailboxTail);
        Actors.Bear(id, actor, role, identity);
        _counted.ActorsCreated++;
        ref ActorCell cell = ref Actors[id];
        (cell.MailboxHead, cell.MailboxTail) = (head, tail);
        if (head != 0)
        {
            MakeReady(id.Value, ref cell);
        }
    }

    /// <summary>Takes in what another core has sent, oldest batch first.</summary>
    public void TakeIn(int source)
    {
        Batch batch = Roads.From[source]!.Oldest;
        Now = Math.Max(Now, batch.Now);
        foreach (Emigrant birth in batch.Births)
        {
            Bear(birth.Id, birth.Actor, birth.Role, birth.Identity);
        }

        foreach (ref readonly Parcel parcel in batch.Parcels)
        {
            Actors.Admit(parcel.Sender.Value > parcel.To.Value ? parcel.Sender : parcel.To);
            Actors[parcel.Sender].Identity = parcel.Identity;
            Deliver(parcel.Sender, parcel.SenderCount, parcel.To, in parcel.Message);
        }

        Roads.From[source]!.Received();
    }

    /// <summary>Sets the time, unless it is later here already, and fires what is due.</summary>
    /// <returns>Whether a timer fired.</returns>
    public bool SetNow(long now)
    {
        Now = Math.Max(Now, now);
        bool fired = false;
        while (_timers.Earliest.Value <= Now)
        {
            fired = true;
            ActorId owner = _timers.EarliestOwner;
            ref ActorCell cell = ref Actors[owner];
            _timers.Fire(ref cell, ref _mail.Put(ref cell));
            cell.MayHoldFiredTimer = true;
            _counted.TimersFired++;
            _counted.Messages++;
            if (cell.State == ActorState.Idle)
            {
                MakeReady(owner.Value, ref cell);
            }
        }

        return fired;
    }

    /// <summary>Nothing came of the time that was set, so it was not: a replay does not know of it.</summary>
    public void UnsetNow(long before) => Now = before;

    /// <summary>Takes the next turn; there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte TakeTurn()
    {
        int id = _readyDevices.Count > 0 ? _readyDevices.Dequeue() : _ready.Take(Actors);
        Latest = new ActorId(id);
        ref ActorCell cell = ref Actors[id];
        int mail = _mail.TakeOldest(ref cell);
        cell.State = ActorState.Running;
        ref Delivery delivery = ref _mail[mail].Delivery;
        _kind = delivery.Kind;
        _turn.Take(Latest, ref cell, ref delivery, new Ticks(Now), _outbox);
        _mail.Free(mail);
        byte witness = unchecked((byte)cell.Chain);
        CarryOut(Latest);
        return witness;
    }

    /// <inheritdoc/>
    public ActorId ReserveId()
    {
        if (_nextId == _lastId)
        {
            _nextId = _decisions.NextBlock();
            _lastId = _nextId + IdBlock;
        }

        return new ActorId(_nextId++);
    }

    /// <inheritdoc/>
    public int Choose(ActorId chooser, int alternatives) => _turn.Choose(chooser, alternatives);

    /// <summary>Puts a message from outside into a mailbox.</summary>
    public void Inject(int senderCount, ActorId to, in Message message) => Deliver(ActorId.Outside, senderCount, to, in message);

    /// <summary>What the actors that live here were given and are.</summary>
    public bool TryCell(ActorId actor, out ActorCell cell)
    {
        bool here = actor.Value > 0 && actor.Value < Actors.CellCount && Actors[actor].State != ActorState.Reserved;
        cell = here ? Actors[actor] : default;
        return here;
    }

    private void CarryOut(ActorId self)
    {
        bool rare = _outbox.HasRareEffects;
        if (rare)
        {
            BearChildren(self);
        }

        foreach (ref readonly Outbox.Sent sent in _outbox.SentMessages)
        {
            Send(self, sent.To, in sent.Message);
        }

        ref ActorCell cell = ref Actors[self];
        if (rare)
        {
            TimerEffects.Carry(_timers, _mail, self, ref cell, _outbox, new Ticks(Now));
        }

        if (_outbox.Stopped)
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
    }

    private void BearChildren(ActorId creator)
    {
        ActorIdentity identity = Actors[creator].Identity;
        foreach (ref readonly Outbox.Birth birth in _outbox.Births)
        {
            int home = _decisions.HomeOf(birth.Id, birth.Role);
            _homes.Settle(birth.Id, home);
            if (home == Index)
            {
                Bear(birth.Id, birth.Actor, birth.Role, identity.Child(birth.Count));
            }
            else
            {
                Roads.Out(home).Births.Add(new Emigrant(birth.Id, birth.Actor, birth.Role, identity.Child(birth.Count)));
            }
        }
    }

    private void Send(ActorId self, ActorId to, in Message message)
    {
        ref ActorCell from = ref Actors[self];
        int count = unchecked(++from.Sent);
        if (to.IsOutside)
        {
            _counted.SentOutside++;
            _listener?.Left(new Delivery { Message = message, Sender = self, SenderCount = count, Now = new Ticks(Now) });
            return;
        }

        int home = _homes[to];
        if (home == Index)
        {
            if (to.Value >= Actors.CellCount)
            {
                // On its way here from the core where it was created.
                Actors.Admit(to);
            }

            Deliver(self, count, to, in message);
            return;
        }

        if (home == Homes.Nobody)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"{self} sent message kind {message.Kind} to {to}, which nobody has created"));
        }

        ref Parcel parcel = ref Roads.Out(home).Add();
        parcel.Message = message;
        parcel.To = to;
        parcel.Sender = self;
        parcel.SenderCount = count;
        parcel.Identity = from.Identity;
    }

    private void Deliver(ActorId sender, int senderCount, ActorId to, in Message message)
    {
        ref ActorCell receiver = ref Actors[to];
        if (receiver.State == ActorState.Stopped)
        {
            _counted.Dropped++;
            return;
        }

        ref Envelope envelope = ref _mail.Put(ref receiver);
        envelope.Delivery.Message = message;
        envelope.Delivery.Sender = sender;
        envelope.Delivery.SenderCount = senderCount;
        envelope.Timer = default;
        _counted.Messages++;
        if (receiver.State == ActorState.Idle)
        {
            MakeReady(to.Value, ref receiver);
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
        _counted.Dropped += _mail.Empty(ref cell);
        _counted.ActorsStopped++;
    }
}
