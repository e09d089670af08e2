namespace ActorVmm.Cli.Explaining;

/// <summary>A code with which a machine stops, in words.</summary>
/// <param name="Code">Its number.</param>
/// <param name="Name">What Windows calls it.</param>
/// <param name="When">When it occurs.</param>
/// <param name="Places">Files under <c>src</c> that give it; empty where the simulated kernel has no such code.</param>
internal sealed record BugCheck(uint Code, string Name, string When, params string[] Places);

/// <summary>The bug checks that memory management is about (the fact book's vocabulary).</summary>
internal static class BugChecks
{
    public static IReadOnlyList<BugCheck> All { get; } =
    [
        new(0xA, "IRQL_NOT_LESS_OR_EQUAL", "Kernel code at a raised interrupt level touched memory that is pageable or gone: such a fault cannot be served."),
        new(0x1A, "MEMORY_MANAGEMENT", "The memory manager found its own state broken: a PTE, a working set or a count is not what it must be.", "ActorVmm.Actors/Delivery.cs", "ActorVmm.Kernel/AddressSpaces/PageMapping.cs", "ActorVmm.Kernel/Faults/PageFault.cs"),
        new(0x1E, "KMODE_EXCEPTION_NOT_HANDLED", "Kernel code raised an exception that nobody handled."),
        new(0x4D, "NO_PAGES_AVAILABLE", "A frame was needed at once, and there is none.", "ActorVmm.Kernel/Frames/FrameLists.cs"),
        new(0x4E, "PFN_LIST_CORRUPT", "The PFN database is broken: a frame is on no list, on the wrong one, or freed while it is in use (0x99: wrong state; 0x8F: the zeroed or free list does not match its count).", "ActorVmm.Kernel/Frames/FrameLists.cs", "ActorVmm.Kernel/Frames/PfnDatabase.cs"),
        new(0x50, "PAGE_FAULT_IN_NONPAGED_AREA", "A system address was touched at which nothing is."),
        new(0x76, "PROCESS_HAS_LOCKED_PAGES", "A process has ended while pages of it were still locked for I/O: whoever locked them never let go."),
        new(0x77, "KERNEL_STACK_INPAGE_ERROR", "A page of a kernel stack could not be read back from the paging file."),
        new(0x7A, "KERNEL_DATA_INPAGE_ERROR", "A page of kernel data could not be read back from the paging file."),
        new(0xBE, "ATTEMPTED_WRITE_TO_READONLY_MEMORY", "Kernel code stored to a page that is read-only."),
        new(0xC1, "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION", "Somebody wrote beyond, or before, an allocation of special pool."),
        new(0xCB, "DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS", "As 0x76, when locked pages are tracked: it names the driver."),
        new(0xD1, "DRIVER_IRQL_NOT_LESS_OR_EQUAL", "A driver at a raised interrupt level touched memory that is pageable or gone."),
        new(0xFC, "ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY", "Kernel code was to be executed from a page without the right to execute."),
    ];

    /// <summary>The bug check of a number; null when memory management has none.</summary>
    public static BugCheck? Find(uint number) => All.FirstOrDefault(check => check.Code == number);
}
