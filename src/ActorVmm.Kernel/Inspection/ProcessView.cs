namespace ActorVmm.Kernel.Inspection;

/// <summary>A process as it stands between two turns. A copy: nobody changes a machine through it.</summary>
public sealed record ProcessView
{
    public required string Name { get; init; }

    /// <summary>Its number among the processes started; what it is called where names are not unique.</summary>
    public required int Serial { get; init; }

    public required ProcessState State { get; init; }

    public required WorkingSetLimits Limits { get; init; }

    public required Replacement Replacement { get; init; }

    /// <summary>Priority of the pages that its threads fault in.</summary>
    public required int MemoryPriority { get; init; }

    /// <summary>Kernel stacks of its threads that are in memory, and that are out.</summary>
    public required (int Resident, int Out) KernelStacks { get; init; }

    /// <summary>Pages in its working set.</summary>
    public required int WorkingSet { get; init; }

    public required int PeakWorkingSet { get; init; }

    /// <summary>Pages charged to its private memory.</summary>
    public required ulong PrivateCommit { get; init; }

    /// <summary>Pages of address space in its VADs.</summary>
    public required ulong VirtualPages { get; init; }

    public required ulong PeakVirtualPages { get; init; }

    /// <summary>Page tables that exist, in memory or paged out.</summary>
    public required int PageTables { get; init; }

    /// <summary>Page tables in memory.</summary>
    public required int ResidentPageTables { get; init; }

    /// <summary>Zeroed frames it keeps ready.</summary>
    public required int FramesKept { get; init; }

    public required long Accesses { get; init; }

    public required long PageFaults { get; init; }

    public required IReadOnlyList<ThreadView> Threads { get; init; }

    /// <summary>Reads from paging files that are open.</summary>
    public required IReadOnlyList<InPageView> Reads { get; init; }

    /// <summary>Pages about which the PFN database was asked and has not answered.</summary>
    public required IReadOnlyList<Vpn> SoftFaults { get; init; }
}

/// <summary>A thread.</summary>
/// <param name="Index">Its number in the process.</param>
/// <param name="Position">Operations it has completed.</param>
/// <param name="WaitsFor">What it waits for, in words; "ready" when for nothing but its turn.</param>
/// <param name="Page">The page of the fault or read it waits for; 0 when it waits for none.</param>
/// <param name="Visitor">It carries out one operation for somebody outside the process.</param>
public readonly record struct ThreadView(int Index, long Position, string WaitsFor, Vpn Page, bool Visitor);

/// <summary>A read of pages from a paging file, as the faulting process knows it.</summary>
/// <param name="First">First page.</param>
/// <param name="Count">Pages.</param>
/// <param name="Slot">Slot of the first; the others follow.</param>
/// <param name="Reading">The device reads; otherwise it waits for frames.</param>
/// <param name="Wanted">Mask of pages that threads have faulted on.</param>
/// <param name="Deleted">Mask of pages deleted meanwhile.</param>
public readonly record struct InPageView(Vpn First, int Count, PagingFileSlot Slot, bool Reading, int Wanted, int Deleted);

/// <summary>A virtual address descriptor, and what its pages are.</summary>
/// <param name="Start">First page.</param>
/// <param name="End">Last page.</param>
/// <param name="Commit">Pages charged to it.</param>
/// <param name="Protection">As given when it was reserved.</param>
/// <param name="Committed">The whole range was committed when it was made.</param>
public sealed record VadView(Vpn Start, Vpn End, ulong Commit, PageProtection Protection, bool Committed)
{
    public ulong Pages => End.Value - Start.Value + 1;

    /// <summary>What kind it is, in the debugger's words.</summary>
    public required string Type { get; init; }

    /// <summary>What it is a view of; null when it is private memory.</summary>
    public MappedPart? Part { get; init; }

    /// <summary>Pages in memory for this process.</summary>
    public required int Valid { get; init; }

    /// <summary>Pages trimmed but perhaps still in memory.</summary>
    public required int Transition { get; init; }

    /// <summary>Pages in a paging file.</summary>
    public required int PagedOut { get; init; }
}

/// <summary>The part of a section that a view shows.</summary>
/// <param name="Section">The actor that is the section.</param>
/// <param name="First">First page in the section.</param>
/// <param name="Segment">What backs it.</param>
public sealed record MappedPart(ActorId Section, ulong First, SegmentKind Segment);
