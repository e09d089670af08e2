namespace ActorVmm.Protocol;

/// <summary>How a process with a hard working-set limit chooses which of its pages to give up.</summary>
public enum Replacement : byte
{
    /// <summary>Windows: by age; accessed pages are passed over and grow young again.</summary>
    Windows,

    /// <summary>The page loaded first.</summary>
    Fifo,

    /// <summary>The page whose last access lies furthest back; exact, every access counts.</summary>
    Lru,

    /// <summary>One reference bit, set when a page is loaded; the hand goes in load order.</summary>
    Clock,

    /// <summary>Belady's optimum: the page whose next access lies furthest ahead. Needs a program with <see cref="IForesight"/>.</summary>
    Opt,
}

/// <summary>How a process sees system space, for those who measure what that costs (fact book §2.4).</summary>
public enum SystemMapping : byte
{
    /// <summary>It is not measured: a visit to the system costs no translation.</summary>
    NotMeasured,

    /// <summary>System space is mapped into the process, by translations that survive a context switch.</summary>
    Shared,

    /// <summary>The system has page tables of its own: every visit changes tables twice, and no translation survives.</summary>
    Separate,
}

/// <summary>Limits of a working set, in pages (fact book §1, §18).</summary>
/// <param name="Minimum">Trimming below it happens only when memory is very short; at least 20.</param>
/// <param name="Maximum">Exceeded when memory is plentiful, unless hard.</param>
/// <param name="HardMaximum">The maximum is never exceeded: the process replaces its own pages.</param>
/// <param name="HardMinimum">Pages below the minimum are never taken.</param>
public sealed record WorkingSetLimits(int Minimum = 50, int Maximum = 345, bool HardMaximum = false, bool HardMinimum = false);

/// <summary>A process to be started.</summary>
/// <param name="Name">For people; need not be unique.</param>
/// <param name="Threads">One program per thread, at least one.</param>
public sealed record ProcessPlan(string Name, IReadOnlyList<IProgram> Threads)
{
    public WorkingSetLimits WorkingSet { get; init; } = new();

    public Replacement Replacement { get; init; } = Replacement.Windows;

    /// <summary>The most private commit of the process, in pages; PAGEFILE_QUOTA_EXCEEDED above it.</summary>
    public ulong CommitQuota { get; init; } = ulong.MaxValue;

    /// <summary>Windows thread priority of its threads, 1 to 15.</summary>
    public byte Priority { get; init; } = 8;

    /// <summary>Priority 0 to 7 of the pages its threads fault in.</summary>
    public byte MemoryPriority { get; init; } = 5;

    /// <summary>The same thread by thread, for the first threads; the others have that of the process (fact book §22).</summary>
    public IReadOnlyList<byte> ThreadMemoryPriorities { get; init; } = [];

    /// <summary>
    /// Whether it is the system's own process: its threads run in kernel mode, its memory is pool, and its working set is the system working set.
    /// </summary>
    public bool IsSystem { get; init; }

    /// <summary>Which of <see cref="MachinePlan.Jobs"/> it belongs to, from 1; 0 for none.</summary>
    public int Job { get; init; }

    /// <summary>How it sees system space.</summary>
    public SystemMapping SystemMapping { get; init; }

    /// <summary>Whether it holds SeLockMemoryPrivilege, without which nobody gets large pages.</summary>
    public bool LockMemoryPrivilege { get; init; }

    /// <summary>Whether its image knows large addresses, so that it gets what <see cref="Platform.UserMegabytes"/> says.</summary>
    public bool LargeAddressAware { get; init; }

    /// <summary>
    /// Whether the process stays when its last thread has ended, so that its memory can be looked at; otherwise it exits.
    /// </summary>
    public bool Lingers { get; init; }
}

