using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// One run of a random world on a random schedule. Whatever can be delivered may be next; clocks and disasters strike rarely, so that
/// something happens in between. It can be repeated by its seed and model alone, or by its schedule.
/// </summary>
internal sealed class RandomRun
{
    private const int MostTurns = 200_000;

    /// <summary>The working-set manager's ticks, nothing else happening, after which nothing will.</summary>
    private const int LonelyTicksMost = 40;

    private readonly ulong _seed;
    private readonly DeliveryModel _model;
    private readonly Func<Cast, ActorId, IActor, IActor?>? _dress;
    private readonly Dice _dice;
    private readonly ulong[] _priorities = new ulong[64];
    private readonly int _style;
    private long _lastTurn = long.MaxValue;

    public RandomRun(ulong seed, DeliveryModel model, Func<Cast, ActorId, IActor, IActor?>? dress = null)
    {
        _seed = seed;
        _model = model;
        _dress = dress;
        _dice = new Dice(seed ^ 0x5EED);
        _style = _dice.Roll(3);
        Machine = Build([]);
    }

    public StagedMachine Machine { get; }

    /// <summary>What broke: names of specifications, in the order in which they were broken first, and BugCheck; empty when all held.</summary>
    public IReadOnlyList<string> Broken { get; private set; } = [];

    /// <summary>The first of them in full.</summary>
    public string Explanation { get; private set; } = "";

    /// <summary>Whether all processes have ended; otherwise some wait for what will not come.</summary>
    public bool Ended { get; private set; }

    /// <summary>
    /// Some wait for memory, and nothing can make any: every slot of every paging file holds a page, and every page in memory is
    /// modified. As much was promised as there is.
    /// </summary>
    public bool WaitsForSlots =>
        !Ended && Machine.Frames.CountOf(PageLocation.Modified) > 0 && Machine.Files.All(file => file.CurrentUsage == file.Pages - 1);

    public RandomRun Go()
    {
        string? bugCheck = null;
        try
        {
            Ended = Drive();
            if (!WaitsForSlots)
            {
                Machine.Specifications.Quiesced();
            }
        }
        catch (MachineStoppedException stop)
        {
            bugCheck = stop.Message;
        }

        // A promise broken before the bug check is the better explanation.
        var violations = Machine.Specifications.Violations;
        string[] stopped = bugCheck is null ? [] : ["BugCheck"];
        Broken = [.. violations.Select(violation => violation.Specification).Distinct(), .. stopped];
        Explanation = $"{violations.FirstOrDefault()}{System.Environment.NewLine}{bugCheck}";
        _lastTurn = violations is [{ Fact: not null } first, ..] ? first.Turn.Number : long.MaxValue;
        return this;
    }

    /// <summary>How to see it again, and its last turns, or the last until the first promise was broken.</summary>
    public string Reproduction(int turns = 60)
    {
        var story = new Story(turns, _lastTurn);
        var again = Build([story]);
        try
        {
            again.Host.Replay(Machine.Host.Recorded);
        }
        catch (MachineStoppedException)
        {
            // As it did the first time.
        }

        return $"""

            seed {_seed}, {_model}, {Machine.Host.Recorded}
            {Explanation}
            {Transcript.Of(story.Turns, again.NameOf)}
            """;
    }

    /// <summary>The same machine, taken through the same schedule.</summary>
    public StagedMachine Replayed()
    {
        var again = Build([]);
        again.Host.Replay(Machine.Host.Recorded);
        return again;
    }

    private StagedMachine Build(IReadOnlyList<ITurnListener> listeners)
    {
        var world = new RandomWorld(_seed);
        var options = new SteppedOptions { Seed = _seed, Model = _model, TimerFirings = int.MaxValue, TurnListeners = listeners };
        var machine = new StagedMachine(world.Machine, options, world.Operator, _dress);
        machine.Host.Inject(machine.Cast.Operator, Message.Of(new StartScenario()));
        return machine;
    }

    /// <returns>Whether everything has ended.</returns>
    private bool Drive()
    {
        var host = Machine.Host;
        int lonely = 0;
        while (host.DeliverableCount > 0)
        {
            if (host.Statistics.Turns > MostTurns)
            {
                Assert.Fail($"the run comes to no end{Reproduction()}");
            }

            int next = Pick();
            bool clock = host.Deliverable(next).Delivery.Kind == ManagerTick.Kind && host.DeliverableCount == 1;
            lonely = clock ? lonely + 1 : host.Deliverable(next).Delivery.Kind is RunThreads.Kind ? 0 : lonely;
            if (lonely > LonelyTicksMost)
            {
                return false;
            }

            host.Deliver(next);
        }

        return true;
    }

    private int Pick()
    {
        int count = Machine.Host.DeliverableCount;
        if (_dice.OneIn(40))
        {
            return _dice.Roll(count);
        }

        if (_dice.OneIn(50))
        {
            _priorities[_dice.Roll(_priorities.Length)] = _dice.Next();
        }

        int best = -1;
        ulong highest = 0;
        for (int index = 0; index < count; index++)
        {
            ref readonly var candidate = ref Machine.Host.Deliverable(index);
            ulong priority = IsRare(in candidate) ? 0 : (PriorityOf(in candidate) >> 1) + 1;
            if (best < 0 || priority > highest)
            {
                best = index;
                highest = priority;
            }
        }

        return best;
    }

    private static bool IsRare(in PendingMessage message) =>
        message.IsTimer && message.Delivery.Kind is ManagerTick.Kind or InjectionDue.Kind or DisturbanceEnds.Kind;

    /// <summary>One third of the runs is uniform; in the others whole actors, or the ways between two, are slow for a while.</summary>
    private ulong PriorityOf(in PendingMessage message) => _style switch
    {
        0 => _dice.Next(),
        1 => _priorities[message.To.Value % _priorities.Length] ^ (_dice.Next() >> 8),
        _ => _priorities[((message.To.Value * 7) + message.Delivery.Sender.Value) % _priorities.Length] ^ (_dice.Next() >> 8),
    };

    private sealed class Story(int turns, long last) : ITurnListener
    {
        private readonly Queue<StagedTurn> _turns = new();

        public IEnumerable<StagedTurn> Turns => _turns;

        public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
        {
            if (turn.Number <= last)
            {
                _turns.Enqueue(new StagedTurn(turn, delivery, outbox));
            }

            if (_turns.Count > turns)
            {
                _turns.Dequeue();
            }
        }
    }
}
