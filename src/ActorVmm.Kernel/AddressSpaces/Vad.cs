namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// A virtual address descriptor: one allocation, or one view of a section (fact book §3).
/// </summary>
internal struct Vad : IEncodable
{
    /// <summary>First page.</summary>
    public Vpn Start;

    /// <summary>Last page.</summary>
    public Vpn End;

    /// <summary>Pages charged to this allocation.</summary>
    public ulong CommitCharge;

    /// <summary>Protection given when it was reserved; what a query calls AllocationProtect.</summary>
    public PageProtection AllocationProtection;

    /// <summary>The same as a 5-bit code.</summary>
    public ProtectionCode Protection;

    /// <summary>The whole range was committed when it was made: a zero PTE means demand zero with <see cref="Protection"/>.</summary>
    public bool MemCommit;

    public VadKind Kind;

    public VadFlags Flags;

    /// <summary>Of a view: its place in the table of views; else 0.</summary>
    public int View;

    public readonly bool IsView => View != 0;

    /// <summary>Whether an address is all there is: a piece of a reserved range that only placeholder calls may change.</summary>
    public readonly bool IsPlaceholder => (Flags & VadFlags.Placeholder) != 0;

    public readonly bool IsPool => Kind is VadKind.NonPagedPool or VadKind.PagedPool;

    public readonly bool IsSecured => (Flags & VadFlags.NoChange) != 0;

    public readonly ulong Pages => End.Value - Start.Value + 1;

    public readonly bool Contains(Vpn page) => page.Value >= Start.Value && page.Value <= End.Value;

    public void Encode(StateCodec codec)
    {
        codec.Field("start", ref Start);
        codec.Field("end", ref End);
        codec.Field("commit charge", ref CommitCharge);
        codec.Field("allocation protection", ref AllocationProtection);
        codec.Field("protection", ref Protection);
        codec.Field("mem commit", ref MemCommit);
        codec.Field("kind", ref Kind);
        codec.Field("flags", ref Flags);
        codec.Field("view", ref View);
    }
}

/// <summary>Kinds of VAD (fact book §3).</summary>
internal enum VadKind : byte
{
    /// <summary>Ordinary private memory.</summary>
    None,

    /// <summary>A window for frames that the program maps itself (MEM_PHYSICAL).</summary>
    Awe,

    /// <summary>Stores to its pages are marked (MEM_WRITE_WATCH).</summary>
    WriteWatch,

    /// <summary>Locked pages that a driver has mapped (fact book §24).</summary>
    DevicePhysicalMemory,

    /// <summary>Pool of the system that is always in memory.</summary>
    NonPagedPool,

    /// <summary>Pool of the system that can be paged.</summary>
    PagedPool,

    /// <summary>The kernel stack of a thread.</summary>
    KernelStack,

    /// <summary>Large pages: always in memory, in no working set.</summary>
    LargePages,
}

/// <summary>What else is true of a VAD.</summary>
[Flags]
internal enum VadFlags : byte
{
    None = 0,

    /// <summary>Neither its protection nor its existence may be changed.</summary>
    NoChange = 1,

    /// <summary>It keeps a place for something that will replace it (fact book §6.4).</summary>
    Placeholder = 2,

    /// <summary>It has replaced a placeholder and can be turned back into one.</summary>
    ReplacedPlaceholder = 4,
}
