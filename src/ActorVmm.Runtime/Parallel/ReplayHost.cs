using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// Does a recorded parallel run again: the same turns, draws, ids and times, to the same fingerprint. The machine is put
/// together as it was: the same actors are created in the same order, also those that were created between runs. What was
/// injected comes from the record; the builder may inject it again and must then say the same.
/// <para>
/// Turn N is a place in the recorded linear extension, so <c>Run(maxTurns: n)</c> stops at any delivery, and a turn listener
/// hears the rows of all deliveries (receiver, sender, sender's count, Now) with their numbers.
/// </para>
/// </summary>
public sealed partial class ReplayHost : IRestorableHost, IChainedHost, ICoreListener
{
    private readonly RecordCursor _record;
    private readonly ReplayOptions _options;
    private readonly Homes _homes = new();
    private readonly OutsideWorld _outside = new();
    private readonly ReplayedCore[] _cores;
    private readonly Core[] _plain;
    private readonly CoreGroup _group;
    private readonly RecordedInputs _inputs;
    private readonly List<GivenActor> _given = [];
    private readonly Lock _leaving = new();
    private int _creations;
    private int _injections;
    private int _heard;
    private int _ended;
    private bool _inRun;
    private bool _running;
    private bool _failed;
    private long _turns;
    private long _now;

    /// <param name="record">What to do again, a <see cref="ParallelRecord"/> or a longer record piece by piece.</param>
    /// <param name="options">As the recorded run was given them.</param>
    public ReplayHost(IParallelRecording record, ReplayOptions options)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        if (options.Threads > 1 && options.FactListeners.Count + options.TurnListeners.Count > 0)
        {
            throw new ArgumentException("a replay that somebody listens to runs on one thread", nameof(options));
        }

        _record = new RecordCursor(record);
        _inputs = new RecordedInputs(record);
        _options = options;
        ICoreListener? listener = options.Outside is null ? null : this;
        _cores = [.. Enumerable.Range(0, record.Cores).Select(index => new ReplayedCore(index, record.Cores, options, _homes, listener))];
        _plain = [.. _cores.Select(core => core.Core)];
        Roads.Connect(_plain, () => new BatchQueue());
        _group = new CoreGroup(_plain, _homes, _outside);
        _record.GoTo(default);
    }

    public Ticks Now => new(_now);

    public HostStatistics Statistics => _group.Statistics with { Turns = _turns };

    /// <summary>Whether the record has been replayed to its end.</summary>
    public bool AtEnd => _record.Run is null;

    public ActorId Create(IActor actor, Role role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        RefuseInsideRun();
        if (!_inputs.TryNextCreation(out ExternalInput creation))
        {
            throw new InvalidOperationException(FormattableString.Invariant($"only {_creations} actors were created from outside in the recorded run"));
        }

        _creations++;
        _given.Add(new GivenActor(actor, role));
        HearWhatWasGiven();
        return creation.Actor;
    }

    public void Inject(ActorId to, in Message message)
    {
        RefuseInsideRun();
        _injections++;
        if (!_inputs.TryNextInjection(out ExternalInput injection)
            || injection.Actor != to
            || !Message.BodyOf(in message).SequenceEqual(Message.BodyOf(in injection.Said))
            || message.Kind != injection.Said.Kind)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"message number {_injections} from outside, to {to}, is not the recorded one"));
        }
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
        RefuseAfterEnd();
        long turns = maxTurns ?? long.MaxValue;
        _running = true;
        try
        {
            if (_options.Threads > 1 && until is null && !_inRun)
            {
                turns -= RunOnThreads(turns);
            }

            return RunHere((until ?? Ticks.Never).Value, turns);
        }
        catch (ReplayDivergedException difference)
        {
            _failed = true;
            difference.Number(_turns);
            throw;
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

    public Fingerprint Fingerprint(IEncodable? shared = null) => _group.Fingerprint(shared);

    /// <summary>An actor's chain and turns so far; false when it does not exist.</summary>
    public bool TryChain(ActorId actor, out ulong chain, out long turns) => _group.TryChain(actor, out chain, out turns);

    void ICoreListener.Left(in Delivery delivery)
    {
        if (_options.Threads == 1)
        {
            _options.Outside!.Left(in delivery);
            return;
        }

        lock (_leaving)
        {
            _options.Outside!.Left(in delivery);
        }
    }

    private RunOutcome RunHere(long until, long turns)
    {
        while (_inRun || Enter(turns))
        {
            if (turns == 0 && _turns < _record.End)
            {
                return RunOutcome.TurnsReached;
            }

            ReplayedCore? core = Next();
            if (core is null)
            {
                Leave();
                continue;
            }

            if (core.Now > until && core.StepTurns > 0)
            {
                _now = Math.Max(_now, until);
                return RunOutcome.TimeReached;
            }

            if (!core.InStep)
            {
                Begin(core);
            }

            turns -= TakeTurns(core, turns);
            if (core.TurnsLeft > 0)
            {
                return RunOutcome.TurnsReached;
            }

            core.EndStep();
        }

        return AtEnd && AtRest() ? RunOutcome.Quiescent : RunOutcome.TurnsReached;
    }

    private void Begin(ReplayedCore core)
    {
        core.BeginStep();
        _now = Math.Max(_now, core.Now);
    }

    private long TakeTurns(ReplayedCore core, long most)
    {
        long turns = Math.Min(core.TurnsLeft, most);
        core.Core.Turn.Number = _turns;
        try
        {
            core.TakeTurns(turns);
        }
        finally
        {
            _turns = core.Core.Turn.Number;
        }

        return turns;
    }

    /// <summary>Enters the next recorded run; not one with turns when no more are allowed, so that the machine stays between two.</summary>
    private bool Enter(long turns)
    {
        if (_record.Run is not { } run || (turns == 0 && run.Turns > 0))
        {
            return false;
        }

        for (; _heard < run.Inputs.Length; _heard++)
        {
            Hear(in run.Inputs[_heard]);
        }

        Open(run);
        return true;
    }

    private void Open(RecordedRun run)
    {
        for (int i = 0; i < _cores.Length; i++)
        {
            _cores[i].Open(in run.Cores[i]);
        }

        _inRun = true;
    }

    private void Leave()
    {
        RecordedRun run = _record.Run!;
        _now = run.EndsAt;
        _ended = run.Turns > 0 ? 1 : _ended + 1;
        _heard = 0;
        _inRun = false;
        _record.Advance();
    }

    /// <summary>Before the next recorded run, hears what came from outside, up to the first actor that the replay was not given.</summary>
    private void HearWhatWasGiven()
    {
        while (!_inRun && _record.Run is { } run && _heard < run.Inputs.Length
            && (run.Inputs[_heard].Kind != ExternalKind.Created || _outside.Children < _given.Count))
        {
            Hear(in run.Inputs[_heard++]);
        }
    }

    private void Hear(in ExternalInput input)
    {
        switch (input.Kind)
        {
            case ExternalKind.Created:
                int born = _outside.Children;
                if (born == _given.Count)
                {
                    throw new InvalidOperationException(FormattableString.Invariant($"{input.Actor} was created from outside; the replay was not given it"));
                }

                _homes.Reserved(input.Actor.Value + 1);
                _homes.Settle(input.Actor, input.Home);
                _plain[input.Home].Bear(input.Actor, _given[born].Born(), _given[born].Role, _outside.NextChild());
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

    private void RefuseAfterEnd()
    {
        if (_failed)
        {
            throw new InvalidOperationException("the replay cannot go on: it has stopped or differs");
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
