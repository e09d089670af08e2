namespace ActorVmm.Protocol;

// What a Process hears, and what it answers to those who asked it something.

/// <summary>Its threads may start.</summary>
public readonly record struct StartProcess : IMessage
{
    public const int Kind = 100;

    static int IMessage.Kind => Kind;
}

/// <summary>Run the next thread for a quantum of accesses (one access under exploration).</summary>
public readonly record struct RunThreads : IMessage
{
    public const int Kind = 101;

    static int IMessage.Kind => Kind;
}

/// <summary>The PFN database grants zeroed frames; they are the process's until it returns, trims or deletes them.</summary>
public readonly record struct FramesGranted(FrameBatch Frames) : IMessage
{
    public const int Kind = 102;

    static int IMessage.Kind => Kind;
}

/// <summary>The PFN database has frames for a read from a paging file; the row lists them, in page order.</summary>
/// <param name="Block">The in-page block that asked.</param>
/// <param name="Mdl">The row; as many frames as pages are to be read.</param>
/// <param name="Offset">Which page of the block is the first of them: not 0 when fewer were granted than asked for.</param>
public readonly record struct ReadFramesGranted(int Block, MdlId Mdl, int Offset) : IMessage
{
    public const int Kind = 103;

    static int IMessage.Kind => Kind;
}

/// <summary>A paging file has read the pages of an in-page block, or failed to.</summary>
public readonly record struct PageRead(int Block, NtStatus Status) : IMessage
{
    public const int Kind = 104;

    static int IMessage.Kind => Kind;
}

/// <summary>What the PFN database found where a transition PTE points.</summary>
public enum SoftFaultResult : byte
{
    /// <summary>The page came from standby; it is the process's again.</summary>
    RelinkedFromStandby,

    /// <summary>The page came from the modified list, or from under a write; it is the process's again, and dirty.</summary>
    RelinkedFromModified,

    /// <summary>The frame has been given to somebody else; the page is in its slot.</summary>
    Repurposed,

    /// <summary>Asked by a peek: the page is still there.</summary>
    StillThere,

    /// <summary>The page was repurposed, and an earlier answer, about a neighbour, has said so already.</summary>
    Handed,

    /// <summary>The page was modified and its frame has failed: its contents are gone.</summary>
    Lost,
}

