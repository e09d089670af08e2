using ActorVmm.Runtime.Parallel;
using Akka.Actor;
using Envelope = ActorVmm.Runtime.Envelope;

namespace ActorVmm.Akka;

/// <summary>
/// Who may take a turn, what time it is, and when nothing is left to do.
/// <para>
/// Every letter is counted from before it is told until the turn that heard it has told its own: the count is zero only when
/// nothing is in a mailbox and no turn is under way anywhere. Whoever makes it zero is alone, and decides what follows: time jumps
/// to the next timer, or the run is over. A turn that tells one letter passes its own count on and touches nothing shared.
/// </para>
/// </summary>
internal sealed class Conductor
{
    private readonly Registry _registry;
    private readonly VirtualClock _clock;
    private readonly Chronicle? _chronicle;
    private readonly TimerHeap _timers = new();
    private readonly List<Resident> _laidBy = [];
    private readonly List<Resident> _returning = [];
    private readonly List<Resident> _gone = [];
    private readonly Lock _firing = new();
    private readonly List<(Resident Owner, Letter Letter)> _fired = [];
    private readonly ManualResetEventSlim _over = new();
    private volatile Gate _gate = Gate.Closed;
    private long _underWay;
    private long _now;
    private long _nextDue = long.MaxValue;
    private long _until;
    private volatile bool _late;
    private volatile Failure? _failure;
    private volatile Exception? _broken;

    public Conductor(Registry registry, AkkaHostOptions options, Chronicle? chronicle)
    {
        _registry = registry;
        _clock = options.NewClock();
        _chronicle = chronicle;
        LooksAtClock = options.Clock is not null && options.TimeScale > 0;
    }

    /// <summary>How many turns a run may take that has a limit.</summary>
    public TurnBudget Budget { get; } = new();

    /// <summary>Virtual time.</summary>
    public Ticks Now => new(Volatile.Read(ref _now));

    /// <summary>Whether time passes while there is something to do.</summary>
    public bool LooksAtClock { get; }

    /// <summary>Timers that have become letters; read between runs.</summary>
    public long TimersFired { get; private set; }

    public RunOutcome Outcome { get; private set; }

    public bool IsOver => _over.IsSet;

    /// <summary>The first turn that threw.</summary>
    public Failure? Failed => _failure;

    /// <summary>Why letters may have been lost, so that the run had to end without being finished.</summary>
    public Exception? Broken => _broken;

    /// <summary>Begins a run, and comes back at once. Nothing happens before <see cref="Start"/>.</summary>
    public void Begin(long until, long maxTurns)
    {
        _clock.Set(_now);
        (_until, _late) = (until, false);
        Budget.Begin(maxTurns);
        _over.Reset();
        if (_broken is not null)
        {
            _over.Set();
            return;
        }

        CountLaidBy();
        _gate = maxTurns == long.MaxValue ? Gate.Open : Gate.Counted;
    }

    /// <summary>
    /// Lets the run take its course. Not called on the thread that tells stories: whoever tells a letter may have to take turns,
    /// and turns may have to wait for stories to be told.
    /// </summary>
    public void Start()
    {
        ReturnLaidBy();
        Settle(1);
    }

    public void WaitUntilOver() => _over.Wait();

    /// <summary>Whether a turn may begin. It is taken then; without a limit this costs one look.</summary>
    /// <param name="purse">The turns of whoever takes it.</param>
    public bool Grants(TurnBudget.Purse purse) => _gate switch
    {
        Gate.Open => true,
        Gate.Counted => purse.TryTake(),
        Gate.Closed => false,
    };

    /// <summary>More letters are about to be told than were heard.</summary>
    public void Expect(int letters) => Interlocked.Add(ref _underWay, letters);

    /// <summary>Letters have been heard, dropped or laid by, and whatever they led to has been counted.</summary>
    public void Settle(int letters)
    {
        while (Interlocked.Add(ref _underWay, -letters) == 0 && GoesOn())
        {
            letters = 1;
        }
    }

