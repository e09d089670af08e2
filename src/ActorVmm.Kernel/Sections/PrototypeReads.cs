using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// A page of a section that is read in: 1. a frame is asked for; 2. the prototype PTE becomes a hint before the device is asked, so that
/// everybody who comes meets the block; 3. the read ends, and the page is valid for all who wait. Pages of paged pool that hold prototype PTEs
/// come back the same way.
/// </summary>
public sealed partial class Section
{
    private void OpenRead(Vpn page, PagingFileSlot slot, Outbox outbox)
    {
        outbox.Spend(new Ticks(_machine.Costs.HardFault));
        int index = _blocks.Add(page, PrototypePhase.ReadFrame);
        ref PrototypeBlock block = ref _blocks[index];
        block.Slot = slot;
        block.Generation = NextGeneration();
        if (!slot.IsNone)
        {
            outbox.State(new InPageOpened(page, slot, index, 1));
        }

        outbox.Send(_machine.Cast.PfnDatabase, new TakeReadFrames(page, slot, index, block.Generation, 1, 0, PriorityOf(page), 0));
    }

    private void ReadFramesGranted(ReadFramesGranted granted, Outbox outbox)
    {
        ref PrototypeBlock block = ref _blocks[granted.Block];
        Invariant.Holds(block.Phase == PrototypePhase.ReadFrame, "frames are granted to a block that asked for them");
        block.Phase = PrototypePhase.Reading;
        block.Mdl = granted.Mdl;
        WriteEntry(block.Page, Pte.ForTransition(_machine.Contents.Mdls.Frame(granted.Mdl, 0), ProtectionCode.ReadWrite, block.Generation));
        if (!block.Slot.IsNone)
        {
            outbox.Send(_machine.Cast.PagingFiles[(int)block.Slot.File], new ReadPages(block.Slot, block.Mdl, granted.Block));
            return;
        }

        _ = TryPlaceInFile(block.Page, out ulong offset, out ulong bytes);
        outbox.Send(_file, new ReadFilePages(offset, bytes, block.Mdl, granted.Block));
    }

    private void FilePagesRead(FilePagesRead read, Outbox outbox) => PageRead(new PageRead(read.Block, read.Status), outbox);

    private void PageRead(PageRead read, Outbox outbox)
    {
        PrototypeBlock block = _blocks[read.Block];
        Invariant.Holds(block.Phase == PrototypePhase.Reading, "a read ends once");
        _blocks.Close(read.Block);
        bool succeeded = read.Status == NtStatus.Success;
        Pfn frame = _machine.Contents.Mdls.Frame(block.Mdl, 0);
        ushort mapped = (ushort)(succeeded ? 1 : 0);
        outbox.Spend(new Ticks(_machine.Costs.SoftFault));
        outbox.Send(_machine.Cast.PfnDatabase, new InPageCompleted(block.Mdl, read.Status, mapped, 0));
        if (!succeeded)
        {
            WriteEntry(block.Page, block.Slot.IsNone ? Pte.Zero : Pte.ForPagingFile(block.Slot, ProtectionCode.ReadWrite));
        }

        if (!block.Slot.IsNone)
        {
            outbox.State(new InPageClosed(block.Page, read.Block, read.Status, mapped, 0, 1));
        }
        else if (!succeeded)
        {
            outbox.State(new HintDropped(block.Page, PagingFileSlot.None, frame, 1));
        }

        if (!succeeded && SelfMap.Contains(block.Page))
        {
            RefuseAllIn(block.Page, NtStatus.InPageError, outbox);
        }
        else if (!succeeded)
        {
            Refuse(block.Page, NtStatus.InPageError, outbox);
        }
        else if (SelfMap.Contains(block.Page))
        {
            MapTable(block.Page, frame, outbox);
            GoOn(block.Page, outbox);
        }
        else
        {
            int cell = _prototypes.FindCell(block.Page);
            MapPrototype(cell, block.Page, frame, FaultKind.Hard, false, outbox);
            Grant(block.Page, cell, FaultKind.Hard, outbox);
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
