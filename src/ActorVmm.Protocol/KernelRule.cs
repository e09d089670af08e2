namespace ActorVmm.Protocol;

/// <summary>A rule of the memory manager that can be taken out of a machine that is explored (fact book §17).</summary>
public enum KernelRule : byte
{
    /// <summary>All rules hold.</summary>
    None,

    /// <summary>R4: a page that was stored to while it was being written is written again.</summary>
    RedirtiedPage,

    /// <summary>R2: when a page has been read, its protection is looked at again.</summary>
    InPageRecheck,

    /// <summary>R6, R7: a process that ends stays until its reads have ended.</summary>
    ExitInFlight,
}
