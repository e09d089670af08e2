using ActorVmm.Actors;

namespace ActorVmm.Machine.Metrics;

/// <summary>What listens to the facts of a run so that its metrics are known; each only where some metric needs it.</summary>
/// <param name="metrics">The metrics that are asked for.</param>
/// <param name="peaks">Whether the most pages in each state are wanted anyway.</param>
internal sealed class RunListeners(IReadOnlyList<string> metrics, bool peaks)
{
    public FaultLatencies? Latencies { get; } = RunMetrics.NeedLatencies(metrics) ? new FaultLatencies() : null;

    public FactCounts? Facts { get; } = RunMetrics.NeedFacts(metrics) ? new FactCounts() : null;

    public StatusCounts? Statuses { get; } = RunMetrics.NeedStatuses(metrics) ? new StatusCounts() : null;

    public PagePeaks? Peaks { get; } = peaks ? new PagePeaks() : null;

    public IEnumerable<IFactListener> All => new IFactListener?[] { Latencies, Facts, Statuses, Peaks }.OfType<IFactListener>();
}