/// <summary>A job: a group of processes with limits on their memory (fact book §18, §21).</summary>
/// <param name="Name">For people.</param>
public sealed record JobPlan(string Name)
{
    /// <summary>The most private commit of each of its processes, in pages (JOB_OBJECT_LIMIT_PROCESS_MEMORY).</summary>
    public ulong ProcessMemory { get; init; } = ulong.MaxValue;

    /// <summary>The most private commit of all of them together, in pages (JOB_OBJECT_LIMIT_JOB_MEMORY).</summary>
    public ulong JobMemory { get; init; } = ulong.MaxValue;

    /// <summary>Working-set limits of each of its processes (JOB_OBJECT_LIMIT_WORKINGSET); null for their own.</summary>
    public WorkingSetLimits? WorkingSet { get; init; }
}

/// <summary>A paging file (fact book §21).</summary>
/// <param name="Pages">Size at the start, in pages; at least 256.</param>
public sealed record PagingFilePlan(uint Pages)
{
    /// <summary>Size it may grow to, in pages.</summary>
    public uint MaximumPages { get; init; } = Pages;

    /// <summary>Ticks one transfer takes, whatever its length, before <see cref="TicksPerPage"/>.</summary>
    public Distribution Latency { get; init; } = Distribution.Constant(4_000_000);

    /// <summary>Ticks more for each page of a transfer.</summary>
    public long TicksPerPage { get; init; } = 10_000;

    /// <summary>How many transfers the device works on at once.</summary>
    public int QueueDepth { get; init; } = 4;

    /// <summary>The device that it lies on, from 1; 0 for one of its own, without drivers.</summary>
    public int Device { get; init; }

    /// <summary>Ticks that an extension of the file takes.</summary>
    public long ExtensionTicks { get; init; }
}

/// <summary>A file on a disk of its own.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Length">Bytes.</param>
public sealed record FilePlan(string Name, ulong Length)
{
    /// <summary>Its first bytes; the others are zero.</summary>
    public ReadOnlyMemory<byte> Contents { get; init; }

    /// <summary>Ticks one transfer takes, whatever its length, before <see cref="TicksPerPage"/>.</summary>
    public Distribution Latency { get; init; } = Distribution.Constant(4_000_000);

    /// <summary>Ticks more for each page of a transfer.</summary>
    public long TicksPerPage { get; init; } = 10_000;

    /// <summary>How many transfers the disk works on at once.</summary>
    public int QueueDepth { get; init; } = 4;
}

/// <summary>Thresholds of the memory manager, in pages unless said otherwise (fact book §1, §18 to §20). 0 where the machine's size decides.</summary>
public sealed record MemoryPolicy
{
    /// <summary>Below this many available pages memory is low: working sets are trimmed at once.</summary>
    public int LowAvailable { get; init; }

    /// <summary>Trimming goes on until this many pages are available.</summary>
    public int PlentyAvailable { get; init; }

    /// <summary>The modified-page writer starts at this many modified pages, whatever is available.</summary>
    public int ModifiedMaximum { get; init; }

    /// <summary>Most pages in one write to a paging file; 1 to 16 (64 KB).</summary>
    public int WriteCluster { get; init; } = 16;

    /// <summary>Most pages in one read from a paging file; 1 to 16 (64 KB).</summary>
    public int ReadCluster { get; init; } = 16;

    /// <summary>Writes the modified-page writer keeps in flight.</summary>
    public int WritesInFlight { get; init; } = 4;

    /// <summary>The zero-page thread wakes at this many free pages.</summary>
    public int ZeroThreadWake { get; init; } = 8;

    /// <summary>Frames the zero-page thread takes at a time; 1 to 6.</summary>
    public int ZeroBatch { get; init; } = 6;

    /// <summary>At most this many available pages: the low-memory notification is signalled (fact book §1); the high one at three times as many.</summary>
    public int LowNotification { get; init; }

    /// <summary>Period of the working-set manager's tick.</summary>
    public Ticks ManagerPeriod { get; init; } = Ticks.FromSeconds(1);

    /// <summary>Accesses a thread may make in one turn; 1 under exploration.</summary>
    public int Quantum { get; init; } = 256;

