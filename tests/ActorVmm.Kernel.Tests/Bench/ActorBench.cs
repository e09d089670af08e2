using ActorVmm.Actors;

namespace ActorVmm.Kernel.Tests;

/// <summary>
/// Drives one actor, turn by turn, without a host: the test says who sends what and when a timer fires, and looks at what the
/// actor asked, stated and started. Draws come from <see cref="Seed"/>; choices from <see cref="Choices"/>, then 0.
/// </summary>
/// <example><code>
/// var bench = new ActorBench(new ZeroPageThread(plan, BenchCast.Of(), contents), BenchCast.ZeroPageThread);
/// bench.Hear(BenchCast.PfnDatabase, new FreePagesAvailable(8)).Asks&lt;TakeFree&gt;(BenchCast.PfnDatabase).Count.ShouldBe(6);
/// </code></example>
public sealed class ActorBench : IOutboxHost
{
    private const int FirstChild = 10_000;
    private const ulong Seed = 42;

    private readonly Outbox _outbox;
    private readonly List<PendingTimer> _timers = [];
    private readonly List<BenchTurn> _turns = [];
    private readonly Dictionary<ActorId, int> _senderCounts = [];
    private ActorCounts _counts;
    private int _nextChild = FirstChild;

    public ActorBench(IActor actor, ActorId self)
    {
        Actor = actor;
        Self = self;
        _outbox = new Outbox(this) { Listening = true };
    }

    public IActor Actor { get; }

    public ActorId Self { get; }

    /// <summary>The time of the next turn; <see cref="FireTimer"/> moves it, and a test may.</summary>
    public Ticks Now { get; set; }

    /// <summary>What <see cref="Outbox.Choose"/> will answer; 0 when empty.</summary>
    public Queue<int> Choices { get; } = new();

    /// <summary>All turns so far, in order.</summary>
    public IReadOnlyList<BenchTurn> Turns => _turns;

    /// <summary>Timers that are running, the next one first.</summary>
    public IReadOnlyList<PendingTimer> Timers => _timers;

    /// <summary>The summary of the actor's state.</summary>
    public Fingerprint Fingerprint
    {
        get
        {
            var hasher = new StateHasher();
            Actor.Encode(hasher);
            return hasher.Build();
        }
    }

    /// <summary>Everything sent in all turns so far, in order.</summary>
    public IReadOnlyList<T> SentSoFar<T>()
        where T : unmanaged, IMessage => [.. _turns.SelectMany(turn => turn.Sent<T>())];

    /// <summary>Everything stated in all turns so far, in order.</summary>
    public IReadOnlyList<T> StatedSoFar<T>()
        where T : unmanaged, IFact => [.. _turns.SelectMany(turn => turn.Stated<T>())];

    /// <summary>Lets the actor take the turn for one message.</summary>
    public BenchTurn Hear<T>(ActorId sender, in T message)
        where T : unmanaged, IMessage => Take(sender, Message.Of(in message));

    /// <summary>The running timer that is due first fires, at its time.</summary>
    public BenchTurn FireTimer()
    {
        _timers.ShouldNotBeEmpty("no timer is running");
        return Fire(0);
    }

    /// <summary>The first running timer whose message is a <typeparamref name="T"/> fires, at its time, whatever else is due.</summary>
    public BenchTurn FireTimer<T>()
        where T : unmanaged, IMessage
    {
        int at = _timers.FindIndex(timer => timer.Message.Kind == T.Kind);
        at.ShouldBeGreaterThanOrEqualTo(0, $"no timer with {typeof(T).Name} is running");
        return Fire(at);
    }

    /// <summary>All timers fire that are due within <paramref name="span"/> from now, those that these start included.</summary>
    public IReadOnlyList<BenchTurn> Advance(Ticks span)
    {
        var end = Now + span;
        var turns = new List<BenchTurn>();
        while (_timers.Count > 0 && _timers[0].Due <= end)
        {
            turns.Add(FireTimer());
        }

        Now = end;
        return turns;
    }

