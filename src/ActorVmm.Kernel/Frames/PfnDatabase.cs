using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Frames;

/// <summary>
/// The PFN database: the one place where frames change state (fact book §15, §27). A turn of it is the PFN lock held; it never
/// waits. What it hears, in the order of a page's life: frames are taken, trimmed, asked back, written, repurposed, deleted, zeroed.
/// Requests for frames, and how they wait, stand in FrameGrants.cs; the lists and the moves between them in FrameLists.cs; reads and writes
/// of pages in PageTransfers.cs; what an operator or a failing memory module does in FrameOrders.cs.
/// </summary>
public sealed partial class PfnDatabase : IActor
{
    private readonly Cast _cast;
    private readonly Contents _contents;
    private readonly TurnCosts _costs;
    private readonly MemoryThresholds _thresholds;
    private readonly int _zeroThreadWake;
    private readonly PfnEntry[] _entries;
    private readonly RepurposedPages _repurposed = new();
    private readonly FrameWaiters _waiters = new();
    private readonly FrameWaiters _transferWaiters = new();
    private bool _lowSignalled;
    private bool _reportedSinceLow;
    private bool _waitersSignalled;
    private bool _moved;
    private bool _writerSignalled;
    private bool _zeroSignalled;
    private bool _flushing;
    private int _rowsPromised;

