using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// One sequential host per core, each on a thread of its own, with batches of messages between them. Every actor has a home
/// core. Between two cores only a bounded number of batches is on its way: a core whose messages find no room takes no turns
/// until there is. Virtual time runs at a multiple of real time, and jumps ahead when nothing is deliverable anywhere.
/// <para>
/// The run is recorded (<see cref="TakeRecord"/>) and a <see cref="ReplayHost"/> does it again. What a turn costs and how many
/// processors the machine has is of no consequence here. Threads exist only inside <see cref="Run"/>. Listeners are told
/// on the thread that called it, in one linear extension of happens-before; a turn's number is its place there.
/// </para>
/// </summary>
public sealed partial class ParallelHost : IRestorableHost, IChainedHost, IStoppableHost
{
    private readonly ParallelHostOptions _options;
    private readonly Homes _homes = new();
    private readonly Core[] _cores;
    private readonly CoreRunner[] _runners;
    private readonly Coordinator _coordinator;
    private readonly Storyteller _storyteller;
    private readonly Tickets _tickets = new();
    private readonly OutsideWorld _outside = new();
    private readonly RunRecorder _recorder = new();
    private readonly CoreGroup _group;
    private MachineStoppedException? _stop;
    private volatile bool _running;
    private long _now;

    public ParallelHost(ParallelHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Workers, ParallelHostOptions.MostWorkers, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TurnsPerStep, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchesInFlight, 1, nameof(options));
        _options = options;
        _storyteller = new Storyteller(options, options.Workers);
        _cores = new Core[options.Workers];
        _coordinator = new Coordinator(_cores, new VirtualClock(options.Clock, options.TimeScale), _storyteller.RunEnded);
        _runners = new CoreRunner[options.Workers];
        Lock asking = new();
        for (int i = 0; i < _cores.Length; i++)
        {
            int index = i;
            ByteLog? rare = options.Recording ? new ByteLog() : null;
            LiveDecisions decisions = new(options, _homes, rare, asking);
            CoreLog? log = _storyteller.Listens ? new CoreLog(i, _storyteller) : null;
            HostOptions heard = options with
            {
                Chooser = decisions,
                FactListeners = options.FactListeners.Count > 0 ? [log!] : [],
                TurnListeners = options.TurnListeners.Count > 0 ? [log!] : [],
            };
            _cores[i] = new Core(i, heard, _homes, decisions, options.Outside is null ? null : log);
            _runners[i] = new CoreRunner(_cores[i], options, _coordinator, _tickets, rare, log, _ => _storyteller.IsFarAhead(index));
        }

