using ActorVmm.Actors;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>A run on several cores, of which the boundaries of the batches between them were recorded.</summary>
internal sealed class ParallelSource(RecordedRun run, Scenario scenario, TimeProvider clock) : RecordedSource(run, scenario, "parallel", clock)
{
    protected override IRestorableHost HostOf(HostOptions options) => new ReplayHost(new Pieces(Recorded), new ReplayOptions(options));

    protected override RunOutcome Go(Ticks? until, long turns)
    {
        try
        {
            return base.Go(until, turns);
        }
        catch (ReplayDivergedException difference)
        {
            throw Diverged(difference.Divergence);
        }
    }

    /// <summary>The rows of the run as a replay wants them, from any delivery on.</summary>
    private sealed class Pieces(RecordedRun run) : IParallelRecording
    {
        public int Cores { get; } = run.Events().OfType<BoundaryBatch>().First().Record.Cores;

        public IEnumerable<ParallelPiece> From(long delivery) =>
            run.Events(delivery).OfType<BoundaryBatch>().Select(batch => new ParallelPiece(batch.FirstDelivery - 1, batch.Record));
    }
}
