using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// The end of a segment: no object, no view, no share, nothing on its way. One of a file first writes what was stored to, and then asks the
/// file, which may have sent it another object meanwhile. Frames, slots and commitment go back in this one turn (fact book §13.4; §17, R8).
/// </summary>
public sealed partial class Section
{
    private bool IsUsed => _state != SegmentState.Alive || _viewCount > 0 || _valid > 0 || _blocks.Open > 0 || _blocks.Waits > 0
        || _charging > 0 || _framesAsked || HasObjects || _flushCount > 0 || _writeCount > 0 || _takingMapped || _asked;

    private bool HasObjects
    {
        get
        {
            for (int place = 0; place < _objectCount; place++)
            {
                if (_objects[place].Phase != ObjectPhase.Free)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private void EndIfUnused(Outbox outbox)
    {
        if (IsUsed)
        {
            return;
        }

        if (_kind == SegmentKind.PagingFile || (_dismissed && !_everDirty))
        {
            End(outbox);
        }
        else if (_everDirty)
        {
            // What was stored to goes to the file first; who began to use the segment meanwhile is none the worse for it.
            AddFlush(ActorId.Outside, 0, ulong.MaxValue, 0);
            GoOnFlushing(outbox);
        }
        else if (!_toldIdle)
        {
            _toldIdle = true;
            outbox.Send(_file, new ControlAreaIdle(_forms));
        }
    }

    private void End(Outbox outbox)
    {
        _state = SegmentState.Gone;
        int cells = _prototypes.ChunkCount * PageTables.ChunkLength;
        for (int cell = 0; cell < cells; cell++)
        {
            Delete(_prototypes.PageOf(cell), _prototypes.Pte(cell), outbox);
        }

        ulong tables = (ulong)_prototypes.ChargedTables;
        for (int row = 0; row < _prototypes.TableCount; row++)
        {
            Delete(_prototypes.TablePageOf(row), _prototypes.Table(row).Entry, outbox);
        }

        FlushDeleted(outbox);
        outbox.State(new SegmentCommitChanged(0, 0));
        ReturnCommit(_sharedCommit, CommitKind.Shared, outbox);
        ReturnCommit(tables, CommitKind.Prototype, outbox);
        if (_reported)
        {
            outbox.Send(_machine.Cast.WorkingSetManager, default(ProcessLeaves));
        }

        outbox.State(new SegmentEnded(_serial));
        outbox.Stop();
    }

    private void Delete(Vpn page, Pte entry, Outbox outbox)
    {
        switch (entry.Form)
        {
            case PteForm.Valid:
                outbox.State(new PageUnmapped(page, _machine.Contents[entry.Pfn], entry.Pfn, default, UnmapCause.Deleted, true));
                _deleted.Add(entry.Pfn);
                if (_deleted.IsFull)
                {
                    FlushDeleted(outbox);
                }

                break;
            case PteForm.Transition:
                outbox.State(new HintDropped(page, PagingFileSlot.None, entry.Pfn, 1));
                outbox.Send(_machine.Cast.PfnDatabase, new DeleteHint(page, entry.Pfn, entry.Generation, 0));
                break;
            case PteForm.PagingFile:
                outbox.State(new PagedOutDeleted(page, entry.Slot));
                outbox.Send(_machine.Cast.PagingFiles[(int)entry.Slot.File], new FreeSlots(entry.Slot, 1));
                break;
            case PteForm.Prototype or PteForm.DemandZero or PteForm.NoAccess or PteForm.Decommitted or PteForm.Zero:
                break;
        }
    }

    private void FlushDeleted(Outbox outbox)
    {
        if (_deleted.Count > 0)
        {
            outbox.Send(_machine.Cast.PfnDatabase, new DeletePages(_deleted));
            _deleted = default;
        }
    }
}
