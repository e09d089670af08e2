using Akka.Actor;
using ActorIdentity = ActorVmm.Actors.ActorIdentity;

namespace ActorVmm.Akka;

/// <summary>
/// The same actors on Akka.NET: each has a shell with a mailbox under <c>/user/machine</c>, and dispatchers decide whose turn
/// it is. Virtual time runs at a multiple of real time, and jumps ahead when nothing is deliverable anywhere.
/// <para>
/// Turns are taken inside <see cref="Run"/> only. Listeners are told on the thread that called it, in one linear extension of
/// happens-before; a turn's number is its place there. What a turn costs and how many processors the machine has is of no
/// consequence here.
/// </para>
/// </summary>
public sealed partial class AkkaHost : IChainedHost, IStoppableHost, IAdoptingHost, IDisposable
{
    private readonly AkkaHostOptions _options;
    private readonly Registry _registry = new();
    private readonly PathNames _names = new();
    private readonly Conductor _conductor;
    private readonly Chronicle? _chronicle;
    private readonly AkkaRecord? _record;
    private readonly Desks _desks;
    private readonly ActorSystem _system;
    private readonly IActorRef _machine;
    private readonly bool _ownsSystem;
    private HostStatistics _counted;
    private MachineStoppedException? _stop;
    private volatile bool _running;

    /// <summary>A host in an actor system that somebody else keeps; it was made with <see cref="HostConfiguration"/>.</summary>
    /// <param name="system">Where the machine's actor is made, under <see cref="AkkaHostOptions.Name"/>.</param>
    /// <param name="options">What the machine is run with.</param>
    public AkkaHost(ActorSystem system, AkkaHostOptions options)
        : this(system, options, ownsSystem: false)
    {
    }

