namespace ActorVmm.Kernel.Frames;

/// <summary>
/// Frames under I/O. A read: 1. frames are granted, in transition, with the slots they are read from; 2. the owner says what became
/// of the pages. A write: 1. the oldest modified pages get the slots the writer offers, and their contents are copied in that turn;
/// 2. a soft fault may take a page back meanwhile, a store may dirty it, a deletion may end it; 3. the completion looks at what it
/// finds. Each of these frames is referred to by its transfer and so on no list.
/// </summary>
public sealed partial class PfnDatabase
{
    /// <summary>Rows kept for the modified-page writer: writing out must not wait for reads (R12).</summary>
    private readonly int _rowsForWriting;

    private int[] _rows = [];
    private int _freeRows;
    private int _writing;

    /// <summary>Rows of a machine's table of memory descriptor lists.</summary>
    public static int RowsFor(MachinePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Policy.WritesInFlight + MappedRows + (int)Math.Clamp(plan.Frames / 64, 8, 4096);
    }

    private bool HasReadRow => _freeRows - _rowsPromised > _rowsForWriting;

    /// <summary>Whether modified pages should be on their way to a paging file.</summary>
    private bool WritingIsDue =>
        _modified.Count > 0
        && _cast.PagingFiles.Count > 0
        && (_flushing || _waiters.Count > 0 || Available < _thresholds.Low
            || _thresholds.WritingPays(_modified.Count, Available, _zeroed.Count + _free.Count));

    private void InitializeRows(int rows)
    {
        _rows = new int[rows];
        _freeRows = rows;
        for (int row = 0; row < rows; row++)
        {
            _rows[row] = rows - 1 - row;
        }
    }

    private void EncodeRows(StateCodec codec)
    {
        codec.Values("rows", ref _rows, ref _freeRows);
        codec.Field("writing", ref _writing);
    }

