namespace ActorVmm.Protocol;

// What the PfnDatabase hears. A turn of it is the PFN lock held.

/// <summary>
/// Asks for zeroed frames: as many as are needed to go on, and more if there are plenty. Answered by
/// <see cref="FramesGranted"/> with at least the needed ones, when there are.
/// </summary>
/// <param name="Needed">1 to 7.</param>
/// <param name="Wanted">Needed to 7.</param>
/// <param name="Priority">Page priority, 0 to 7.</param>
public readonly record struct TakeFrames(int Needed, int Wanted, int Priority) : IMessage
{
    public const int Kind = 200;

    static int IMessage.Kind => Kind;
}

/// <summary>Returns frames that were granted and never used: they are still zeroed.</summary>
public readonly record struct ReturnFrames(FrameBatch Frames) : IMessage
{
    public const int Kind = 201;

    static int IMessage.Kind => Kind;
}

/// <summary>Gives up frames that were mapped, for good: contents and paging-file copies go too.</summary>
public readonly record struct DeletePages(FrameBatch Frames) : IMessage
{
    public const int Kind = 202;

    static int IMessage.Kind => Kind;
}

/// <summary>The PTE of a page has become a transition PTE: its share goes, and the frame to standby or modified.</summary>
/// <param name="Vpn">The page; a table page by its number in the self-map.</param>
/// <param name="Pfn">Its frame.</param>
/// <param name="Generation">The hint the process keeps.</param>
/// <param name="ProtectionCode">The 5-bit code, for the original PTE.</param>
/// <param name="Dirty">Whether the page was stored to since it was mapped.</param>
public readonly record struct TrimPage(Vpn Vpn, Pfn Pfn, Generation Generation, byte ProtectionCode, bool Dirty) : IMessage
{
    public const int Kind = 203;

    static int IMessage.Kind => Kind;
}

/// <summary>Asks for a page back by its hint. Answered by <see cref="SoftFaultAnswered"/>.</summary>
/// <param name="Vpn">The page.</param>
/// <param name="Pfn">Where the hint says it is.</param>
/// <param name="Generation">Which hint.</param>
/// <param name="Peek">Only asks whether the page is still there.</param>
/// <param name="Priority">Page priority of the faulting thread.</param>
public readonly record struct SoftFault(Vpn Vpn, Pfn Pfn, Generation Generation, bool Peek, byte Priority) : IMessage
{
    public const int Kind = 204;

    static int IMessage.Kind => Kind;
}

/// <summary>Deletes a page whose PTE was a transition PTE, wherever it is by now.</summary>
public readonly record struct DeleteHint(Vpn Vpn, Pfn Pfn, Generation Generation, ushort Reserved) : IMessage
{
    public const int Kind = 205;

    static int IMessage.Kind => Kind;
}

/// <summary>Asks for frames to read pages from a paging file into. Answered by <see cref="ReadFramesGranted"/>.</summary>
/// <param name="First">First page.</param>
/// <param name="Slot">Its slot; the others follow page by page.</param>
/// <param name="Block">The in-page block of the process.</param>
/// <param name="Generation">The hint all pages of the block get.</param>
/// <param name="Count">1 to 16.</param>
/// <param name="Fault">Which of them was faulted on: when memory is short, only that one is granted.</param>
/// <param name="Priority">Page priority of the faulting thread.</param>
public readonly record struct TakeReadFrames(Vpn First, PagingFileSlot Slot, int Block, Generation Generation, byte Count, byte Fault, int Priority, int Reserved) : IMessage
{
    public const int Kind = 206;

    static int IMessage.Kind => Kind;
}

