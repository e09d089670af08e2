namespace ActorVmm.Runtime.Parallel;

/// <summary>What a <see cref="ReplayHost"/> is built with. The seed is that of the recorded run; choices come from the record.</summary>
public sealed record ReplayOptions : HostOptions
{
    public ReplayOptions()
    {
    }

    public ReplayOptions(HostOptions options)
        : base(options)
    {
    }

    /// <summary>
    /// On how many threads a whole replay runs. With more than one nobody listens, because nothing has an order then; replay by
    /// pieces, and with listeners, is done on one.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>Another linear extension of the same run: of the steps that can begin, the one that came last is the first.</summary>
    public bool AnotherOrder { get; init; }
}

/// <summary>
/// Does a recorded parallel run again: the same turns, draws, ids and times, to the same fingerprint. The machine is put
/// together as it was: the same actors are created in the same order, also those that were created between runs. What was
/// injected comes from the record; the builder may inject it again and must then say the same.
/// <para>
/// Turn N is a place in the recorded linear extension, so <c>Run(maxTurns: n)</c> stops at any delivery, and a turn listener
/// hears the rows of all deliveries (receiver, sender, sender's count, Now) with their numbers.
/// </para>
/// </summary>
public sealed class ReplayHost : IHost, ICoreListener
{
    private readonly ParallelRecord _record;
    private readonly ReplayOptions _options;
    private readonly Homes _homes = new();
    private readonly OutsideWorld _outside = new();
    private readonly ReplayedCore[] _cores;
    private readonly Core[] _plain;
    private readonly ExternalInput[] _creations;
    private readonly ExternalInput[] _injections;
    private readonly List<(IActor Actor, Role Role)> _given = [];
    private int _born;
    private int _injected;
    private int _run;
    private bool _inRun;
    private bool _running;
    private bool _failed;
    private long _turns;
    private long _now;

    public ReplayHost(ParallelRecord record, ReplayOptions options)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        if (options.Threads > 1 && options.FactListeners.Count + options.TurnListeners.Count > 0)
        {
            throw new ArgumentException("a replay that somebody listens to runs on one thread", nameof(options));
        }

