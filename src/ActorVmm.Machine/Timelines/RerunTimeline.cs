using ActorVmm.Actors;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A run that is not recorded but run again: a deterministic host gives the same run whenever it is asked. Works over any host that
/// can be taken back.
/// </summary>
public sealed class RerunTimeline : MachineTimeline
{
    /// <param name="scenario">What to run; disposed with the timeline.</param>
    /// <param name="until">The run ends at this virtual time.</param>
    /// <param name="memory">Bytes that checkpoints may take, roughly; they lie further apart when there is less.</param>
    /// <param name="hostOf">Where the actors run; the deterministic host when left out.</param>
    public RerunTimeline(Scenario scenario, Ticks? until = null, long memory = CheckpointShelf.UsualMemory, Func<HostOptions, IRestorableHost>? hostOf = null)
        : base(new Source(scenario, until, hostOf ?? (options => new DeterministicHost(options))), memory)
    {
    }

    private sealed class Source(Scenario scenario, Ticks? until, Func<HostOptions, IRestorableHost> hostOf) : ITimelineSource
    {
        private IHost? _host;

        public long? Length => null;

        public Ticks? Until => until;

        public SimulatedMachine Build(IReadOnlyList<IFactListener> facts, IReadOnlyList<ITurnListener> turns) =>
            MachineBuilder.Build(scenario, facts, options => _host = hostOf(options with { TurnListeners = turns }));

        public void Restored(long delivery)
        {
        }

        public RunOutcome Run(Ticks? until, long turns) => _host!.Run(until, turns);

        public MachineCheckpoint? Stored(SimulatedMachine machine, long before, long after) => null;

        public long NextToStore(long position) => long.MaxValue;

        public void Store(MachineCheckpoint checkpoint)
        {
        }

        public long? DeliveryAt(Ticks time) => null;

        public void Dispose() => scenario.Dispose();
    }
}