    /// <summary>
    /// A second bench in the same state: <paramref name="fresh"/> is restored from a snapshot of the actor, and must then have the
    /// same fingerprint. Fed the same from here on, both must do the same. State outside of the actor is the test's affair
    /// (<see cref="Copy"/>).
    /// </summary>
    public ActorBench Twin(IActor fresh)
    {
        var writer = new SnapshotWriter();
        Actor.Encode(writer);
        var reader = new SnapshotReader();
        reader.Open(writer.Written.ToArray());
        fresh.Encode(reader);
        reader.Remaining.ShouldBe(0, "a snapshot is read to its end");
        var twin = new ActorBench(fresh, Self) { Now = Now, _counts = _counts, _nextChild = _nextChild };
        twin._timers.AddRange(_timers);
        foreach (var (sender, count) in _senderCounts)
        {
            twin._senderCounts.Add(sender, count);
        }

        twin.Fingerprint.ShouldBe(Fingerprint, $"restored, the state is{Environment.NewLine}{Describe(fresh)}{Environment.NewLine}and was{Environment.NewLine}{Describe(Actor)}");
        return twin;
    }

    /// <summary>Lets both benches take the same step, and both must do the same and end in the same state.</summary>
    public BenchTurn Alike(ActorBench twin, Func<ActorBench, BenchTurn> step)
    {
        var turn = step(this);
        step(twin).ToString().ShouldBe(turn.ToString());
        twin.Fingerprint.ShouldBe(Fingerprint, $"after{Environment.NewLine}{turn}");
        return turn;
    }

    /// <summary>Makes the state of <paramref name="to"/> that of <paramref name="from"/>.</summary>
    public static void Copy(IEncodable from, IEncodable to)
    {
        var writer = new SnapshotWriter();
        from.Encode(writer);
        var reader = new SnapshotReader();
        reader.Open(writer.Written.ToArray());
        to.Encode(reader);
        reader.Remaining.ShouldBe(0, "a snapshot is read to its end");
    }

    /// <summary>The actor's state, one field a line; for failure messages.</summary>
    public static string Describe(IActor actor)
    {
        var describer = new StateDescriber();
        actor.Encode(describer);
        return string.Join(Environment.NewLine, describer.Fields.Select(field => $"  {field.Path} = {field.Value:x}"));
    }

    ActorId IOutboxHost.ReserveId() => new(_nextChild++);

    int IOutboxHost.Choose(ActorId chooser, int alternatives)
    {
        int choice = Choices.Count > 0 ? Choices.Dequeue() : 0;
        choice.ShouldBeInRange(0, alternatives - 1);
        return choice;
    }

    private BenchTurn Fire(int at)
    {
        var timer = _timers[at];
        _timers.RemoveAt(at);
        Now = timer.Due > Now ? timer.Due : Now;
        return Take(Self, timer.Message);
    }

    private BenchTurn Take(ActorId sender, Message message)
    {
        int senderCount = _senderCounts[sender] = _senderCounts.GetValueOrDefault(sender) + 1;
        var delivery = new Delivery { Message = message, Sender = sender, SenderCount = senderCount, Now = Now };
        _outbox.Begin(Self, Seed, in _counts);
        Actor.Receive(in delivery, _outbox);
        _counts = new ActorCounts(_outbox.DrawCount, _outbox.TimersStarted, _outbox.ChildCount);
        foreach (var start in _outbox.TimerStarts)
        {
            Start(new PendingTimer(start.Timer, Now + _outbox.Spent + start.Delay, start.Message));
        }

        foreach (var cancelled in _outbox.TimerCancels)
        {
            _timers.RemoveAll(timer => timer.Timer == cancelled);
        }

        var turn = new BenchTurn(delivery, _outbox);
        _turns.Add(turn);
        return turn;
    }

    /// <summary>Keeps the timers sorted by time; of those due at once, the one started first comes first.</summary>
    private void Start(PendingTimer timer)
    {
        int at = _timers.Count;
        while (at > 0 && _timers[at - 1].Due > timer.Due)
        {
            at--;
        }

        _timers.Insert(at, timer);
    }

    public sealed record PendingTimer(TimerId Timer, Ticks Due, Message Message);
}
