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

    /// <summary>R1: who faults on a page that is being read waits for that read.</summary>
    CollidedFault,

    /// <summary>R3: a page that was mapped again while it was being written stays in its PTE.</summary>
    ReferencedAfterWrite,

    /// <summary>R5: pages are deleted after a soft fault on them was answered.</summary>
    FreeDuringFault,

    /// <summary>R6: the frame of a page that was deleted while it was being written is free when the write has ended.</summary>
    DeletedInFlight,

    /// <summary>R2, R19: a page that is deleted while it is read leaves frame and slot to the read.</summary>
    DeletedDuringRead,

    /// <summary>R7, R8: a process that ends stays until sections have answered it.</summary>
    ExitWithShares,

    /// <summary>R9, R11: who has waited for memory repeats the access from its beginning.</summary>
    RepeatedAccess,

    /// <summary>R10: frames that are being zeroed are not available.</summary>
    ZeroBatch,

    /// <summary>R13: a page whose frame was given away is looked for in its paging file.</summary>
    RepurposedPage,

    /// <summary>R14: when a soft fault is answered, the page's protection is looked at again.</summary>
    ProtectDuringFault,

    /// <summary>R15: a guard page tells one thread.</summary>
    GuardOnce,

    /// <summary>R16, R17: a copy made for copy-on-write is used only if the page is still there to be replaced.</summary>
    CopyRecheck,
}