    private AkkaHost(ActorSystem system, AkkaHostOptions options, bool ownsSystem)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Chooser is null ? options : options with { Chooser = new SharedChooser(options.Chooser) };
        _system = system;
        _ownsSystem = ownsSystem;
        _record = options.Recording ? new AkkaRecord() : null;
        bool listened = options.FactListeners.Count > 0 || options.TurnListeners.Count > 0 || options.Outside is not null;
        _chronicle = listened || options.Recording ? new Chronicle(options, _record) : null;
        _conductor = new Conductor(_registry, options, _chronicle);
        _desks = new Desks(() => new Desk(_options, _registry, _conductor, _chronicle, MoveIn));
        _machine = system.ActorOf(MachineActor.Props(_conductor, _desks), options.Name);
    }

    public Ticks Now => _conductor.Now;

    public HostStatistics Statistics
    {
        get
        {
            HostStatistics sum = _counted with { TimersFired = _conductor.TimersFired, ActorsCreated = _registry.Born };
            sum.Messages += _conductor.TimersFired;
            foreach (Desk desk in _desks.All)
            {
                HostStatistics one = desk.Statistics;
                sum.Turns += one.Turns;
                sum.Messages += one.Messages;
                sum.Dropped += one.Dropped;
                sum.SentOutside += one.SentOutside;
                sum.ActorsStopped += one.ActorsStopped;
            }

            return sum;
        }
    }

    /// <inheritdoc/>
    public MachineStoppedException? Stop => _stop;

    /// <summary>The run so far, when <see cref="AkkaHostOptions.Recording"/> was asked for.</summary>
    public AkkaRecord Record => _record ?? throw new InvalidOperationException("the run is not recorded");

    /// <summary>A host in an actor system of its own, which ends with it.</summary>
    /// <param name="options">What the machine is run with.</param>
    /// <param name="overrides">What is different from <see cref="HostConfiguration.Reference"/>.</param>
    public static AkkaHost Start(AkkaHostOptions options, Overrides? overrides = null) =>
        new((overrides ?? Overrides.None).Start("actorvmm"), options, ownsSystem: true);

    public ActorId Create(IActor actor, Role role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        RefuseInsideRun();
        lock (_registry.Rare)
        {
            ref ActorCounts counts = ref _registry.Outside.Cell.Counts;
            ActorIdentity identity = ActorIdentity.Outside.Child(counts.Children);
            counts.Children++;
            Resident resident = _registry.Bear(_registry.Reserve(), actor, role, identity);
            MoveIn(resident);
            return resident.Id;
        }
    }

    public void Inject(ActorId to, in Message message)
    {
        RefuseInsideRun();
        Resident receiver = _registry.Receiver(ActorId.Outside, to, message.Kind);
        int count = unchecked(++_registry.Outside.Cell.Sent);
        if (receiver.HasStopped)
        {
            _counted.Dropped++;
            return;
        }

        _counted.Messages++;
        _conductor.LayBy(receiver, new Letter(in message, ActorId.Outside, _registry.Outside.Cell.Identity, count, place: 0));
    }

    public RunOutcome Run(Ticks? until = null, long? maxTurns = null)
    {
        RefuseInsideRun();
        RefuseAfterTheEnd();
        long end = (until ?? Ticks.Never).Value;
        if (end < Now.Value)
        {
            return RunOutcome.TimeReached;
        }

        _running = true;
        try
        {
            _conductor.Begin(end, maxTurns ?? long.MaxValue);
            ThreadPool.UnsafeQueueUserWorkItem(static conductor => conductor.Start(), _conductor, preferLocal: false);
            TellUntilOver();
        }
        finally
        {
            _running = false;
        }

        RefuseAfterTheEnd();
        if (_conductor.Failed is { } failure)
        {
            _stop = StoppedBy(failure);
            throw _stop;
        }

        return _conductor.Outcome;
    }

    public Fingerprint Fingerprint(IEncodable? shared = null)
    {
        RefuseInsideRun();
        StateHasher hasher = new();
        Fingerprint sum = RunFingerprint.OfShared(shared, hasher);
        foreach (Resident resident in _registry.Everybody)
        {
            sum = sum.With(RunFingerprint.OfActor(hasher, ref resident.Cell));
        }

        return sum;
    }

    /// <summary>The machine's actors leave the actor system, which ends too when it was made here.</summary>
    public void Dispose()
    {
        if (_ownsSystem)
        {
            _system.Terminate().GetAwaiter().GetResult();
            _system.Dispose();
        }
        else
        {
            _system.Stop(_machine);
        }
    }

    private void MoveIn(Resident resident) => _machine.Tell(new MoveIn(resident, _names.NameOf(resident.Cell.Actor!)));

    private void TellUntilOver()
    {
        if (_chronicle is null)
        {
            _conductor.WaitUntilOver();
            return;
        }

        try
        {
            _chronicle.TellUntil(() => _conductor.IsOver);
        }
        catch
        {
            _conductor.Halt();
            _chronicle.DropUntil(() => _conductor.IsOver);
            throw;
        }
    }

    /// <summary>The turn that threw is the last of the run: nothing of it has left, so nothing came after it.</summary>
    private MachineStoppedException StoppedBy(Failure failure)
    {
        _counted.Turns++;
        return new MachineStoppedException(
            failure.Actor, failure.ActorType, Statistics.Turns, failure.Delivery.Kind, failure.Delivery.Now, failure.Cause)
        {
            Delivery = failure.Stop?.Delivery,
            Chain = failure.Stop?.Chain ?? 0,
            Choices = failure.Stop?.Choices ?? [],
            Births = failure.Stop?.Births ?? [],
        };
    }

    private void RefuseAfterTheEnd()
    {
        if (_stop is not null)
        {
            throw new InvalidOperationException("the machine has stopped: " + _stop.Message, _stop);
        }

        if (_chronicle is { Failed: true })
        {
            throw new InvalidOperationException("the machine cannot go on: a listener threw, so it has missed something");
        }

        if (_conductor.Broken is { } cause)
        {
            throw new InvalidOperationException("the machine cannot go on, because letters may be lost: " + cause.Message, cause);
        }
    }

    private void RefuseInsideRun()
    {
        if (_running)
        {
            throw new InvalidOperationException("a turn is under way: an actor acts through its outbox, not on its host");
        }
    }

    /// <summary>A chooser need not know that several threads ask it.</summary>
    private sealed class SharedChooser(IChooser chooser) : IChooser
    {
        private readonly Lock _asking = new();

        public int Choose(in ChoicePoint point)
        {
            lock (_asking)
            {
                return chooser.Choose(in point);
            }
        }
    }
}
