using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A recorded run to stand in: as long as it was recorded, and the same, delivery by delivery, or a <see cref="DivergedException"/>
/// says where it is not. Snapshots in the journal make any point of a long run a moment away.
/// </summary>
public sealed class RecordedTimeline : MachineTimeline
{
    /// <param name="run">The run; its store stays open as long as the timeline.</param>
    /// <param name="scenario">What was run; disposed with the timeline.</param>
    /// <param name="clock">Says when snapshots were written.</param>
    /// <param name="memory">Bytes that checkpoints may take, roughly.</param>
    public RecordedTimeline(RecordedRun run, Scenario scenario, TimeProvider clock, long memory = CheckpointShelf.UsualMemory)
        : base(SourceOf(run, scenario, clock), memory) => Run = run;

    public RecordedRun Run { get; }

    private static RecordedSource SourceOf(RecordedRun run, Scenario scenario, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(scenario);
        return run.Started.Host is FollowedSource.HostKind ? new FollowedSource(run, scenario, clock)
            : Replayer.HasBoundaries(run) ? new ParallelSource(run, scenario, clock)
            : new DeliveredSource(run, scenario, clock);
    }
}