        _record = record;
        _options = options;
        ICoreListener? listener = options.Outside is null ? null : this;
        _cores = [.. Enumerable.Range(0, record.Cores).Select(index => new ReplayedCore(index, record.Cores, options, _homes, listener))];
        _plain = [.. _cores.Select(core => core.Core)];
        Roads.Connect(_plain, () => new BatchQueue());
        ExternalInput[] inputs = [.. record.Runs.ToArray().SelectMany(run => run.Inputs)];
        _creations = [.. inputs.Where(input => input.Kind == ExternalKind.Created)];
        _injections = [.. inputs.Where(input => input.Kind == ExternalKind.Injected)];
    }

    public Ticks Now => new(_now);

    public HostStatistics Statistics => CoreSum.Of(_plain) with { Turns = _turns };

    /// <summary>Whether the record has been replayed to its end.</summary>
    public bool AtEnd => _run == _record.Runs.Length;

    public ActorId Create(IActor actor, Role role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        RefuseInsideRun();
        if (_given.Count == _creations.Length)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"only {_creations.Length} actors were created from outside in the recorded run"));
        }

        _given.Add((actor, role));
        return _creations[_given.Count - 1].Actor;
    }

    public void Inject(ActorId to, in Message message)
    {
        RefuseInsideRun();
        if (_injected == _injections.Length
            || _injections[_injected].Actor != to
            || !Message.BodyOf(in message).SequenceEqual(Message.BodyOf(in _injections[_injected].Said))
            || message.Kind != _injections[_injected].Said.Kind)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"message number {_injected + 1} from outside, to {to}, is not the recorded one"));
        }

        _injected++;
    }

    /// <returns>
    /// <see cref="RunOutcome.Quiescent"/> at the end of the record when nothing was left to do there, <see cref="RunOutcome.TurnsReached"/>
    /// when there was.
    /// </returns>
    /// <exception cref="ReplayDivergedException">The record does not fit; names the first difference.</exception>
    /// <exception cref="MachineStoppedException">The recorded run ended so.</exception>
    public RunOutcome Run(Ticks? until = null, long? maxTurns = null)
    {
        RefuseInsideRun();
        if (_failed)
        {
            throw new InvalidOperationException("the replay cannot go on: it has stopped or differs");
        }

        bool threads = _options.Threads > 1 && until is null && maxTurns is null && !_inRun;
        _running = true;
        try
        {
            return threads ? RunOnThreads() : RunHere((until ?? Ticks.Never).Value, maxTurns ?? long.MaxValue);
        }
        catch
        {
            _failed = true;
            throw;
        }
        finally
        {
            _running = false;
        }
    }

    public Fingerprint Fingerprint(IEncodable? shared = null) =>
        RunFingerprint.Of([.. _plain.Select(core => core.Actors)], shared);

    /// <summary>An actor's chain and turns so far; false when it does not exist.</summary>
    public bool TryChain(ActorId actor, out ulong chain, out long turns) => CoreSum.TryChain(_plain, _homes, actor, out chain, out turns);

    void ICoreListener.Left(in Delivery delivery)
    {
        if (_options.Threads == 1)
        {
            _options.Outside!.Left(in delivery);
            return;
        }

        lock (_injections)
        {
            _options.Outside!.Left(in delivery);
        }
    }

    private RunOutcome RunHere(long until, long turns)
    {
        while (Enter())
        {
            ReplayedCore? core = Next();
            if (core is null)
            {
                Leave();
                continue;
            }

            if (!core.InStep)
            {
                if (core.Now > until)
                {
                    _now = Math.Max(_now, until);
                    return RunOutcome.TimeReached;
                }

                Begin(core);
            }

            for (; core.TurnsLeft > 0; turns--)
            {
                if (turns == 0)
                {
                    return RunOutcome.TurnsReached;
                }

                core.Core.Turn.Number = _turns;
                Guarded(core);
                _turns = core.Core.Turn.Number;
            }

            core.EndStep();
        }

        return AtRest() ? RunOutcome.Quiescent : RunOutcome.TurnsReached;
    }

    private void Begin(ReplayedCore core)
    {
        core.BeginStep();
        _now = Math.Max(_now, core.Now);
    }

    /// <summary>What cannot be carried out stops the machine as in the recorded run.</summary>
    private static void Guarded(ReplayedCore replayed)
    {
        Core core = replayed.Core;
        try
        {
            replayed.TakeTurn();
        }
        catch (Exception cause) when (cause is not (MachineStoppedException or ReplayDivergedException) && !core.Turn.Telling)
        {
            string type = core.Actors[core.Latest].Actor?.GetType().Name ?? "an actor";
            throw new MachineStoppedException(core.Latest, type, core.Turn.Number, core.LatestKind, new Ticks(core.Now), cause);
        }
    }

    private RunOutcome RunOnThreads()
    {
        while (Enter())
        {
            ReplayThreads.Run(_cores, _options.Threads, Guarded);
            Leave();
        }

        _turns = _record.Deliveries;
        return AtRest() ? RunOutcome.Quiescent : RunOutcome.TurnsReached;
    }

    /// <summary>Enters the next recorded run, if none is under way; false at the end of the record.</summary>
    private bool Enter()
    {
        if (_inRun || AtEnd)
        {
            return _inRun;
        }

        RecordedRun run = _record.Runs[_run];
        foreach (ExternalInput input in run.Inputs)
        {
            Hear(in input);
        }

        for (int i = 0; i < _cores.Length; i++)
        {
            _cores[i].Open(in run.Cores[i]);
        }

        _inRun = true;
        return true;
    }

    private void Leave()
    {
        _now = _record.Runs[_run].EndsAt;
        _run++;
        _inRun = false;
    }

    private void Hear(in ExternalInput input)
    {
        switch (input.Kind)
        {
            case ExternalKind.Created:
                if (_born == _given.Count)
                {
                    throw new InvalidOperationException(FormattableString.Invariant($"{input.Actor} was created from outside; the replay was not given it"));
                }

                _homes.Settle(input.Actor, input.Home);
                _plain[input.Home].Bear(input.Actor, _given[_born].Actor, _given[_born].Role, _outside.NextChild());
                _born++;
                break;
            case ExternalKind.Injected:
                _outside.Inject(_plain, _homes, input.Actor, in input.Said);
                break;
            case ExternalKind.Moved:
                _plain[_homes[input.Actor]].Move(input.Actor, _plain[input.Home]);
                _homes.Settle(input.Actor, input.Home);
                break;
        }
    }

    /// <summary>Whose step comes next: in the order in which steps ended, or in another that extends happens-before.</summary>
    private ReplayedCore? Next()
    {
        ReplayedCore? next = null;
        foreach (ReplayedCore core in _cores)
        {
            if (core.InStep)
            {
                return core;
            }

            if (core.HasStep && (next is null || Precedes(core, next)))
            {
                next = core;
            }
        }

        return next;
    }

    /// <summary>In the other order, of the steps that can begin the one comes first that came last.</summary>
    private bool Precedes(ReplayedCore core, ReplayedCore other) =>
        !_options.AnotherOrder ? core.Ticket < other.Ticket
        : core.CanBegin == other.CanBegin ? core.Ticket > other.Ticket
        : core.CanBegin;

    private bool AtRest() => _plain.All(core => !core.HasReady && core.EarliestTimer == long.MaxValue && !core.Roads.AnythingIn());

    private void RefuseInsideRun()
    {
        if (_running)
        {
            throw new InvalidOperationException("a turn is under way: an actor acts through its outbox, not on its host");
        }
    }
}
