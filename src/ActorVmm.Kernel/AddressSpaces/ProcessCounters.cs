namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// What a process is asked about afterwards: they outlive its address space. A process that never accessed memory has none of them.
/// </summary>
internal sealed class ProcessCounters : IEncodable
{
    /// <summary>Accesses completed, or ended by an exception.</summary>
    public long Accesses;

    /// <summary>Accesses that faulted, each counted once.</summary>
    public long PageFaults;

    public int PeakWorkingSetPages;

    /// <summary>What visits to the system have cost; null when that is not measured.</summary>
    public SystemVisits? Visits;

    private readonly long[] _faults = new long[(int)FaultKind.AccessViolation + 1];

    /// <summary>Page faults by kind; page-table faults are extra.</summary>
    public Span<long> Faults => _faults;

    public void Encode(StateCodec codec)
    {
        codec.Field("accesses", ref Accesses);
        codec.Field("page faults", ref PageFaults);
        codec.Field("peak working set", ref PeakWorkingSetPages);
        codec.Values("faults", _faults);
        codec.Addition("system visits", ref Visits);
    }
}
