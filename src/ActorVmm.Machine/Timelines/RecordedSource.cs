using ActorVmm.Actors;
using ActorVmm.Journal;
using ActorVmm.Journal.Reading;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>What timelines of recorded runs have in common: the run's length, its snapshots, and what it means when it ends early.</summary>
internal abstract class RecordedSource : ITimelineSource
{
    private readonly Scenario _scenario;
    private readonly StoredStates _states;
    private IRestorableHost? _host;

    protected RecordedSource(RecordedRun run, Scenario scenario, string host, TimeProvider clock)
    {
        (Recorded, _scenario) = (run, scenario);
        Deliveries = run.Deliveries();
        _states = new StoredStates(run, host, Deliveries, clock);
    }

    /// <summary>Deliveries that were recorded.</summary>
    public long Deliveries { get; }

    public long? Length => Deliveries;

    public Ticks? Until => null;

    protected RecordedRun Recorded { get; }

    protected IHost Host => _host ?? throw new InvalidOperationException("the machine has not been put together");

    public SimulatedMachine Build(IReadOnlyList<IFactListener> facts, IReadOnlyList<ITurnListener> turns) =>
        MachineBuilder.Build(_scenario, facts, options => _host = HostOf(options with { TurnListeners = turns }));

    public virtual void Restored(long delivery)
    {
    }

    public RunOutcome Run(Ticks? until, long turns)
    {
        RunOutcome outcome = Go(until, turns);
        long taken = Host.Statistics.Turns;
        return outcome != RunOutcome.Quiescent || taken == Deliveries
            ? outcome
            : throw Diverged(new Divergence(taken + 1, ActorId.Outside, FormattableString.Invariant($"nothing is left to deliver, and {Deliveries} deliveries were recorded")));
    }

    public MachineCheckpoint? Stored(SimulatedMachine machine, long before, long after) => _states.Find(machine, before, after);

    public long NextToStore(long position) => _states.NextMissing(position);

    public void Store(MachineCheckpoint checkpoint) => _states.Add(checkpoint);

    /// <summary>Waits until the states that were laid are stored, and says why they are not; null when they are.</summary>
    public JournalException? Flush() => _states.Flush();

    public virtual long? DeliveryAt(Ticks time) => null;

    public virtual void Dispose()
    {
        _states.Dispose();
        _scenario.Dispose();
    }

    /// <summary>The host that takes the recorded turns again.</summary>
    protected abstract IRestorableHost HostOf(HostOptions options);

    /// <summary>Takes turns, and throws a <see cref="RunDivergedException"/> where they are not the recorded ones.</summary>
    protected virtual RunOutcome Go(Ticks? until, long turns) => Host.Run(until, turns);

    protected RunDivergedException Diverged(Divergence divergence) => new(Recorded.Stream, divergence, Recorded.Started.KernelVersion);
}
