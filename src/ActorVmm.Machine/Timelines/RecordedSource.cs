using ActorVmm.Actors;
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

    public long? Length => Deliveries;

    public Ticks? Until => null;

    protected RecordedRun Recorded { get; }

    /// <summary>Deliveries that were recorded.</summary>
    protected long Deliveries { get; }

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

    public virtual long? DeliveryAt(Ticks time) => null;

    public virtual void Dispose()
    {
        _states.Dispose();
        _scenario.Dispose();
    }

    /// <summary>The host that takes the recorded turns again.</summary>
    protected abstract IRestorableHost HostOf(HostOptions options);

    /// <summary>Takes turns, and throws a <see cref="DivergedException"/> where they are not the recorded ones.</summary>
    protected virtual RunOutcome Go(Ticks? until, long turns) => Host.Run(until, turns);

    protected DivergedException Diverged(Divergence divergence) => new(divergence, Recorded.Started.KernelVersion);
}
