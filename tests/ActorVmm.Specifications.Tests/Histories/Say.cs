namespace ActorVmm.Specifications.Tests.Histories;

/// <summary>Facts in few words. Counts of a move are what they must be unless given.</summary>
public static class Say
{
    public static Told Moved(
        uint pfn, PageLocation from, PageLocation to, ActorId owner = default, ulong vpn = 0, int? references = null, int? shares = null) =>
        Told.Of(new FrameMoved(
            new Pfn(pfn), owner, new Vpn(vpn), (ushort)(references ?? (to is PageLocation.Active or PageLocation.Transition ? 1 : 0)),
            (ushort)(shares ?? (to == PageLocation.Active ? 1 : 0)), from, to, 5, 0));

    public static Told Count(int zeroed, int active, int free = 0) => Told.Of(new FramesCounted(zeroed, free, 0, 0, 0, 0, active, 0));

    public static Told Mapped(ulong vpn, uint pfn, ulong stamp = 0, FaultKind cause = FaultKind.DemandZero, bool inWorkingSet = true) =>
        Told.Of(new PageMapped(new Vpn(vpn), new ContentStamp(stamp), new Pfn(pfn), cause, true, (ushort)(inWorkingSet ? 1 : 0)));

    public static Told Unmapped(ulong vpn, uint pfn, ulong stamp = 0, bool dirty = false, UnmapCause cause = UnmapCause.Trimmed) =>
        Told.Of(new PageUnmapped(new Vpn(vpn), new ContentStamp(stamp), new Pfn(pfn), default, cause, dirty));

    public static Told Stored(ulong vpn, uint pfn, ulong stamp) => Told.Of(new PageStored(new Vpn(vpn), new ContentStamp(stamp), new Pfn(pfn), 0));

    public static Told Cleaned(ulong vpn, uint pfn) => Told.Of(new PageCleaned(new Vpn(vpn), new Pfn(pfn), 0));

    public static Told Loaded(ulong vpn, uint pfn, ulong stamp) => Told.Of(new PageLoaded(new Vpn(vpn), new ContentStamp(stamp), new Pfn(pfn), 0));

    public static Told Dropped(ulong vpn, uint pfn, PagingFileSlot slot = default, bool deleted = false) =>
        Told.Of(new HintDropped(new Vpn(vpn), slot, new Pfn(pfn), deleted ? 1 : 0));

    public static Told Repurposed(ulong vpn, PagingFileSlot slot, uint pfn, ActorId owner) =>
        Told.Of(new PageRepurposed(new Vpn(vpn), slot, new Pfn(pfn), owner));

    public static Told Attached(PagingFileSlot slot, uint pfn) => Told.Of(new SlotAttached(slot, new Pfn(pfn)));

    public static Told Detached(PagingFileSlot slot, uint pfn, bool handed = false) => Told.Of(new SlotDetached(slot, new Pfn(pfn), handed ? 1 : 0));

    public static Told Taken(PagingFileSlot slot, uint count = 1) => Told.Of(new SlotsTaken(slot, count));

    public static Told Freed(PagingFileSlot slot, uint count = 1) => Told.Of(new SlotsFreed(slot, count));

    public static Told Started(PagingFileSlot slot, bool write, int count = 1) => Told.Of(new TransferStarted(slot, count, write ? 1 : 0, 0));

    public static Told Ended(PagingFileSlot slot, bool write, int count = 1, NtStatus status = NtStatus.Success) =>
        Told.Of(new TransferEnded(slot, count, write ? 1 : 0, status));

    public static Told WriteStarted(ulong vpn, PagingFileSlot slot, uint pfn, ActorId owner) =>
        Told.Of(new PageWriteStarted(new Vpn(vpn), slot, new Pfn(pfn), owner));

    public static Told WriteEnded(PagingFileSlot slot, uint pfn, WriteBackResult result) =>
        Told.Of(new PageWriteEnded(slot, new Pfn(pfn), result, 0, 0));

    public static Told ReadOpened(ulong first, PagingFileSlot slot, int block, int count = 1) =>
        Told.Of(new InPageOpened(new Vpn(first), slot, block, count));

    public static Told Narrowed(ulong first, PagingFileSlot slot, int block, int count = 1) =>
        Told.Of(new InPageNarrowed(new Vpn(first), slot, block, count));

    public static Told ReadClosed(ulong first, int block, int mapped, int deleted = 0, int count = 1, NtStatus status = NtStatus.Success) =>
        Told.Of(new InPageClosed(new Vpn(first), block, status, (ushort)mapped, (ushort)deleted, count));

    public static Told ChangedUnderRead(ulong vpn, int block, bool deleted) => Told.Of(new ChangedDuringRead(new Vpn(vpn), block, deleted ? 1 : 0));

    public static Told WorkingSet(int pages, int peak) => Told.Of(new WorkingSetCounted(pages, peak));

    public static Told Kept(int count) => Told.Of(new FramesKept(count));

    public static Told Commit(ulong pages, ulong tables = 0) => Told.Of(new ProcessCommitChanged(pages, tables));

    public static Told Charged(ulong pages, ulong total, ActorId process, CommitKind kind = CommitKind.Private, ulong limit = 1000) =>
        Told.Of(new CommitCharged(pages, total, limit, process, kind));

    public static Told Returned(ulong pages, ulong total, ActorId process, CommitKind kind = CommitKind.Private, ulong limit = 1000) =>
        Told.Of(new CommitReturned(pages, total, limit, process, kind));

    public static Told Refused(ulong pages, ulong total, ActorId process, ulong limit = 1000) =>
        Told.Of(new CommitRefused(pages, total, limit, process, CommitKind.Private));

    public static Told Vad(ulong start, ulong pages, ulong charge) => Told.Of(new VadCommitChanged(new Vpn(start), pages, charge));

    public static Told Exited(int serial = 1) => Told.Of(new ProcessExited(serial, NtStatus.Success));

    public static Told Fault(ulong vpn, int thread = 0) => Told.Of(new FaultOpened(new Vpn(vpn), thread, AccessKind.Write, 0, 0));

    public static Told Counted(ulong vpn, FaultKind kind, int thread = 0) => Told.Of(new FaultCounted(new Vpn(vpn), thread, kind, AccessKind.Write, 0));

    public static Told Answered(ulong vpn, int thread = 0, NtStatus status = NtStatus.Success) =>
        Told.Of(new FaultAnswered(new Vpn(vpn), thread, status));

    public static Told WaitsForFrames(ActorId process, bool begins) => Told.Of(new FrameWait(process, 1, begins ? 1 : 0, 0));

    public static Told WaitsForMemory(int thread, bool begins) => Told.Of(new MemoryWait(thread, begins ? 1 : 0));

    public static PagingFileSlot Slot(uint page) => new(0, page);
}
