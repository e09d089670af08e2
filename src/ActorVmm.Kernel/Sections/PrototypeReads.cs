using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// Pages of a section that are read in, a page and those next to it that lie next to it there too (fact book §16.5, §16.6): 1. frames are asked
/// for; 2. the prototype PTEs become hints before the device is asked, so that everybody who comes meets the block; 3. the read ends, and the
/// pages that somebody waits for are valid; the others stay as hints on standby. Pages of paged pool that hold prototype PTEs
/// come back the same way.
/// </summary>
public sealed partial class Section
{
    /// <summary>Pages around a fault that are considered for one read from a paging file: 64 KB.</summary>
    private const int SlotCluster = 16;

    /// <summary>The same for a file: 32 KB.</summary>
    private const int FileCluster = 8;

    private void OpenRead(Vpn page, PagingFileSlot slot, Outbox outbox)
    {
        outbox.Spend(new Ticks(_machine.Costs.HardFault));
        CountNeighbours(page, slot, out int before, out int after);
        int index = _blocks.Add(page, PrototypePhase.ReadFrame);
        ref PrototypeBlock block = ref _blocks[index];
        block.First = new Vpn(page.Value - (uint)before);
        block.Count = (byte)(before + 1 + after);
        block.Slot = slot.IsNone ? slot : new PagingFileSlot(slot.File, slot.Page - (uint)before);
        block.Generation = NextGeneration();
        if (!slot.IsNone)
        {
            outbox.State(new InPageOpened(block.First, block.Slot, index, block.Count));
        }

        outbox.Send(_machine.Cast.PfnDatabase, new TakeReadFrames(
            block.First, block.Slot, index, block.Generation, block.Count, (byte)before, PriorityOf(page), 0));
    }

    /// <summary>How many pages before and after it, within an aligned cluster, are read along. A page of prototype PTEs is read alone.</summary>
    private void CountNeighbours(Vpn page, PagingFileSlot slot, out int before, out int after)
    {
        before = 0;
        after = 0;
        if (SelfMap.Contains(page))
        {
            return;
        }

        int cluster = slot.IsNone ? FileCluster : SlotCluster;
        var fromStart = (int)(page.Value % (ulong)cluster);
        int most = Math.Min(_machine.Policy.ReadCluster, cluster) - 1;
        while (before < Math.Min(fromStart, most) && Continues(page, slot, -(before + 1)))
        {
            before++;
        }

        while (after < Math.Min(cluster - 1 - fromStart, most - before) && Continues(page, slot, after + 1))
        {
            after++;
        }
    }

    private bool Continues(Vpn page, PagingFileSlot slot, int distance)
    {
        var neighbour = new Vpn((ulong)((long)page.Value + distance));
        if (neighbour.Value >= _pages || _blocks.Find(neighbour) >= 0)
        {
            return false;
        }

        Pte prototype = _prototypes.Read(neighbour);
        if (!slot.IsNone)
        {
            return prototype.Form == PteForm.PagingFile && prototype.Slot.File == slot.File && prototype.Slot.Page == slot.Page + distance;
        }

        _ = TryPlaceInFile(page, out ulong here, out _);
        return prototype == Pte.Zero && TryPlaceInFile(neighbour, out ulong there, out _) && (long)there - (long)here == (long)distance << PageSize.Shift
            && RunOf(page) == RunOf(neighbour);
    }

    private void ReadFramesGranted(ReadFramesGranted granted, Outbox outbox)
    {
        Invariant.Holds(_blocks[granted.Block].Phase == PrototypePhase.ReadFrame, "frames are granted to a block that asked for them");
        PrototypeBlock old = _blocks[granted.Block];
        ref PrototypeBlock block = ref _blocks[granted.Block];
        int count = _machine.Contents.Mdls.Length(granted.Mdl);
        block.First = new Vpn(old.First.Value + (uint)granted.Offset);
        block.Slot = old.Slot.IsNone ? old.Slot : old.Slot.Plus((uint)granted.Offset);
        block.Count = (byte)count;
        block.Phase = PrototypePhase.Reading;
        block.Mdl = granted.Mdl;
        if (count < old.Count && !block.Slot.IsNone)
        {
            outbox.State(new InPageNarrowed(block.First, block.Slot, granted.Block, count));
        }

        for (int i = 0; i < count; i++)
        {
            WriteEntry(PageOf(block, i), Pte.ForTransition(_machine.Contents.Mdls.Frame(granted.Mdl, i), ProtectionCode.ReadWrite, block.Generation));
        }

        AskDevice(block, granted.Block, outbox);
        ReadApart(old, block, outbox);
    }

    private static Vpn PageOf(in PrototypeBlock block, int i) => new(block.First.Value + (uint)i);