    /// <summary>Frames a process may keep ready beyond those it needs now; 0 to 6.</summary>
    public int FrameCache { get; init; } = 6;

    /// <summary>Pages of system space that a system call, or a fault, touches on its way; 1 to 48.</summary>
    public int SystemPagesPerCall { get; init; } = 12;

    /// <summary>Whether each turn's thread is a recorded choice (exploration) instead of the next in turn.</summary>
    public bool ChooseThreads { get; init; }

    /// <summary>A rule that is taken out, to see whether the race laboratory misses it; none in every machine that is meant to work.</summary>
    public KernelRule Without { get; init; }

    /// <summary>Compare contents on every access instead of only when a page enters or leaves a PTE.</summary>
    public bool CheckEveryAccess { get; init; }
}

/// <summary>What turns cost, in ticks; what an experiment cares about is their ratios to device latencies.</summary>
public sealed record TurnCosts
{
    public long Access { get; init; } = 2;

    public long PageWalk { get; init; } = 30;

    public long SoftFault { get; init; } = 500;

    public long DemandZeroFault { get; init; } = 800;

    public long HardFault { get; init; } = 2_000;

    public long Call { get; init; } = 1_000;

    public long ZeroPage { get; init; } = 250;

    public long FrameOperation { get; init; } = 60;

    public long TrimmedPage { get; init; } = 150;
}

/// <summary>Limits of system space, in pages; 0 where the machine's size decides (fact book §23).</summary>
public sealed record SystemPlan
{
    /// <summary>The most non-paged pool.</summary>
    public ulong NonPagedPool { get; init; }

    /// <summary>The most paged pool.</summary>
    public ulong PagedPool { get; init; }

    /// <summary>The most non-paged pool that one process may be charged for.</summary>
    public ulong NonPagedPoolQuota { get; init; } = ulong.MaxValue;

    /// <summary>The most paged pool that one process may be charged for.</summary>
    public ulong PagedPoolQuota { get; init; } = ulong.MaxValue;

    /// <summary>The most pages that drivers can have mapped at once (system PTEs).</summary>
    public uint SystemPtes { get; init; }

    /// <summary>Whether every thread has a kernel stack: charged, in memory while it runs, and out-swapped while it waits for long.</summary>
    public bool KernelStacks { get; init; }
}

/// <summary>A simulated computer.</summary>
/// <param name="Frames">Installed physical pages, at least 10: a page of each of two processes, and its tables.</param>
public sealed record MachinePlan(uint Frames)
{
    /// <summary>Virtual processors, 1 to 64.</summary>
    public int Processors { get; init; } = 2;

    public IReadOnlyList<PagingFilePlan> PagingFiles { get; init; } = [];

    /// <summary>Files that are there when it starts.</summary>
    public IReadOnlyList<FilePlan> Files { get; init; } = [];

    /// <summary>Devices with stacks of drivers.</summary>
    public IReadOnlyList<DevicePlan> Devices { get; init; } = [];

    /// <summary>Limits of system space.</summary>
    public SystemPlan System { get; init; } = new();

    /// <summary>Jobs that processes can belong to.</summary>
    public IReadOnlyList<JobPlan> Jobs { get; init; } = [];

    /// <summary>Its processor, and the Windows it runs.</summary>
    public Platform Platform { get; init; } = new();

    public MemoryPolicy Policy { get; init; } = new();

    public TurnCosts Costs { get; init; } = new();
}

/// <summary>From this step's start for its duration, keep this many processes alive.</summary>
public sealed record LoadStep(Ticks Duration, int Processes);

/// <summary>What goes wrong by order of the scenario.</summary>
public enum InjectionKind : byte
{
    /// <summary>A paging file's latencies are multiplied by Factor for Duration.</summary>
    DeviceSlow,

    /// <summary>Reads from a paging file fail for Duration, each with a chance of Factor in a thousand.</summary>
    ReadError,

