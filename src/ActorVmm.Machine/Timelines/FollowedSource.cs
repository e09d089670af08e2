using ActorVmm.Actors;
using ActorVmm.Journal.Reading;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Timelines;

/// <summary>A recorded run of the deterministic host: it runs again, and every turn is compared with its row.</summary>
internal sealed class FollowedSource(RecordedRun run, Scenario scenario, TimeProvider clock) : RecordedSource(run, scenario, HostKind, clock)
{
    public const string HostKind = "deterministic";

    private readonly JournalFollower _follower = new(run);

    /// <summary>Time goes forward from row to row on this host, so a binary search finds it.</summary>
    public override long? DeliveryAt(Ticks time)
    {
        long low = 0;
        for (long high = Deliveries; low < high;)
        {
            long middle = high - ((high - low) / 2);
            if (_follower[middle].Now <= time.Value)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    protected override IRestorableHost HostOf(HostOptions options)
    {
        var host = new DeterministicHost(options with { TurnListeners = [_follower, .. options.TurnListeners] });
        _follower.Attach(host);
        return host;
    }
}
