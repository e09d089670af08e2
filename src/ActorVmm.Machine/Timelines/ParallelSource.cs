using ActorVmm.Actors;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Replaying;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>A run on several cores, of which the boundaries of the batches between them were recorded.</summary>
internal sealed class ParallelSource(RecordedRun run, Scenario scenario, TimeProvider clock) : RecordedSource(run, scenario, HostKind, clock)
{
    public const string HostKind = "parallel";

    protected override IRestorableHost HostOf(HostOptions options) => new ReplayHost(new BoundaryReader(Recorded), new ReplayOptions(options));

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
}
