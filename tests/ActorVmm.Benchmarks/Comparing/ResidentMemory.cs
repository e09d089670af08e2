namespace ActorVmm.Benchmarks.Comparing;

/// <summary>What the program takes: objects that are alive, and, where the system tells, memory that is resident.</summary>
internal readonly record struct ResidentMemory(long Managed, long Resident)
{
    public static ResidentMemory Now()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return new ResidentMemory(managed, self.WorkingSet64);
    }

    public static ResidentMemory operator -(ResidentMemory later, ResidentMemory earlier) =>
        new(later.Managed - earlier.Managed, later.Resident - earlier.Resident);
}