    /// <summary>
    /// Frames to read pages into; all that were asked for, or only the faulting one when memory is short.
    /// </summary>
    private void GrantReadFrames(in FrameRequest request, Outbox outbox)
    {
        bool all = _waiters.Count == 0 && Available >= request.ReadCount + (_thresholds.Low / 4);
        int offset = all ? 0 : request.Fault;
        int count = all ? request.ReadCount : 1;
        MdlId row = TakeRow();
        for (int i = 0; i < count; i++)
        {
            Pfn frame = TakeAny(outbox);
            ref PfnEntry entry = ref _entries[frame.Value];
            entry.Owner = request.Process;
            entry.Page = new Vpn(request.First.Value + (uint)(offset + i));
            entry.Generation = request.Generation;
            entry.Priority = request.Priority;
            entry.ReferenceCount = 1;
            entry.Set(PfnFlags.ReadInProgress);
            if (request.Slot.IsNone)
            {
                entry.Set(PfnFlags.OfFile);
            }
            else
            {
                AttachSlot(frame, request.Slot.Plus((uint)(offset + i)), outbox);
            }

            Move(frame, PageLocation.Transition, outbox);
            _contents.Mdls.Add(row, frame);
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * count));
        outbox.Send(request.Process, new ReadFramesGranted(request.Block, row, offset));
    }

    private void InPageCompleted(ActorId process, InPageCompleted completed, Outbox outbox)
    {
        MdlTable mdls = _contents.Mdls;
        int count = mdls.Length(completed.Mdl);
        for (int i = 0; i < count; i++)
        {
            Pfn frame = mdls.Frame(completed.Mdl, i);
            ref PfnEntry entry = ref _entries[frame.Value];
            Invariant.Holds(entry.Owner == process && entry.Has(PfnFlags.ReadInProgress), "a read completes into its own frames");
            entry.Clear(PfnFlags.ReadInProgress);
            entry.ReferenceCount--;
            if ((completed.Deleted & (1 << i)) != 0)
            {
                FreeFrame(frame, outbox);
            }
            else if (completed.Status != NtStatus.Success)
            {
                HandSlotBack(frame, outbox);
                FreeFrame(frame, outbox);
            }
            else if ((completed.Mapped & (1 << i)) != 0)
            {
                entry.ShareCount++;
                entry.ReferenceCount++;
                Move(frame, PageLocation.Active, outbox);
                if (entry.Has(PfnFlags.Failed))
                {
                    outbox.Send(process, new FrameHasFailed(frame));
                }
            }
            else
            {
                Retire(frame, outbox);
                LeaveIfBad(frame, outbox);
            }
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * count));
        ReturnRow(completed.Mdl);
    }

    /// <summary>The read failed; the owner's PTE points to the slot again.</summary>
    private void HandSlotBack(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        if (!entry.Slot.IsNone)
        {
            outbox.State(new SlotDetached(entry.Slot, frame, 1));
            entry.Slot = PagingFileSlot.None;
        }
    }

    private void TakeModified(TakeModified offer, Outbox outbox)
    {
        if (!WritingIsDue)
        {
            _writerSignalled = false;
            _flushing = false;
            outbox.Send(_cast.ModifiedPageWriter, new ModifiedTaken(offer.First, MdlId.None, 0, offer.Count));
            return;
        }

        Invariant.Holds(_freeRows > 0, "a row is kept for every write the modified-page writer may have in flight");
        MdlId row = TakeRow();
        int taken = 0;
        while (taken < offer.Count && taken < MdlTable.RowLength && _modified.Count > 0)
        {
            Pfn frame = _modified.Head;
            Unlink(frame);
            StartWrite(frame, offer.First.Plus((uint)taken), outbox);
            _contents.AddCopy(row, frame);
            taken++;
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * taken));
        outbox.Send(_cast.ModifiedPageWriter, new ModifiedTaken(offer.First, row, taken, offer.Count));
    }

    /// <summary>Before the write the page counts as clean; whoever stores to it from now on dirties it again (R4).</summary>
    private void StartWrite(Pfn frame, PagingFileSlot slot, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        entry.Clear(PfnFlags.Modified);
        entry.Set(PfnFlags.WriteInProgress);
        entry.ReferenceCount = 1;
        AttachSlot(frame, slot, outbox);
        _writing++;
        Move(frame, PageLocation.Transition, outbox);
        outbox.State(new PageWriteStarted(entry.Page, slot, frame, entry.Owner));
    }

    private void WriteCompleted(WriteCompleted completed, Outbox outbox)
    {
        MdlTable mdls = _contents.Mdls;
        int count = mdls.Length(completed.Mdl);
        for (int i = 0; i < count; i++)
        {
            Pfn frame = mdls.Frame(completed.Mdl, i);
            PagingFileSlot slot = _entries[frame.Value].Slot;
            outbox.State(new PageWriteEnded(slot, frame, EndWrite(frame, completed.Status, outbox), 0, 0));
            LeaveIfBad(frame, outbox);
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * count));
        ReturnRow(completed.Mdl);
        EndIfMapped(completed.Mdl, outbox);
    }

    private WriteBackResult EndWrite(Pfn frame, NtStatus status, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        Invariant.Holds(entry.Has(PfnFlags.WriteInProgress) && entry.ReferenceCount >= 1, "a write completes for a frame that is being written");
        entry.Clear(PfnFlags.WriteInProgress);
        entry.ReferenceCount--;
        _writing--;
        if (entry.Has(PfnFlags.Deleted))
        {
            FreeUnlessLocked(frame, outbox);
            return WriteBackResult.Deleted;
        }

        bool failed = status != NtStatus.Success;
        if (failed)
        {
            // What stands in the slot now is nobody's page.
            DetachSlot(frame, outbox);
            entry.Set(PfnFlags.Modified);
        }

        if (_cast.Rules.StaysWhereItIs(entry.ReferenceCount > 0))
        {
            // A fault has mapped it meanwhile (R3), or it is locked. Whether it is dirty is decided when it is trimmed, or unlocked.
            return failed ? WriteBackResult.Failed : WriteBackResult.Referenced;
        }

        bool dirtied = _cast.Rules.IsModifiedAfterWrite(entry.Has(PfnFlags.Modified));
        if (!dirtied)
        {
            entry.Clear(PfnFlags.Modified);
        }

        Retire(frame, outbox);
        return failed ? WriteBackResult.Failed : dirtied ? WriteBackResult.DirtiedAgain : WriteBackResult.Clean;
    }

    private MdlId TakeRow()
    {
        var row = new MdlId(_rows[--_freeRows]);
        _contents.Mdls.Clear(row);
        return row;
    }

    private void ReturnRow(MdlId row)
    {
        _contents.Mdls.Clear(row);
        _rows[_freeRows++] = row.Value;
    }
}