    public PfnDatabase(MachinePlan plan, Cast cast, Contents contents)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _cast = cast;
        _contents = contents;
        _costs = plan.Costs;
        _thresholds = MemoryThresholds.For(plan.Frames, plan.Policy);
        _zeroThreadWake = plan.Policy.ZeroThreadWake;
        _rowsForWriting = plan.Policy.WritesInFlight + MappedRows;
        _entries = new PfnEntry[plan.Frames];
        InitializeLists();
        InitializeRows(contents.Mdls.Rows);
    }

    /// <summary>Zeroed, free and standby pages (MmAvailablePages).</summary>
    public int Available => _zeroed.Count + _free.Count + _standbyCount;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        int available = Available;
        switch (delivery.Kind)
        {
            case Protocol.TakeFrames.Kind: TakeFrames(delivery.Sender, delivery.Read<TakeFrames>(), outbox); break;
            case Protocol.ReturnFrames.Kind: ReturnFrames(delivery.Read<ReturnFrames>().Frames, outbox); break;
            case Protocol.TrimPage.Kind: TrimPage(delivery.Sender, delivery.Read<TrimPage>(), outbox); break;
            case Protocol.SoftFault.Kind: SoftFault(delivery.Sender, delivery.Read<SoftFault>(), outbox); break;
            case Protocol.DeletePages.Kind: DeletePages(delivery.Sender, delivery.Read<DeletePages>().Frames, outbox); break;
            case Protocol.DeleteHint.Kind: DeleteHint(delivery.Sender, delivery.Read<DeleteHint>(), outbox); break;
            case Protocol.TakeReadFrames.Kind: TakeReadFrames(delivery.Sender, delivery.Read<TakeReadFrames>(), outbox); break;
            case Protocol.InPageCompleted.Kind: InPageCompleted(delivery.Sender, delivery.Read<InPageCompleted>(), outbox); break;
            case Protocol.TakeModified.Kind: TakeModified(delivery.Read<TakeModified>(), outbox); break;
            case Protocol.WriteCompleted.Kind: WriteCompleted(delivery.Read<WriteCompleted>(), outbox); break;
            case Protocol.TakeMapped.Kind: TakeMapped(delivery.Sender, delivery.Read<TakeMapped>(), outbox); break;
            case Protocol.TakeFree.Kind: TakeFree(delivery.Read<TakeFree>().Count, outbox); break;
            case Protocol.FramesZeroed.Kind: FramesZeroed(delivery.Read<FramesZeroed>().Frames, outbox); break;
            case Protocol.TakeRow.Kind: Request(new FrameRequest { Process = delivery.Sender, RowOnly = true, Block = (int)delivery.Read<TakeRow>().Request }, outbox); break;
            case Protocol.ReturnRow.Kind: ReturnRow(delivery.Read<ReturnRow>().Mdl); break;
            case Protocol.LockPages.Kind: LockPages(delivery.Read<LockPages>(), outbox); break;
            case Protocol.UnlockPages.Kind: UnlockPages(delivery.Read<UnlockPages>().Mdl, outbox); break;
            case Protocol.FlushModified.Kind: FlushModified(); break;
            case Protocol.ReportAvailable.Kind: ReportAvailable(outbox); break;
            case Protocol.MarkBad.Kind: MarkBad(delivery.Read<MarkBad>().Pfn, outbox); break;
            case Protocol.FailFrame.Kind: FailFrame(delivery.Read<FailFrame>().Pfn, outbox); break;
            case Protocol.TakeLargePage.Kind: TakeLargePage(delivery.Sender, delivery.Read<TakeLargePage>(), outbox); break;
            case Protocol.DeleteLargePage.Kind: DeleteLargePage(delivery.Sender, delivery.Read<DeleteLargePage>(), outbox); break;
            case Protocol.PurgeStandby.Kind: PurgeStandby(delivery.Read<PurgeStandby>().Highest, outbox); break;
            case Protocol.SetFramePriority.Kind: SetFramePriority(delivery.Sender, delivery.Read<SetFramePriority>()); break;
            default: throw new BugCheckException(0x4E, FormattableString.Invariant($"the PFN database got message {delivery.Kind} from {delivery.Sender}, which it does not understand"));
        }

        ServeWaiters(outbox);
        Signal(outbox);
        if (_moved && outbox.Listening)
        {
            StateConditions(available, outbox);
            StateCounts(outbox);
        }

        _moved = false;
    }

    public void Encode(StateCodec codec)
    {
        codec.Rows("frames", _entries);
        EncodeLists(codec);
        EncodeRows(codec);
        EncodeMapped(codec);
        codec.Group("repurposed", _repurposed);
        codec.Group("waiters", _waiters);
        codec.Group("transfer waiters", _transferWaiters);
        codec.Field("low signalled", ref _lowSignalled);
        codec.Field("reported since low", ref _reportedSinceLow);
        codec.Field("waiters signalled", ref _waitersSignalled);
        codec.Field("writer signalled", ref _writerSignalled);
        codec.Field("zero thread signalled", ref _zeroSignalled);
        codec.Field("flushing", ref _flushing);
        codec.Field("rows promised", ref _rowsPromised);
    }

    /// <summary>
    /// A process's PTE has become a hint. Modified pages keep their frame until they are written; a slot that is older than the page
    /// is stale from now on.
    /// </summary>
    private void TrimPage(ActorId process, TrimPage trim, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[trim.Pfn.Value];
        Invariant.Holds(entry.Owner == process && entry.Location == PageLocation.Active, "only the owner of an active page trims it");
        entry.Page = trim.Vpn;
        entry.Generation = trim.Generation;
        entry.ProtectionCode = trim.ProtectionCode;
        if (trim.Dirty)
        {
            entry.Set(PfnFlags.Modified);
        }

        entry.ShareCount--;
        entry.ReferenceCount--;
        outbox.Spend(new Ticks(_costs.FrameOperation));
        if (entry.ReferenceCount > 0)
        {
            // It is still being written (R3, R4): what becomes of it is decided when the write has ended.
            Move(trim.Pfn, PageLocation.Transition, outbox);
            return;
        }

        Retire(trim.Pfn, outbox);
        LeaveIfBad(trim.Pfn, outbox);
    }

    /// <summary>A soft fault: is the page still where the hint says (R13)?</summary>
    private void SoftFault(ActorId process, SoftFault fault, Outbox outbox)
    {
        outbox.Spend(new Ticks(_costs.FrameOperation));
        ref PfnEntry entry = ref _entries[fault.Pfn.Value];
        if (!_cast.Rules.IsStillThere(IsHintFor(entry, process, fault.Vpn, fault.Generation)))
        {
            AnswerRepurposed(process, fault, outbox);
            return;
        }

        bool writing = entry.Has(PfnFlags.WriteInProgress);
        if (fault.Peek)
        {
            outbox.Send(process, new SoftFaultAnswered(fault.Vpn, PagingFileSlot.None, fault.Pfn, fault.Generation, SoftFaultResult.StillThere, writing, 0, 0));
            return;
        }

        SoftFaultResult result = entry.Has(PfnFlags.Modified) ? SoftFaultResult.RelinkedFromModified : SoftFaultResult.RelinkedFromStandby;
        if (entry.ReferenceCount == 0)
        {
            Unlink(fault.Pfn);
        }

        entry.ShareCount++;
        entry.ReferenceCount++;
        entry.Priority = Math.Max(entry.Priority, fault.Priority);
        Move(fault.Pfn, PageLocation.Active, outbox);
        outbox.Send(process, new SoftFaultAnswered(fault.Vpn, PagingFileSlot.None, fault.Pfn, fault.Generation, result, writing, 0, 0));
    }

    /// <summary>
    /// The page is gone from memory. Its neighbours that went the same way are handed back with it, so that they can be read together;
    /// a fault on one of them that is on its way already is told that it was answered.
    /// </summary>
    private void AnswerRepurposed(ActorId process, SoftFault fault, Outbox outbox)
    {
        int before = 0;
        int after = 0;
        bool known = _repurposed.TryTake(process, fault.Vpn, fault.Generation, out PagingFileSlot slot);
        if (known && !slot.IsNone && !SelfMap.Contains(fault.Vpn))
        {
            int fromStart = (int)(fault.Vpn.Value % MdlTable.RowLength);
            while (before < fromStart && slot.Page > before + 1 && TakeNeighbour(process, fault.Vpn, slot, -(before + 1)))
            {
                before++;
            }

            while (after < MdlTable.RowLength - 1 - fromStart && TakeNeighbour(process, fault.Vpn, slot, after + 1))
            {
                after++;
            }
        }

        SoftFaultResult result = !known ? SoftFaultResult.Handed : slot == PagingFileSlot.Lost ? SoftFaultResult.Lost : SoftFaultResult.Repurposed;
        outbox.Send(process, new SoftFaultAnswered(fault.Vpn, slot, fault.Pfn, fault.Generation, result, false, before, after));
    }

    private bool TakeNeighbour(ActorId process, Vpn page, PagingFileSlot slot, int distance) => _repurposed.TryTakeAt(
        process,
        new Vpn((ulong)((long)page.Value + distance)),
        new PagingFileSlot(slot.File, (uint)(slot.Page + distance)));

    private void DeletePages(ActorId process, FrameBatch frames, Outbox outbox)
    {
        for (int i = 0; i < frames.Count; i++)
        {
            ref PfnEntry entry = ref _entries[frames[i].Value];
            Invariant.Holds(entry.Owner == process && entry.Location == PageLocation.Active, "only the owner of an active page deletes it");
            entry.ShareCount--;
            entry.ReferenceCount--;
            Delete(frames[i], outbox);
        }
    }

    private void DeleteHint(ActorId process, DeleteHint hint, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[hint.Pfn.Value];
        if (IsHintFor(entry, process, hint.Vpn, hint.Generation))
        {
            if (entry.ReferenceCount == 0)
            {
                Unlink(hint.Pfn);
            }

            Delete(hint.Pfn, outbox);
            return;
        }

        bool known = _repurposed.TryTake(process, hint.Vpn, hint.Generation, out PagingFileSlot slot);
        Invariant.Holds(known, "a page that is not where its hint says is remembered");
        FreeSlot(slot, outbox);
    }

    /// <summary>
    /// The page in an unshared frame no longer exists. A transfer under way keeps the frame, and its slot, until it has ended (R6).
    /// </summary>
    private void Delete(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        if (_cast.Rules.KeepsFrameOfDeletedPage(entry.ReferenceCount > 0))
        {
            entry.Set(PfnFlags.Deleted);
            if (entry.Location == PageLocation.Active)
            {
                Move(frame, PageLocation.Transition, outbox);
            }

            return;
        }

        FreeFrame(frame, outbox);
    }

    /// <summary>The zero-page thread takes free frames; until they come back they are on no list and not available (R10).</summary>
    private void TakeFree(int count, Outbox outbox)
    {
        var frames = default(FrameBatch);
        bool available = _cast.Rules.BatchIsAvailable;
        for (int rest = Math.Min(count, _free.Count); rest > 0 && !frames.IsFull; rest--)
        {
            Pfn frame = _free.Head;
            Unlink(frame);
            frames.Add(frame);
            if (available)
            {
                _free.AddTail(_entries, frame);
                continue;
            }

            _entries[frame.Value].ReferenceCount = 1;
            Move(frame, PageLocation.Transition, outbox);
        }

        _zeroSignalled = frames.Count > 0;
        outbox.Send(_cast.ZeroPageThread, new FreePagesTaken(frames));
    }

    private void FramesZeroed(FrameBatch frames, Outbox outbox)
    {
        for (int i = 0; i < frames.Count; i++)
        {
            ref PfnEntry entry = ref _entries[frames[i].Value];
            if (_cast.Rules.BatchIsAvailable)
            {
                if (entry.Location != PageLocation.Free)
                {
                    continue;
                }

                Unlink(frames[i]);
                entry.ReferenceCount = 1;
            }

            Invariant.Holds(entry.ReferenceCount == 1 && _contents[frames[i]] == ContentStamp.Zeros, "a frame comes back from the zero-page thread zeroed");
            Forget(frames[i]);
            InsertZeroed(frames[i], outbox);
        }
    }

    private void FlushModified()
    {
        _flushing = _modified.Count > 0;
        _flushingMapped = _mapped.Count > 0;
    }

    private void ReportAvailable(Outbox outbox)
    {
        _reportedSinceLow = true;
        outbox.Send(_cast.WorkingSetManager, new AvailableReported(Available, _modified.Count + _mapped.Count + _writing, _waiters.Count));
    }

    /// <summary>After every turn: who has to be woken, because of what the lists look like now.</summary>
    private void Signal(Outbox outbox)
    {
        // Pages on their way to a paging file will be available without anybody's help.
        int coming = Available + _mapped.Count + (_cast.PagingFiles.Count > 0 ? _modified.Count + _writing : 0);
        bool low = coming < (_waiters.Count > 0 ? _thresholds.Comfort : _thresholds.Low);
        bool firstWaiter = _waiters.Count > 0 && !_waitersSignalled;
        _lowSignalled &= low || !_reportedSinceLow;
        _waitersSignalled = _waiters.Count > 0;
        if (firstWaiter || (low && !_lowSignalled))
        {
            _lowSignalled = low;
            _reportedSinceLow = false;
            outbox.Send(_cast.WorkingSetManager, new LowMemory(Available, _modified.Count + _writing, _waiters.Count));
            outbox.State(new LowMemorySignalled(Available, _modified.Count, _waiters.Count));
        }

        if (!_writerSignalled && WritingIsDue)
        {
            _writerSignalled = true;
            outbox.Send(_cast.ModifiedPageWriter, new ModifiedPagesAvailable(_modified.Count));
        }

        SignalMapped(outbox);
        if (!_zeroSignalled && _free.Count >= _zeroThreadWake)
        {
            _zeroSignalled = true;
            outbox.Send(_cast.ZeroPageThread, new FreePagesAvailable(_free.Count));
        }
    }

    private void StateCounts(Outbox outbox) => outbox.State(new FramesCounted(
        _zeroed.Count, _free.Count, _standbyCount, _modified.Count + _mapped.Count, 0, _bad.Count, _active, _transition));

    private static bool IsHintFor(in PfnEntry entry, ActorId process, Vpn page, Generation generation) =>
        entry.Owner == process && entry.Page == page && entry.Generation == generation && entry.ShareCount == 0
        && entry.Location is (PageLocation.Standby or PageLocation.Modified or PageLocation.ModifiedNoWrite or PageLocation.Transition)
        && !entry.Has(PfnFlags.Deleted);
}