    /// <summary>An actor lays letters by, because no turns are taken now.</summary>
    public void LaysBy(Resident resident)
    {
        lock (_registry.Rare)
        {
            _laidBy.Add(resident);
        }
    }

    /// <summary>The time has come to look at the clock; timers that are due become letters.</summary>
    public void LookAtClock()
    {
        long now = _clock.Read();
        if (now > _until)
        {
            _late = true;
            _gate = Gate.Closed;
            return;
        }

        long seen = Volatile.Read(ref _now);
        while (seen < now && Interlocked.CompareExchange(ref _now, now, seen) is var other && other != seen)
        {
            seen = other;
        }

        if (now >= Volatile.Read(ref _nextDue) && !_firing.IsHeldByCurrentThread)
        {
            Fire(now);
        }
    }

    /// <summary>Starts and cancels timers as a turn asked; <see cref="Registry.Rare"/> is held.</summary>
    public void CarryTimers(Resident self, Outbox outbox, Ticks now)
    {
        foreach (ref readonly Outbox.TimerStart start in outbox.TimerStarts)
        {
            int count = unchecked(++self.Cell.Sent);

            // A timer due never is one that nobody can tell from none.
            if (start.Delay < Ticks.Never - now)
            {
                _timers.Start(self.Id, ref self.Cell, start.Timer, now + start.Delay, start.Message, count);
            }
        }

        foreach (TimerId timer in outbox.TimerCancels)
        {
            if (!_timers.Cancel(ref self.Cell, timer))
            {
                self.TakeFired(timer);
            }
        }

        Volatile.Write(ref _nextDue, _timers.Earliest.Value);
    }

    /// <summary>An actor stops in the turn of this place; <see cref="Registry.Rare"/> is held.</summary>
    public void Retire(Resident self, long place)
    {
        _timers.CancelAll(ref self.Cell);
        Volatile.Write(ref _nextDue, _timers.Earliest.Value);
        self.Stop(place);
        _gone.Add(self);
    }

    /// <summary>A turn threw. Of several failures the first counts; nothing of the others has left.</summary>
    public void Fail(Failure failure)
    {
        _gate = Gate.Closed;
        Interlocked.CompareExchange(ref _failure, failure, null);
    }

    /// <summary>No turn begins any more; the run is over when those under way have ended.</summary>
    public void Halt() => _gate = Gate.Closed;

    /// <summary>Letters may have been lost, so nobody waits for them: the run is over now.</summary>
    public void Break(Exception cause)
    {
        _broken ??= cause;
        _gate = Gate.Closed;
        End(RunOutcome.TurnsReached);
    }

    /// <summary>Between runs: a letter waits for the next one.</summary>
    public void LayBy(Resident to, Letter letter)
    {
        to.LaidBy.Enqueue(letter);
        if (to.LaidBy.Count == 1)
        {
            _laidBy.Add(to);
        }
    }

    /// <summary>Between runs: a timer goes on that was started elsewhere.</summary>
    public void Adopt(Resident owner, in PendingDelivery timer)
    {
        if (timer.Due < Ticks.Never)
        {
            _timers.Start(owner.Id, ref owner.Cell, timer.Timer, timer.Due, timer.Message, timer.SenderCount);
        }

        _nextDue = _timers.Earliest.Value;
    }

    /// <summary>Between runs: it is this time, and so many timers have fired elsewhere.</summary>
    public void Adopt(Ticks now, long timersFired) => (_now, TimersFired) = (now.Value, timersFired);

    /// <summary>Appends the timers that have not fired; between runs.</summary>
    public void ListTimers(ICollection<PendingDelivery> into) => _timers.List(into);

