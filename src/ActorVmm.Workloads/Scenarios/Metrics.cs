namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// What a run has measured, by name. Times are nanoseconds, memory is pages, shares go from 0 to 1; everything else is a count.
/// </summary>
public interface IMetrics
{
    /// <summary>
    /// Finds a number by a name as expectations write it, without blanks: `violations`, `hardFaults.p99`, `workingSet(db)`,
    /// `pages.standby(5)`.
    /// </summary>
    bool TryGet(string name, out double value);
}

/// <summary>Metrics kept in a table.</summary>
public sealed class MetricTable : IMetrics
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _values.Keys;

    public double this[string name]
    {
        set => _values[name] = value;
    }

    public bool TryGet(string name, out double value) => _values.TryGetValue(name, out value);
}