        Roads.Connect(_cores, () => new BatchRing(options.BatchesInFlight));
        _group = new CoreGroup(_cores, _homes, _outside);
    }

    public Ticks Now => new(_now);

    public HostStatistics Statistics => _group.Statistics;

    /// <summary>Turns taken on each core: how even the homes are.</summary>
    public IReadOnlyList<long> TurnsByCore => [.. _cores.Select(core => core.Statistics.Turns)];

    /// <summary>What ended the machine; null while it can go on.</summary>
    public MachineStoppedException? Stop => _stop;

    public ActorId Create(IActor actor, Role role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        RefuseInsideRun();
        ActorId id = new(_homes.Reserve(1));
        int home = _options.HomeFor(id, role);
        _homes.Settle(id, home);
        _cores[home].Bear(id, actor, role, _outside.NextChild());
        Remember(new ExternalInput(ExternalKind.Created, id, home, default));
        return id;
    }

    public void Inject(ActorId to, in Message message)
    {
        RefuseInsideRun();
        _outside.Inject(_cores, _homes, to, in message);
        Remember(new ExternalInput(ExternalKind.Injected, to, 0, message));
    }

    /// <summary>Gives an actor another home, between runs.</summary>
    public void Move(ActorId actor, int core)
    {
        RefuseInsideRun();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)core, (uint)_cores.Length);
        int home = _homes[actor];
        ArgumentOutOfRangeException.ThrowIfEqual(home, Homes.Nobody, nameof(actor));
        if (home != core)
        {
            TakeInEverything();
            _cores[home].Move(actor, _cores[core]);
            _homes.Settle(actor, core);
            Remember(new ExternalInput(ExternalKind.Moved, actor, core, default));
        }
    }

    /// <summary>On which core an actor lives.</summary>
    public int HomeOf(ActorId actor) => _homes[actor];

    public RunOutcome Run(Ticks? until = null, long? maxTurns = null)
    {
        RefuseInsideRun();
        RefuseAfterEnd();
        long end = (until ?? Ticks.Never).Value;
        if (end < _now)
        {
            return RunOutcome.TimeReached;
        }

        _running = true;
        try
        {
            return RunThreads(end, maxTurns ?? long.MaxValue);
        }
        finally
        {
            _running = false;
        }
    }

    public Fingerprint Fingerprint(IEncodable? shared = null) => _group.Fingerprint(shared);

    /// <summary>An actor's chain and turns so far, between runs; false when it does not exist.</summary>
    public bool TryChain(ActorId actor, out ulong chain, out long turns) => _group.TryChain(actor, out chain, out turns);

    /// <summary>
    /// What was recorded since the last call, between runs. <see cref="ParallelRecord.Join"/> puts the pieces together again.
    /// </summary>
    public ParallelRecord TakeRecord()
    {
        RefuseInsideRun();
        if (!_options.Recording)
        {
            throw new InvalidOperationException("the run is not recorded");
        }

        if (_recorder.HasInputs)
        {
            EndRecordedRun(0);
        }

        return new ParallelRecord(_cores.Length, _recorder.Take());
    }

    private RunOutcome RunThreads(long until, long maxTurns)
    {
        long before = Statistics.Turns;
        _tickets.Begin();
        _storyteller.BeginRun();
        _coordinator.Begin(_now, until, maxTurns);
        Thread[] threads = new Thread[_runners.Length];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(_runners[i].Run) { IsBackground = true, Name = FormattableString.Invariant($"ActorVmm core {i}") };
            threads[i].Start();
        }

        try
        {
            while (!_coordinator.IsOver)
            {
                _storyteller.Wait();
                if (_storyteller.WhileRunning)
                {
                    _storyteller.Tell(_coordinator.Heard);
                }
            }
        }
        catch
        {
            _coordinator.Halt();
            Join(threads);
            throw;
        }

        Join(threads);
        CoreRunner? failed = FailedRunner();
        failed?.EndFailedStep();
        _now = _coordinator.Outcome == RunOutcome.TimeReached ? until : Math.Max(_now, _cores.Max(core => core.Now));
        if (_options.Recording)
        {
            EndRecordedRun(Statistics.Turns - before);
        }

        _storyteller.Tell(static _ => { });
        if (failed is not null)
        {
            _stop = Stopped(failed);
            throw _stop;
        }

        return _coordinator.Outcome;
    }

    private static void Join(Thread[] threads)
    {
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    /// <summary>Of several failures one counts: nothing that followed from the others has left their cores.</summary>
    private CoreRunner? FailedRunner()
    {
        CoreRunner? first = null;
        foreach (CoreRunner runner in _runners.Where(runner => runner.Failure is not null))
        {
            if (first is null)
            {
                first = runner;
            }
            else
            {
                runner.Discard();
            }
        }

        return first;
    }

    private MachineStoppedException Stopped(CoreRunner failed)
    {
        Core core = failed.Core;
        var turn = failed.Failure as MachineStoppedException;
        Exception cause = turn?.InnerException ?? failed.Failure!;
        string type = core.Actors[core.Latest].Actor?.GetType().Name ?? "an actor";
        return new MachineStoppedException(core.Latest, type, Statistics.Turns, core.LatestKind, new Ticks(core.Now), cause)
        {
            Delivery = turn?.Delivery, Chain = turn?.Chain ?? 0, Choices = turn?.Choices ?? [], Births = turn?.Births ?? [],
        };
    }

    /// <summary>So that nothing is on its way; recorded as a run without turns.</summary>
    private void TakeInEverything()
    {
        if (_recorder.HasInputs)
        {
            EndRecordedRun(0);
        }

        _tickets.Begin();
        _storyteller.BeginRun();
        bool any;
        do
        {
            any = false;
            foreach (CoreRunner runner in _runners)
            {
                any |= runner.Drain();
            }
        }
        while (any);

        foreach (CoreRunner runner in _runners)
        {
            runner.Log?.Publish();
        }

        _storyteller.Tell(static _ => { });
        if (_options.Recording)
        {
            EndRecordedRun(0);
        }
    }

    private void Remember(ExternalInput input)
    {
        if (_options.Recording)
        {
            _recorder.Hear(in input);
        }
    }

    private void EndRecordedRun(long turns) => _recorder.End([.. _runners.Select(runner => runner.TakeRecord())], turns, _now);

    private void RefuseAfterEnd()
    {
        if (_stop is not null)
        {
            throw new InvalidOperationException("the machine has stopped: " + _stop.Message, _stop);
        }

        if (_storyteller.Failed)
        {
            throw new InvalidOperationException("the machine cannot go on: a listener threw, so it has missed something");
        }
    }

    private void RefuseInsideRun()
    {
        if (_running)
        {
            throw new InvalidOperationException("a turn is under way: an actor acts through its outbox, not on its host");
        }
    }
}