    /// <summary>Writes to a paging file fail for Duration, each with a chance of Factor in a thousand.</summary>
    WriteError,

    /// <summary>Every process is asked to give up its whole working set (RAMMap's Empty Working Sets).</summary>
    EmptyWorkingSets,

    /// <summary>The modified list is written out (RAMMap's Empty Modified Page List).</summary>
    FlushModifiedList,

    /// <summary>A process is ended while it runs; Target is its index among those started.</summary>
    KillProcess,

    /// <summary>Every standby page loses its frame (RAMMap's Empty Standby List).</summary>
    PurgeStandbyList,

    /// <summary>Every standby page of the lowest priority loses its frame (RAMMap's Empty Priority 0 Standby List).</summary>
    PurgeLowPriorityStandbyList,

    /// <summary>The device of a paging file is gone for Duration; for good when that is 0.</summary>
    DeviceOffline,

    /// <summary>A paging file cannot be extended for Duration; never again when that is 0.</summary>
    ExtensionError,

    /// <summary>Frames fail: Factor of them from Target on. What is in them is gone.</summary>
    BadPage,
}

/// <summary>One thing that goes wrong at one time.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">Which paging file (0 to 15) or process.</param>
/// <param name="Factor">How much.</param>
/// <param name="Duration">How long.</param>
public sealed record Injection(Ticks At, InjectionKind Kind, int Target = 0, int Factor = 1, Ticks Duration = default)
{
    /// <summary>Whether Target is one of the machine's files instead of a paging file.</summary>
    public bool OfFile { get; init; }
}

/// <summary>Everything the operator does to a machine.</summary>
public sealed record OperatorPlan
{
    public IReadOnlyList<ProcessPlan> Processes { get; init; } = [];

    /// <summary>When empty, all processes start at once and run until their threads have ended.</summary>
    public IReadOnlyList<LoadStep> Load { get; init; } = [];

    public IReadOnlyList<Injection> Injections { get; init; } = [];

    /// <summary>Sections, made before any process starts. A section's name is its place here, from 1.</summary>
    public IReadOnlyList<SectionPlan> Sections { get; init; } = [];
}

/// <summary>When the operator closes the handle with which it made a section.</summary>
public enum SectionClosing : byte
{
    /// <summary>Never: the section lives as long as the machine.</summary>
    Never,

    /// <summary>At a time of its own; views that there are keep the section, but its name is gone.</summary>
    AtTime,

    /// <summary>When everything else that the scenario asks for has happened.</summary>
    AtEnd,
}

/// <summary>A section that the operator makes (fact book §13).</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Pages">Its length, from 1; of an image what it takes in memory.</param>
public sealed record SectionPlan(string Name, ulong Pages)
{
    /// <summary>What NtCreateSection is asked for; 0 for the length of the file, or the size of the image.</summary>
    public ulong Bytes { get; init; } = Pages << PageSize.Shift;

    /// <summary>SEC_COMMIT, SEC_RESERVE or SEC_IMAGE.</summary>
    public SectionAttributes Attributes { get; init; } = SectionAttributes.Commit;

    /// <summary>What its views may do.</summary>
    public PageProtection Protection { get; init; } = PageProtection.ExecuteReadWrite;

    /// <summary>Which of <see cref="MachinePlan.Files"/> it is on, from 1; 0 for memory backed by paging files.</summary>
    public int File { get; init; }

    /// <summary>Of an image, where it would like to be.</summary>
    public ulong PreferredBase { get; init; }

    public SectionClosing Closing { get; init; }

    /// <summary>The time, when it is closed at one.</summary>
    public Ticks ClosesAt { get; init; }

    /// <summary>Whether its pages are there from the first moment on: all but those of SEC_RESERVE.</summary>
    public bool IsCommitted => (Attributes & SectionAttributes.Reserve) == 0;

    public bool IsImage => (Attributes & SectionAttributes.Image) != 0;
}