    private void AskDevice(in PrototypeBlock block, int index, Outbox outbox)
    {
        if (!block.Slot.IsNone)
        {
            outbox.Send(_machine.Cast.PagingFiles[(int)block.Slot.File], new ReadPages(block.Slot, block.Mdl, index));
            return;
        }

        _ = TryPlaceInFile(block.First, out ulong offset, out _);
        _ = TryPlaceInFile(PageOf(block, block.Count - 1), out ulong last, out ulong bytes);
        outbox.Send(_file, new ReadFilePages(offset, last - offset + bytes, block.Mdl, index));
    }

    /// <summary>Fewer frames than pages: those that are not read now are looked for again when somebody waits for them.</summary>
    private void ReadApart(in PrototypeBlock old, PrototypeBlock block, Outbox outbox)
    {
        for (int i = 0; i < old.Count; i++)
        {
            Vpn page = PageOf(old, i);
            if (!block.Contains(page) && _blocks.IsAwaited(page) && _blocks.Find(page) < 0)
            {
                BringIn(page, FaultKind.Prototype, outbox);
            }
        }
    }

    private void FilePagesRead(FilePagesRead read, Outbox outbox) => PageRead(new PageRead(read.Block, read.Status), outbox);

    private void PageRead(PageRead read, Outbox outbox)
    {
        PrototypeBlock block = _blocks[read.Block];
        Invariant.Holds(block.Phase == PrototypePhase.Reading, "a read ends once");
        _blocks.Close(read.Block);
        bool succeeded = read.Status == NtStatus.Success;
        ushort mapped = succeeded ? Awaited(block) : (ushort)0;
        outbox.Spend(new Ticks(_machine.Costs.SoftFault));
        outbox.Send(_machine.Cast.PfnDatabase, new InPageCompleted(block.Mdl, read.Status, mapped, 0));
        if (!block.Slot.IsNone)
        {
            outbox.State(new InPageClosed(block.First, read.Block, read.Status, mapped, 0, block.Count));
        }

        // All of them before anybody goes on: the row may be somebody else's when the first one is looked at again.
        Span<Pfn> frames = stackalloc Pfn[SlotCluster];
        for (int i = 0; i < block.Count; i++)
        {
            frames[i] = _machine.Contents.Mdls.Frame(block.Mdl, i);
            EndRead(block, i, frames[i], succeeded, (mapped & (1 << i)) != 0, outbox);
        }

        for (int i = 0; i < block.Count; i++)
        {
            GoOnAfterRead(PageOf(block, i), frames[i], succeeded, (mapped & (1 << i)) != 0, outbox);
        }
    }

    /// <summary>Mask of the pages that somebody waits for; a page of prototype PTEs is always one.</summary>
    private ushort Awaited(in PrototypeBlock block)
    {
        int awaited = 0;
        for (int i = 0; i < block.Count; i++)
        {
            Vpn page = PageOf(block, i);
            awaited |= SelfMap.Contains(page) || _blocks.IsAwaited(page) ? 1 << i : 0;
        }

        return (ushort)awaited;
    }

    /// <summary>What becomes of the prototype PTE of one page.</summary>
    private void EndRead(in PrototypeBlock block, int i, Pfn frame, bool succeeded, bool mapped, Outbox outbox)
    {
        Vpn page = PageOf(block, i);
        if (!succeeded)
        {
            WriteEntry(page, block.Slot.IsNone ? Pte.Zero : Pte.ForPagingFile(block.Slot.Plus((uint)i), ProtectionCode.ReadWrite));
            if (block.Slot.IsNone)
            {
                outbox.State(new HintDropped(page, PagingFileSlot.None, frame, 1));
            }
        }
        else if (!mapped && block.Slot.IsNone)
        {
            // What is in a file may have been written there by anybody.
            ContentStamp found = _machine.Contents[frame];
            _prototypes.Stamp(_prototypes.FindCell(page)) = found.Value;
            outbox.State(new PageReadAlong(page, found, frame, 0));
        }
    }

    private void GoOnAfterRead(Vpn page, Pfn frame, bool succeeded, bool mapped, Outbox outbox)
    {
        bool table = SelfMap.Contains(page);
        if (!succeeded && table)
        {
            RefuseAllIn(page, NtStatus.InPageError, outbox);
        }
        else if (!succeeded)
        {
            Refuse(page, NtStatus.InPageError, outbox);
        }
        else if (table)
        {
            MapTable(page, frame, outbox);
            GoOn(page, outbox);
        }
        else if (mapped)
        {
            int cell = _prototypes.FindCell(page);
            MapPrototype(cell, page, frame, FaultKind.Hard, false, outbox);
            Grant(page, cell, FaultKind.Hard, outbox);
        }
    }

    private Pte EntryOf(Vpn page) =>
        SelfMap.Contains(page) ? _prototypes.Table(_prototypes.FindTable(page)).Entry : _prototypes.Read(page);

    private void WriteEntry(Vpn page, Pte entry)
    {
        if (SelfMap.Contains(page))
        {
            _prototypes.WriteTable(_prototypes.FindTable(page), entry);
        }
        else
        {
            _prototypes.Write(_prototypes.CellOf(page), entry);
        }
    }
}