/// <summary>A read has ended and its owner has looked at what became of the pages meanwhile.</summary>
/// <param name="Mdl">The row, which goes back.</param>
/// <param name="Status">Of the read; when it failed, frames are freed and slots stay with the PTEs.</param>
/// <param name="Mapped">Mask of pages that are valid now.</param>
/// <param name="Deleted">Mask of pages that no longer exist: frame and slot are freed.</param>
public readonly record struct InPageCompleted(MdlId Mdl, NtStatus Status, ushort Mapped, ushort Deleted) : IMessage
{
    public const int Kind = 207;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// The modified-page writer offers reserved slots for modified pages. Answered by <see cref="ModifiedTaken"/>, perhaps with none.
/// </summary>
public readonly record struct TakeModified(PagingFileSlot First, int Count) : IMessage
{
    public const int Kind = 208;

    static int IMessage.Kind => Kind;
}

/// <summary>A write of modified pages has ended.</summary>
public readonly record struct WriteCompleted(MdlId Mdl, NtStatus Status) : IMessage
{
    public const int Kind = 209;

    static int IMessage.Kind => Kind;
}

/// <summary>The zero-page thread asks for free frames. Answered by <see cref="FreePagesTaken"/>, perhaps with none.</summary>
public readonly record struct TakeFree(int Count) : IMessage
{
    public const int Kind = 210;

    static int IMessage.Kind => Kind;
}

/// <summary>The zero-page thread brings frames back, zeroed.</summary>
public readonly record struct FramesZeroed(FrameBatch Frames) : IMessage
{
    public const int Kind = 211;

    static int IMessage.Kind => Kind;
}

/// <summary>A frame has failed: it is retired when nobody refers to it any more.</summary>
public readonly record struct MarkBad(Pfn Pfn) : IMessage
{
    public const int Kind = 212;

    static int IMessage.Kind => Kind;
}

/// <summary>The working-set manager asks how things stand. Answered by <see cref="AvailableReported"/>.</summary>
public readonly record struct ReportAvailable : IMessage
{
    public const int Kind = 213;

    static int IMessage.Kind => Kind;
}

/// <summary>Write all modified pages, whatever the thresholds say.</summary>
public readonly record struct FlushModified : IMessage
{
    public const int Kind = 214;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Asks for a row of the table of memory descriptor lists, empty. Answered by <see cref="RowGranted"/>, when one is to be had.
/// </summary>
public readonly record struct TakeRow(uint Request) : IMessage
{
    public const int Kind = 220;

    static int IMessage.Kind => Kind;
}

/// <summary>Gives a row back whose pages are not locked.</summary>
public readonly record struct ReturnRow(MdlId Mdl) : IMessage
{
    public const int Kind = 221;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Locks the pages of a row, which are valid (MmProbeAndLockPages, fact book §24): their frames are not reused until they are unlocked,
/// whatever becomes of the pages. Answered by <see cref="PagesLocked"/>. Pages of a view are locked through their section, as their shares come
/// back through it: so no trim overtakes the lock (R18).
/// </summary>
/// <param name="Mdl">The row.</param>
/// <param name="Request">The asker's number.</param>
/// <param name="Asker">Who is answered.</param>
public readonly record struct LockPages(MdlId Mdl, uint Request, ActorId Asker) : IMessage
{
    public const int Kind = 222;

    static int IMessage.Kind => Kind;
}

/// <summary>Unlocks the pages of a row, and gives the row back.</summary>
public readonly record struct UnlockPages(MdlId Mdl) : IMessage
{
    public const int Kind = 223;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Asks for modified pages of files to be written: the oldest and those next to it, or those of one section within a range, or one that is
/// mapped. Answered by <see cref="MappedTaken"/>, perhaps with none.
/// </summary>
/// <param name="First">First page of the range.</param>
/// <param name="Pages">Its length.</param>
/// <param name="Owner">The section; outside for any.</param>
/// <param name="Pfn">The frame of the one page that is mapped and written as it is; else none.</param>
/// <param name="Count">1 to 16.</param>
/// <param name="Request">Comes back with the answer.</param>
public readonly record struct TakeMapped(ulong First, ulong Pages, ActorId Owner, Pfn Pfn, int Count, uint Request) : IMessage
{
    public const int Kind = 215;

    static int IMessage.Kind => Kind;
}

// What the PfnDatabase states.

/// <summary>Where a frame is (fact book §15.2, with its numbers).</summary>
public enum PageLocation : byte
{
    Zeroed = 0,
    Free = 1,
    Standby = 2,
    Modified = 3,
    ModifiedNoWrite = 4,
    Bad = 5,
    Active = 6,
    Transition = 7,
}

/// <summary>A frame went from one list or state to another.</summary>
public readonly record struct FrameMoved(Pfn Pfn, ActorId Owner, Vpn Vpn, ushort ReferenceCount, ushort ShareCount, PageLocation From, PageLocation To, byte Priority, byte Reserved) : IFact
{
    public const int Kind = 200;

    static int IFact.Kind => Kind;
}

/// <summary>A standby page lost its frame to another page; its PTE is now what the PFN database remembers for it.</summary>
public readonly record struct PageRepurposed(Vpn Vpn, PagingFileSlot Slot, Pfn Pfn, ActorId Owner) : IFact
{
    public const int Kind = 201;

    static int IFact.Kind => Kind;
}

/// <summary>A frame was handed to the modified-page writer; its contents were copied in this turn.</summary>
public readonly record struct PageWriteStarted(Vpn Vpn, PagingFileSlot Slot, Pfn Pfn, ActorId Owner) : IFact
{
    public const int Kind = 202;

    static int IFact.Kind => Kind;
}

/// <summary>What a write-back found when it came back.</summary>
public enum WriteBackResult : byte
{
    /// <summary>Nobody had touched the page: it is clean and on standby.</summary>
    Clean,

    /// <summary>A fault had mapped it again meanwhile (R3).</summary>
    Referenced,

    /// <summary>It had been stored to and trimmed again meanwhile (R4): modified again, the written copy is stale.</summary>
    DirtiedAgain,

    /// <summary>It had been deleted meanwhile (R6): frame and slot are free now.</summary>
    Deleted,

    /// <summary>The device failed: modified again.</summary>
    Failed,
}

/// <summary>A write-back of one page has ended.</summary>
public readonly record struct PageWriteEnded(PagingFileSlot Slot, Pfn Pfn, WriteBackResult Result, byte Reserved, ushort Reserved2) : IFact
{
    public const int Kind = 203;

    static int IFact.Kind => Kind;
}

/// <summary>A slot of a paging file now belongs to the page in this frame (its original PTE).</summary>
public readonly record struct SlotAttached(PagingFileSlot Slot, Pfn Pfn) : IFact
{
    public const int Kind = 204;

    static int IFact.Kind => Kind;
}

/// <summary>A slot no longer belongs to the page in this frame: it goes back to its paging file, or to the PTE when Handed.</summary>
public readonly record struct SlotDetached(PagingFileSlot Slot, Pfn Pfn, int Handed) : IFact
{
    public const int Kind = 205;

    static int IFact.Kind => Kind;
}

/// <summary>A request for frames has to wait, or was served at last.</summary>
public readonly record struct FrameWait(ActorId Process, int Needed, int Begins, int Waiting) : IFact
{
    public const int Kind = 206;

    static int IFact.Kind => Kind;
}

/// <summary>How many pages are available, modified, and being written, after a turn in which memory was low.</summary>
public readonly record struct LowMemorySignalled(int Available, int Modified, int Waiters) : IFact
{
    public const int Kind = 207;

    static int IFact.Kind => Kind;
}

/// <summary>
/// How many frames the PFN database counts in each place, last in every turn that moved a frame; together they are the installed
/// pages (I1). Specifications compare them with the moves, so a list whose count has gone astray is found in the same turn.
/// </summary>
public readonly record struct FramesCounted(int Zeroed, int Free, int Standby, int Modified, int ModifiedNoWrite, int Bad, int Active, int Transition) : IFact
{
    public const int Kind = 208;

    static int IFact.Kind => Kind;
}

/// <summary>A frame was locked (1) or unlocked (−1) by a memory descriptor list.</summary>
public readonly record struct FrameLocked(Pfn Pfn, int Change, int References) : IFact
{
    public const int Kind = 220;

    static int IFact.Kind => Kind;
}
