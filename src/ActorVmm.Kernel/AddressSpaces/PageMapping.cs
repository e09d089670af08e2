using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// Pages entering and leaving PTEs. Contents are compared at both doors: what enters must be what left, or zeros for a page that was
/// never there; so a frame given to two owners, a write-back that lost a store, or a frame that was not zeroed is found where it
/// happens.
/// </summary>
public sealed partial class Process
{
    private Generation NextGeneration() => Space.Generation = Space.Generation.Next;

    /// <summary>Contents nobody else has: the process's number and a count.</summary>
    private ulong NewStamp() => ((ulong)(uint)(_serial + 1) << 40) | (ulong)++Space.Stamps;

    private void EnterPte(Vpn page, Pfn frame, ulong expected)
    {
        ContentStamp found = _machine.Contents[frame];
        if (found.Value != expected)
        {
            throw new BugCheckException(0x1A, FormattableString.Invariant(
                $"process {_serial}: page {page} contained {new ContentStamp(expected)} when it was seen last, and {found} in frame {frame}"));
        }
    }

    /// <summary>The page leaves its PTE. Stores since it entered become one new stamp.</summary>
    private void LeavePte(Vpn page, Pfn frame, ref ulong stamp, bool stored, Outbox outbox)
    {
        EnterPte(page, frame, stamp);
        if (!stored || _machine.Policy.CheckEveryAccess)
        {
            return;
        }

        Restamp(page, frame, ref stamp, outbox);
    }

    /// <summary>The contents have changed.</summary>
    private void Restamp(Vpn page, Pfn frame, ref ulong stamp, Outbox outbox)
    {
        stamp = NewStamp();
        _machine.Contents[frame] = new ContentStamp(stamp);
        outbox.State(new PageStored(page, new ContentStamp(stamp), frame, 0));
    }

    /// <summary>
    /// What a visitor's access does to the bytes of its page, which are where its frame is.
    /// </summary>
    /// <param name="operation">The access.</param>
    /// <param name="value">What a store stores.</param>
    /// <param name="outbox">The turn's outbox.</param>
    /// <returns>The value that a load read.</returns>
    private ulong MoveBytes(in Operation operation, ulong value, Outbox outbox)
    {
        int offset = (int)(operation.Address % PageSize.Bytes);
        var width = (int)Math.Min(operation.Argument, (ulong)Math.Min(sizeof(ulong), PageSize.Bytes - offset));
        if (width == 0)
        {
            return 0;
        }

        AddressSpace space = Space;
        Vpn page = new VirtualAddress(operation.Address).Page;
        int cell = space.Tables.FindCell(page);
        Pfn frame = space.Tables.Pte(cell).Pfn;
        if (operation.Kind != OperationKind.Write)
        {
            return _machine.Contents.Bytes.Read((int)frame.Value, offset, width);
        }

        Restamp(page, frame, ref space.Tables.Stamp(cell), outbox);
        _machine.Contents.Bytes.Write((int)frame.Value, offset, width, value);
        return 0;
    }

    private void CheckContents(Vpn page, int cell, AccessKind access, Outbox outbox)
    {
        ref ulong stamp = ref Space.Tables.Stamp(cell);
        Pfn frame = Space.Tables.Pte(cell).Pfn;
        EnterPte(page, frame, stamp);
        if (access != AccessKind.Write)
        {
            outbox.State(new PageLoaded(page, new ContentStamp(stamp), frame, 0));
            return;
        }

        Restamp(page, frame, ref stamp, outbox);
    }

    /// <summary>Makes a PTE valid and adds the page to the working set; at the hard maximum another page goes first.</summary>
    private void MapPage(int cell, Vpn page, Pfn frame, ProtectionCode protection, FaultKind cause, bool modified, Outbox outbox)
    {
        AddressSpace space = Space;
        MakeRoom(outbox);
        EnterPte(page, frame, space.Tables.Stamp(cell));
        space.Tables.Write(cell, Pte.ForValid(frame, AsEnforced(protection)).WithExecuteOnly(HasKey(protection)));
        int index = space.WorkingSet.Add(page, cell, protection);
        space.WorkingSet[index].Modified = modified;
        space.Tables.WorkingSetIndex(cell) = (uint)index;
        _workingSetMoved = true;
        outbox.State(new PageMapped(page, new ContentStamp(space.Tables.Stamp(cell)), frame, cause, protection.CanWrite, 1));
    }

    private void MakeRoom(Outbox outbox)
    {
        AddressSpace space = Space;
        if (_plan.WorkingSet.HardMaximum && space.WorkingSet.Count >= _plan.WorkingSet.Maximum)
        {
            int victim = space.WorkingSet.ChooseVictim(_plan.Replacement, space.Tables, space.Tlb);
            ref WorkingSetEntry entry = ref space.WorkingSet[victim];
            UnmapPage(entry.Cell, UnmapCause.Replaced, entry.Protection, outbox);
        }
    }

    /// <summary>What the processor makes of a protection.</summary>
    private ProtectionCode AsEnforced(ProtectionCode protection) =>
        _machine.Platform.DataExecutionPrevention ? protection : protection.WithExecute;