/// <summary>Answers <see cref="SoftFault"/>.</summary>
/// <param name="Vpn">The page asked for.</param>
/// <param name="Slot">Where the page is when it is <see cref="SoftFaultResult.Repurposed"/>: the slot of its original PTE, or none for a page of zeros.</param>
/// <param name="Pfn">The frame asked for.</param>
/// <param name="Generation">The hint asked for.</param>
/// <param name="Result">What was found.</param>
/// <param name="WriteInProgress">The frame is being written to a paging file at this moment.</param>
/// <param name="Before">When repurposed: as many pages before this one were repurposed too, and lie before it in the paging file.</param>
/// <param name="After">The same for pages after it.</param>
public readonly record struct SoftFaultAnswered(
    Vpn Vpn, PagingFileSlot Slot, Pfn Pfn, Generation Generation, SoftFaultResult Result, bool WriteInProgress, int Before, int After) : IMessage
{
    public const int Kind = 105;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="ChargeCommit"/>: Success, or COMMITMENT_LIMIT with nothing charged.</summary>
public readonly record struct CommitAnswered(ulong Pages, int Request, NtStatus Status) : IMessage
{
    public const int Kind = 106;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Give up pages. On pass k the pages whose age is at least 3 − k go, until Goal pages have gone; pass 4 takes any page that is
/// not locked. An accessed page is never taken on the pass that found it accessed.
/// </summary>
/// <param name="Goal">Pages wanted; 0 only lets pages age.</param>
/// <param name="Pass">0 to 4.</param>
/// <param name="BelowMinimum">Whether the minimum of the working set may be undercut.</param>
public readonly record struct TrimWorkingSet(int Goal, int Pass, int BelowMinimum) : IMessage
{
    public const int Kind = 107;

    static int IMessage.Kind => Kind;
}

/// <summary>Return frames that are kept ready and not in use.</summary>
public readonly record struct RecallFrames : IMessage
{
    public const int Kind = 108;

    static int IMessage.Kind => Kind;
}

/// <summary>A thread's pause is over.</summary>
public readonly record struct ThreadWakes(int Thread) : IMessage
{
    public const int Kind = 109;

    static int IMessage.Kind => Kind;
}

/// <summary>End the process; reads in flight are waited for, everything else is given back at once.</summary>
public readonly record struct ExitProcess(NtStatus Status) : IMessage
{
    public const int Kind = 110;

    static int IMessage.Kind => Kind;
}

/// <summary>Carry out one operation as if a thread of the process had met it; answered by <see cref="Performed"/>.</summary>
/// <param name="Operation">What to do. An access whose argument is 1 to 8 moves as many bytes, which must lie within one page.</param>
/// <param name="Request">Comes back with the answer.</param>
/// <param name="Thread">The number of the thread that it is done for; −1 for one of another process, whose stack is elsewhere.</param>
/// <param name="Value">The bytes of a store, little-endian.</param>
public readonly record struct Perform(Operation Operation, uint Request, int Thread = 0, ulong Value = 0) : IMessage
{
    public const int Kind = 111;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="Perform"/>.</summary>
/// <param name="Base">Where a call took effect, after rounding; the address of an access.</param>
/// <param name="Size">Bytes a call concerned, after rounding; the value that a load read.</param>
/// <param name="Status">How it ended.</param>
/// <param name="OldProtection">Of the first page, before a change of protection.</param>
/// <param name="Request">As asked.</param>
public readonly record struct Performed(ulong Base, ulong Size, NtStatus Status, PageProtection OldProtection, ulong Request) : IMessage
{
    public const int Kind = 112;

    static int IMessage.Kind => Kind;
}

/// <summary>NtQueryVirtualMemory, class Basic; answered by <see cref="MemoryQueried"/>.</summary>
public readonly record struct QueryMemory(VirtualAddress Address) : IMessage
{
    public const int Kind = 113;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="QueryMemory"/> (fact book §9). An AllocationBase of 0 is free space; Size 0 is an invalid address.</summary>
/// <param name="Base">The page asked for.</param>
/// <param name="AllocationBase">Start of its allocation.</param>
/// <param name="Size">Bytes from Base to the end of the run of pages alike.</param>
/// <param name="State">MEM_COMMIT, MEM_RESERVE or MEM_FREE.</param>
/// <param name="Protection">Of these pages; 0 when reserved.</param>
/// <param name="AllocationProtection">As given when the allocation was made.</param>
public readonly record struct MemoryQueried(ulong Base, ulong AllocationBase, ulong Size, RegionState State, ushort Protection, ushort AllocationProtection) : IMessage
{
    public const int Kind = 114;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="TakeRow"/>: the row is the asker's until it gives it back.</summary>
public readonly record struct RowGranted(MdlId Mdl, uint Request) : IMessage
{
    public const int Kind = 150;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="LockPages"/>: from now on the frames of the row stay what they are.</summary>
public readonly record struct PagesLocked(MdlId Mdl, uint Request) : IMessage
{
    public const int Kind = 151;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Copies bytes between this process and the copies of a row, packed, from its first on, as a thread of another process that has attached to
/// this one: NtReadVirtualMemory and NtWriteVirtualMemory. Answered by <see cref="BytesCopied"/>.
/// </summary>
/// <param name="Address">First byte here.</param>
/// <param name="Bytes">At most those of the row.</param>
/// <param name="Mdl">The row.</param>
/// <param name="Request">The asker's number.</param>
/// <param name="Write">Not 0 to store them here.</param>
public readonly record struct CopyBytes(ulong Address, uint Bytes, MdlId Mdl, uint Request, int Write) : IMessage
{
    public const int Kind = 152;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="CopyBytes"/>: how many bytes come before the first page that cannot be touched.</summary>
public readonly record struct BytesCopied(uint Bytes, uint Request, NtStatus Status) : IMessage
{
    public const int Kind = 153;

    static int IMessage.Kind => Kind;
}

// What a Process states.

/// <summary>The rows in which page faults are counted.</summary>
public enum FaultKind : byte
{
    DemandZero,
    Transition,
    Hard,
    CopyOnWrite,
    Prototype,
    Guard,
    PageTable,
    Collided,
    AlreadyResolved,
    AccessViolation,
}

/// <summary>A process has started.</summary>
public readonly record struct ProcessStarted(int Serial, int Threads) : IFact
{
    public const int Kind = 100;

    static int IFact.Kind => Kind;
}

/// <summary>A process has given everything back and is gone.</summary>
public readonly record struct ProcessExited(int Serial, NtStatus Status) : IFact
{
    public const int Kind = 101;

    static int IFact.Kind => Kind;
}

/// <summary>An access could not be translated; a fault is being dispatched for the first time.</summary>
public readonly record struct FaultOpened(Vpn Vpn, int Thread, AccessKind Access, byte Reserved, ushort Reserved2) : IFact
{
    public const int Kind = 102;

    static int IFact.Kind => Kind;
}

/// <summary>The kind of a fault is known; each fault is counted here exactly once.</summary>
public readonly record struct FaultCounted(Vpn Vpn, int Thread, FaultKind FaultKind, AccessKind Access, ushort Reserved) : IFact
{
    public const int Kind = 103;

    static int IFact.Kind => Kind;
}

/// <summary>The faulting thread can go on: its access was retried with success, or it got an exception.</summary>
public readonly record struct FaultAnswered(Vpn Vpn, int Thread, NtStatus Status) : IFact
{
    public const int Kind = 104;

    static int IFact.Kind => Kind;
}

/// <summary>
/// A PTE became valid. Table pages are named by their page number in the self-map. InWorkingSet: 1, or 0 for a table page, or 2 for one of a large
/// page, which is in none.
/// </summary>
public readonly record struct PageMapped(Vpn Vpn, ContentStamp Stamp, Pfn Pfn, FaultKind Cause, bool Writable, ushort InWorkingSet) : IFact
{
    public const int Kind = 105;

    static int IFact.Kind => Kind;
}

/// <summary>Why a PTE stopped being valid.</summary>
public enum UnmapCause : byte
{
    Trimmed,
    Replaced,
    ProtectionChanged,
    Deleted,
    Exit,
    FrameFailed,
}

/// <summary>A PTE stopped being valid; unless deleted, it is now a transition PTE with this generation.</summary>
public readonly record struct PageUnmapped(Vpn Vpn, ContentStamp Stamp, Pfn Pfn, Generation Generation, UnmapCause Cause, bool Dirty) : IFact
{
    public const int Kind = 106;

    static int IFact.Kind => Kind;
}

/// <summary>A transition PTE became something else without becoming valid: the page was repurposed (Slot tells where it is) or deleted.</summary>
public readonly record struct HintDropped(Vpn Vpn, PagingFileSlot Slot, Pfn Pfn, int Deleted) : IFact
{
    public const int Kind = 107;

    static int IFact.Kind => Kind;
}

/// <summary>A PTE of paging-file form was deleted with its slot.</summary>
public readonly record struct PagedOutDeleted(Vpn Vpn, PagingFileSlot Slot) : IFact
{
    public const int Kind = 108;

    static int IFact.Kind => Kind;
}

/// <summary>The page's contents changed by stores since it was mapped or last looked at.</summary>
public readonly record struct PageStored(Vpn Vpn, ContentStamp Stamp, Pfn Pfn, uint Reserved) : IFact
{
    public const int Kind = 109;

    static int IFact.Kind => Kind;
}

/// <summary>A valid page was looked at by an access and had these contents (only when every access is checked).</summary>
public readonly record struct PageLoaded(Vpn Vpn, ContentStamp Stamp, Pfn Pfn, uint Reserved) : IFact
{
    public const int Kind = 110;

    static int IFact.Kind => Kind;
}

/// <summary>A read from a paging file was opened for Count pages from First on.</summary>
public readonly record struct InPageOpened(Vpn First, PagingFileSlot Slot, int Block, int Count) : IFact
{
    public const int Kind = 111;

    static int IFact.Kind => Kind;
}

/// <summary>A second thread faulted on a page that is being read, and waits for the same read.</summary>
public readonly record struct WaiterJoined(Vpn Vpn, int Block, int Thread) : IFact
{
    public const int Kind = 112;

    static int IFact.Kind => Kind;
}

/// <summary>The read came back; Mapped and Deleted are masks over the pages of the block.</summary>
public readonly record struct InPageClosed(Vpn First, int Block, NtStatus Status, ushort Mapped, ushort Deleted, int Count) : IFact
{
    public const int Kind = 113;

    static int IFact.Kind => Kind;
}

/// <summary>
/// A memory call of a thread (or of a visitor, thread −1) came back. Type is the type of an allocation or of its end; of a change of protection it is
/// the protection.
/// </summary>
public readonly record struct CallCompleted(ulong Base, ulong Size, NtStatus Status, int Thread, CallService Service, byte Reserved, ushort Reserved2, uint Type) : IFact
{
    public const int Kind = 114;

    static int IFact.Kind => Kind;
}

/// <summary>An exception reached a thread.</summary>
public readonly record struct ExceptionRaised(VirtualAddress Address, NtStatus Status, int Thread) : IFact
{
    public const int Kind = 115;

    static int IFact.Kind => Kind;
}

/// <summary>The charge of the process's address space, after a change: what it should be in the ledger.</summary>
public readonly record struct ProcessCommitChanged(ulong PrivatePages, ulong TablePages) : IFact
{
    public const int Kind = 116;

    static int IFact.Kind => Kind;
}

/// <summary>The working set, after a turn that changed it.</summary>
public readonly record struct WorkingSetCounted(int Pages, int Peak) : IFact
{
    public const int Kind = 117;

    static int IFact.Kind => Kind;
}

/// <summary>A thread waits for memory (R11), or stops waiting.</summary>
public readonly record struct MemoryWait(int Thread, int Begins) : IFact
{
    public const int Kind = 118;

    static int IFact.Kind => Kind;
}

/// <summary>A protection change or a deletion met a page that is being read (R2).</summary>
public readonly record struct ChangedDuringRead(Vpn Vpn, int Block, int Deleted) : IFact
{
    public const int Kind = 119;

    static int IFact.Kind => Kind;
}

/// <summary>Frames kept ready by the process after a change; they count as zeroed.</summary>
public readonly record struct FramesKept(int Count) : IFact
{
    public const int Kind = 120;

    static int IFact.Kind => Kind;
}

/// <summary>
/// A VAD has come, gone, been split, or changed its commit charge: what it is charged now (I6). Stated for each piece, in the turn.
/// </summary>
/// <param name="Start">First page of the VAD.</param>
/// <param name="Pages">Its length; 0 when there is no VAD any more that starts here.</param>
/// <param name="Charge">Pages of it that are charged to the process.</param>
public readonly record struct VadCommitChanged(Vpn Start, ulong Pages, ulong Charge) : IFact
{
    public const int Kind = 121;

    static int IFact.Kind => Kind;
}

/// <summary>
/// Memory was short and the PFN database granted frames for part of an open read only: it now reads Count pages from First on, and
/// the others are in their slots as before. Stated when the frames arrive, before pages that fell outside are faulted on again.
/// </summary>
public readonly record struct InPageNarrowed(Vpn First, PagingFileSlot Slot, int Block, int Count) : IFact
{
    public const int Kind = 122;

    static int IFact.Kind => Kind;
}

/// <summary>A thread touched the guard of its own stack, which has grown down to Limit; unless it could not, or the end was reached.</summary>
public readonly record struct StackGrown(VirtualAddress Limit, NtStatus Status, int Thread) : IFact
{
    public const int Kind = 130;

    static int IFact.Kind => Kind;
}
