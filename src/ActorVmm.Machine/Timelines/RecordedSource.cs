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

    protected RecordedSource(RecordedRun run, Scenario scenario, string host, TimeProvider clock)
    {
        (Run, _scenario) = (run, scenario);
        Deliveries = run.Deliveries();
        _states = new StoredStates(run, host, Deliveries, clock);
    }

    public long? Length => Deliveries;

    public Ticks? Until => null;

    protected RecordedRun Run { get; }

    /// <summary>Deliveries that were recorded.</summary>
    protected long Deliveries { get; }

    protected SimulatedMachine? Machine { get; private set; }

    public SimulatedMachine Build(IReadOnlyList<IFactListener> facts, IReadOnlyList<ITurnListener> turns) =>
        Machine = MachineBuilder.Build(_scenario, facts, options => HostOf(options with { TurnListeners = turns }));

    public virtual void Restored(long delivery)
    {
    }

    public virtual void Check(RunOutcome outcome)
    {
        long turns = Machine!.Host.Statistics.Turns;
        if (outcome == RunOutcome.Quiescent && turns < Deliveries)
        {
            throw Diverged(new Divergence(turns + 1, ActorId.Outside, FormattableString.Invariant($"nothing is left to deliver, and {Deliveries} deliveries were recorded")));
        }
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

    protected DivergedException Diverged(Divergence divergence) => new(divergence, Run.Started.KernelVersion);
}