    /// <summary>Whether pages of this protection get the key under which no data can be read.</summary>
    private bool HasKey(ProtectionCode protection) => _machine.Platform.EnforcesExecuteOnly && protection.IsExecuteOnly;

    /// <summary>A valid PTE becomes a hint, and the PFN database gets the frame; unless nobody needs what the page contains.</summary>
    private void UnmapPage(int cell, UnmapCause cause, ProtectionCode protection, Outbox outbox)
    {
        AddressSpace space = Space;
        PageTables tables = space.Tables;
        Vpn page = tables.PageOf(cell);
        Pte pte = tables.Pte(cell);
        if (pte.IsShared)
        {
            UnmapShared(cell, cause, Pte.ForPrototype(protection), outbox);
            return;
        }

        ref WorkingSetEntry entry = ref space.WorkingSet[(int)tables.WorkingSetIndex(cell)];
        if (entry is { Reset: true, Modified: false } && !pte.IsDirty)
        {
            Lose(cell, page, protection, outbox);
            FlushDeleted(outbox);
            return;
        }

        bool modified = LeaveWorkingSet(page, cell, pte, outbox);
        Generation generation = NextGeneration();
        tables.Write(cell, Pte.ForTransition(pte.Pfn, protection, generation));
        outbox.State(new PageUnmapped(page, new ContentStamp(tables.Stamp(cell)), pte.Pfn, generation, cause, modified));
        outbox.Send(_machine.Cast.PfnDatabase, new TrimPage(page, pte.Pfn, generation, protection.Value, modified));
    }

    /// <summary>Takes a valid page out of working set and TLB; tells whether it differs from its copy in a paging file.</summary>
    private bool LeaveWorkingSet(Vpn page, int cell, Pte pte, Outbox outbox)
    {
        AddressSpace space = Space;
        ref uint index = ref space.Tables.WorkingSetIndex(cell);
        bool modified = pte.IsDirty || space.WorkingSet[(int)index].Modified;
        LeavePte(page, pte.Pfn, ref space.Tables.Stamp(cell), pte.IsDirty, outbox);
        if (pte.IsDirty)
        {
            KeepMark(page);
        }

        space.WorkingSet.Remove((int)index);
        space.Tlb.Flush(page);
        index = WorkingSet.None;
        _workingSetMoved = true;
        return modified;
    }

    /// <summary>The page in this cell no longer exists; its PTE becomes <paramref name="replacement"/>.</summary>
    private void DeletePage(int cell, Pte replacement, UnmapCause cause, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        Pte pte = tables.Pte(cell);
        Vpn page = tables.PageOf(cell);
        if (pte.IsShared)
        {
            UnmapShared(cell, cause, replacement, outbox);
            return;
        }

        if (pte.IsValid)
        {
            bool modified = LeaveWorkingSet(page, cell, pte, outbox);
            outbox.State(new PageUnmapped(page, new ContentStamp(tables.Stamp(cell)), pte.Pfn, default, cause, modified));
            DeleteFrame(pte.Pfn, outbox);
            tables.Stamp(cell) = 0;
        }
        else
        {
            DeleteEntry(page, pte, ref tables.Stamp(cell), outbox);
        }

        tables.Write(cell, replacement);
    }

    /// <summary>What stands behind a PTE is given up: a frame, a hint, a slot, or nothing. Table pages come here too.</summary>
    private void DeleteEntry(Vpn page, Pte pte, ref ulong stamp, Outbox outbox)
    {
        stamp = 0;
        int block = Space.FindBlock(page);
        if (_machine.Cast.Rules.LeavesDeletedPageToItsRead(block >= 0))
        {
            DeleteFromRead(block, page, outbox);
            return;
        }

        switch (pte.Form)
        {
            case PteForm.Valid:
                outbox.State(new PageUnmapped(page, _machine.Contents[pte.Pfn], pte.Pfn, default, UnmapCause.Deleted, true));
                DeleteFrame(pte.Pfn, outbox);
                break;
            case PteForm.Transition:
                outbox.State(new HintDropped(page, PagingFileSlot.None, pte.Pfn, 1));
                outbox.Send(_machine.Cast.PfnDatabase, new DeleteHint(page, pte.Pfn, pte.Generation, 0));
                break;
            case PteForm.PagingFile:
                outbox.State(new PagedOutDeleted(page, pte.Slot));
                outbox.Send(_machine.Cast.PagingFiles[(int)pte.Slot.File], new FreeSlots(pte.Slot, 1));
                break;
            case PteForm.Prototype or PteForm.DemandZero or PteForm.NoAccess or PteForm.Decommitted or PteForm.Zero:
                break;
        }
    }

    private void DeleteFrame(Pfn frame, Outbox outbox)
    {
        ref FrameBatch deleted = ref Space.Deleted;
        deleted.Add(frame);
        if (deleted.IsFull)
        {
            FlushDeleted(outbox);
        }
    }

    /// <summary>Frames are deleted seven to a message; a turn that deletes ends with this.</summary>
    private void FlushDeleted(Outbox outbox)
    {
        ref FrameBatch deleted = ref Space.Deleted;
        if (deleted.Count > 0)
        {
            outbox.Send(_machine.Cast.PfnDatabase, new DeletePages(deleted));
            deleted = default;
        }
    }
}
