using ActorVmm.Journal;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A recorded run to stand in: as long as it was recorded, and the same, delivery by delivery, or a <see cref="RunDivergedException"/>
/// says where it is not. Snapshots in the journal make any point of a long run a moment away.
/// </summary>
public sealed class RecordedTimeline : MachineTimeline
{
    private const long IndexStep = 1 << 20;

    private readonly RecordedSource _source;
    private readonly IDisposable? _store;

    /// <param name="run">The run; its store stays open as long as the timeline.</param>
    /// <param name="scenario">What was run; disposed with the timeline.</param>
    /// <param name="clock">Says when snapshots were written.</param>
    /// <param name="memory">Bytes that checkpoints may take, roughly.</param>
    /// <param name="store">What is disposed of with the timeline.</param>
    public RecordedTimeline(RecordedRun run, Scenario scenario, TimeProvider clock, long memory = CheckpointShelf.UsualMemory, IDisposable? store = null)
        : this(run, SourceOf(run, scenario, clock), memory, store)
    {
    }

    private RecordedTimeline(RecordedRun run, RecordedSource source, long memory, IDisposable? store)
        : base(source, memory) => (Run, _source, _store) = (run, source, store);

    public RecordedRun Run { get; }

    /// <summary>Goes through the whole run, so that snapshots are laid wherever they are missing.</summary>
    /// <exception cref="RunDivergedException">It is not what was recorded.</exception>
    /// <exception cref="JournalException">They cannot be stored.</exception>
    public void Index(CancellationToken cancel)
    {
        Seek(0, cancel);
        while (Position < Length && Stop is null && !cancel.IsCancellationRequested)
        {
            Seek(Math.Min(Position + IndexStep, Length.Value), cancel);
        }

        if (_source.Flush() is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>What a recorded run is taken again with.</summary>
    internal static RecordedSource SourceOf(RecordedRun run, Scenario scenario, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(scenario);
        return run.Started.Host is FollowedSource.HostKind ? new FollowedSource(run, scenario, clock)
            : Replayer.HasBoundaries(run) ? new ParallelSource(run, scenario, clock)
            : new DeliveredSource(run, scenario, clock);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _store?.Dispose();
        }
    }
}
