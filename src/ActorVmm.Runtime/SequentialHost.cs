namespace ActorVmm.Runtime;

/// <summary>
/// What hosts that take one turn after the other have in common: the cast, the outside world, and the end by bug check.
/// </summary>
public abstract class SequentialHost : IRestorableHost, IInspectedHost, IStoppableHost
{
    private readonly HostStatistics[] _record = new HostStatistics[1];
    private readonly IOutsideListener? _outside;
    private HostStatistics _statistics;
    private MachineStoppedException? _stop;
    private bool _running;

    private protected SequentialHost(HostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _outside = options.Outside;
        Turn = new Turn(Actors, options);
    }

    /// <summary>The actors' cells, for those who inspect a machine between runs.</summary>
    public ActorTable Actors { get; } = new();

    public abstract Ticks Now { get; }

    public HostStatistics Statistics => _statistics with { Turns = Turn.Number };

    /// <summary>What ended the machine; null while it can go on.</summary>
    public MachineStoppedException? Stop => _stop;

    /// <summary>
    /// Turns that were begun and whose effects have not taken place yet, in the order in which they began: a summary of the run
    /// taken now knows nothing of their births and stops.
    /// </summary>
    public virtual IReadOnlyList<long> TurnsUnderWay => [];

    private protected Turn Turn { get; }

    private protected ref HostStatistics Counted => ref _statistics;

    public ActorId Create(IActor actor, Role role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        RefuseInsideRun();
        ActorId id = Actors.Reserve();
        ref ActorCell outside = ref Actors[ActorId.Outside];
        ActorIdentity identity = outside.Identity.Child(outside.Counts.Children);
        outside.Counts.Children++;
        Born(ActorId.Outside, id, actor, role, identity);
        return id;
    }

    public void Inject(ActorId to, in Message message)
    {
        RefuseInsideRun();
        ref ActorCell outside = ref Actors[ActorId.Outside];
        Send(ActorId.Outside, ref outside, to, in message);
    }

    public RunOutcome Run(Ticks? until = null, long? maxTurns = null)
    {
        Enter();
        try
        {
            return Simulate(until ?? Ticks.Never, maxTurns is { } most ? checked(Turn.Number + most) : long.MaxValue);
        }
        catch (Exception cause) when (!Turn.Telling)
        {
            throw Stopping(cause);
        }
        finally
        {
            _running = false;
        }
    }

    public Fingerprint Fingerprint(IEncodable? shared = null) => RunFingerprint.Of(Actors, shared);

    /// <inheritdoc/>
    public int ActorCount => Actors.Count;

    /// <inheritdoc/>
    public IActor? ActorOf(ActorId id) => (uint)id.Value < (uint)Actors.CellCount ? Actors[id].Actor : null;

    /// <inheritdoc/>
    public ActorIdentity IdentityOf(ActorId id) => (uint)id.Value < (uint)Actors.CellCount ? Actors[id].Identity : default;

    /// <inheritdoc/>
    public virtual void ListPending(ICollection<PendingDelivery> into)
    {
    }

    /// <inheritdoc/>
    public void Save(MachineSnapshot into)
    {
        ArgumentNullException.ThrowIfNull(into);
        RefuseInsideRun();
        into.Begin(Actors.Count);
        Encode(into.Writer, into);
    }

    /// <inheritdoc/>
    public void Restore(MachineSnapshot from)
    {
        ArgumentNullException.ThrowIfNull(from);
        RefuseInsideRun();
        _stop = null;
        Turn.Telling = false;
        Encode(from.Open(), from);
        from.Close();
    }

    /// <summary>The turn whose effects are taking place, to be named when that fails: it asked for what cannot be done.</summary>
    private protected abstract TurnOrigin Completing { get; }

    /// <summary>Takes turns up to and including turn number <paramref name="lastTurn"/>.</summary>
    private protected abstract RunOutcome Simulate(Ticks until, long lastTurn);

    /// <summary>Puts a message on its way, counting it among its sender's.</summary>
    private protected abstract void Send(ActorId sender, ref ActorCell from, ActorId to, in Message message);

    /// <summary>Passes on what the host keeps beside the actors: messages and turns under way, timers, time.</summary>
    private protected abstract void EncodeSchedule(StateCodec codec, MachineSnapshot snapshot);

    /// <summary>An actor exists from now on.</summary>
    private protected virtual void Born(ActorId creator, ActorId id, IActor actor, Role role, ActorIdentity identity)
    {
        Actors.Bear(id, actor, role, identity);
        _statistics.ActorsCreated++;
    }

    private protected void BearChildren(ActorId creator, Outbox outbox)
    {
        ActorIdentity identity = Actors[creator].Identity;
        foreach (ref readonly Outbox.Birth birth in outbox.Births)
        {
            Born(creator, birth.Id, birth.Actor, birth.Role, identity.Child(birth.Count));
        }
    }

    private protected void Leave(ActorId sender, in Message message, int count)
    {
        _statistics.SentOutside++;
        if (_outside is not null)
        {
            Turn.Telling = true;
            _outside.Left(new Delivery { Message = message, Sender = sender, SenderCount = count, Now = Now });
            Turn.Telling = false;
        }
    }

    /// <summary>Begins a time in which turns are taken; ends with <see cref="_running"/> reset by the caller.</summary>
    private protected void Enter()
    {
        RefuseInsideRun();
        if (_stop is not null)
        {
            throw new InvalidOperationException("the machine has stopped: " + _stop.Message, _stop);
        }

        if (Turn.Telling)
        {
            throw new InvalidOperationException("the machine cannot go on: a listener threw, so it has missed something");
        }

        _running = true;
    }

    private protected void Exit() => _running = false;

    /// <summary>What to throw when taking or completing a turn threw; the machine does not go on after it.</summary>
    private protected MachineStoppedException Stopping(Exception cause)
    {
        _stop = cause as MachineStoppedException ?? StoppedBy(Completing, cause);
        return _stop;
    }

    private MachineStoppedException StoppedBy(TurnOrigin turn, Exception cause) =>
        new(turn.Actor, Actors[turn.Actor].Actor?.GetType().Name ?? "an actor", turn.Number, turn.Kind, Now, cause);

    private void RefuseInsideRun()
    {
        if (_running)
        {
            throw new InvalidOperationException("a turn is under way: an actor acts through its outbox, not on its host");
        }
    }

    private void Encode(StateCodec codec, MachineSnapshot snapshot)
    {
        Actors.Encode(codec, snapshot);
        _record[0] = Statistics;
        codec.Values("statistics", _record);
        _statistics = _record[0];
        Turn.Number = _record[0].Turns;
        EncodeSchedule(codec, snapshot);
    }
}

/// <summary>Which turn, for those who carry out what it asked for later.</summary>
/// <param name="Actor">Whose turn it was.</param>
/// <param name="Number">The number of the turn in the host's order.</param>
/// <param name="Kind">The kind of the message that the actor handled.</param>
internal readonly record struct TurnOrigin(ActorId Actor, long Number, int Kind);