    /// <summary>Nothing is under way, and nobody else is here.</summary>
    /// <returns>Whether something is now: one more than the timers that have fired.</returns>
    private bool GoesOn()
    {
        LeaveForGood();
        long due = _timers.Earliest.Value;
        if (_laidBy.Count > 0 && _gate == Gate.Counted && Budget.Reclaim() > 0)
        {
            CountLaidBy();
            ReturnLaidBy();
            return true;
        }

        if (_failure is not null || _laidBy.Count > 0)
        {
            return End(_late ? RunOutcome.TimeReached : RunOutcome.TurnsReached);
        }

        if (due == long.MaxValue)
        {
            return End(RunOutcome.Quiescent);
        }

        if (due > _until || _late)
        {
            return End(RunOutcome.TimeReached);
        }

        if (_gate == Gate.Closed || Budget.Reclaim() <= 0)
        {
            return End(RunOutcome.TurnsReached);
        }

        long now = _clock.Read();
        _clock.Set(now > _until ? due : Math.Max(due, now));
        Volatile.Write(ref _now, _clock.Start);
        _underWay = 1;
        Fire(_clock.Start);
        return true;
    }

    /// <summary>What was laid by is under way again, and one letter more that is not there: so nothing ends while it is being returned.</summary>
    private void CountLaidBy()
    {
        _returning.AddRange(_laidBy);
        _laidBy.Clear();
        _underWay = 1;
        foreach (Resident resident in _returning)
        {
            resident.IsReturning = true;
            _underWay += resident.LaidBy.Count + 1;
        }
    }

    private void ReturnLaidBy()
    {
        foreach (Resident resident in _returning)
        {
            resident.Tell(GoOn.Instance, null);
        }

        _returning.Clear();
    }

    /// <summary>
    /// Timers that are due become letters. They are told in the order in which they fired, and not under
    /// <see cref="Registry.Rare"/>: what Akka does when it is told a letter is its own affair.
    /// </summary>
    private void Fire(long now)
    {
        lock (_firing)
        {
            lock (_registry.Rare)
            {
                WriteFired(now);
            }

            foreach ((Resident owner, Letter letter) in _fired)
            {
                owner.Tell(letter, owner);
            }

            _fired.Clear();
        }
    }

    private void WriteFired(long now)
    {
        while (_timers.Earliest.Value <= now)
        {
            Resident owner = _registry.Find(_timers.EarliestOwner)!;
            Envelope envelope = default;
            _timers.Fire(ref owner.Cell, ref envelope);
            owner.Fired(envelope.Timer);
            long place = _chronicle?.Firing(owner.Id, envelope.Delivery.SenderCount) ?? 0;
            TimersFired++;
            _fired.Add((owner, new Letter(in envelope.Delivery.Message, owner.Id, owner.Cell.Identity, envelope.Delivery.SenderCount, place, envelope.Timer)));
        }

        Expect(_fired.Count);
        Volatile.Write(ref _nextDue, _timers.Earliest.Value);
    }

    /// <summary>
    /// Shells of actors that have stopped go only now: as long as anything was under way, somebody might have told them a letter
    /// that Akka would have lost uncounted.
    /// </summary>
    private void LeaveForGood()
    {
        foreach (Resident resident in _gone)
        {
            resident.Tell(PoisonPill.Instance, null);
        }

        _gone.Clear();
    }

    private bool End(RunOutcome outcome)
    {
        _gate = Gate.Closed;
        Outcome = outcome;
        if (outcome == RunOutcome.TimeReached)
        {
            Volatile.Write(ref _now, _until);
        }

        _over.Set();
        _chronicle?.Wake();
        return false;
    }

    private enum Gate
    {
        /// <summary>Turns are taken.</summary>
        Open,

        /// <summary>So many turns are taken.</summary>
        Counted,

        /// <summary>No turns are taken: letters are laid by.</summary>
        Closed,
    }
}

/// <summary>A turn that threw.</summary>
/// <param name="Actor">Whose turn.</param>
/// <param name="ActorType">What it is.</param>
/// <param name="Delivery">What it was given.</param>
/// <param name="Cause">What was thrown.</param>
/// <param name="Stop">How the turn itself said so; null when what it asked for could not be done.</param>
internal sealed record Failure(ActorId Actor, string ActorType, Delivery Delivery, Exception Cause, MachineStoppedException? Stop);
