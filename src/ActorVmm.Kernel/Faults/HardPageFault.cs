using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Faults;
using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel;

/// <summary>
/// A hard page fault, all of it, in order (fact book §16.5), although other actors speak in between:
/// 1. <see cref="OpenRead"/>: the page and its neighbours in the paging file become one block, and frames are asked for.
/// 2. <see cref="ReadFramesGranted"/>: the PTEs become transition PTEs before the lock is dropped, and the device is asked to read.
/// 3. <see cref="JoinRead"/>: whoever faults meanwhile on a page of the block waits for the same read (R1).
/// 4. <see cref="DeleteFromRead"/>: whoever deletes a page meanwhile leaves a mark (R2, R6).
/// 5. <see cref="PageRead"/>: everything is looked at again; wanted pages become valid, the others stay as hints on standby.
/// </summary>
public sealed partial class Process
{
    /// <summary>Pages around a fault that are considered for one read: 64 KB.</summary>
    private const int ClusterPages = 16;

    private void OpenRead(int thread, Vpn page, Outbox outbox) =>
        Wait(thread, page, OpenRead(thread, page, ClusterAround(page), outbox));

    private int OpenRead(int thread, Vpn page, InPageBlock block, Outbox outbox)
    {
        outbox.Spend(new Ticks(_machine.Costs.HardFault));
        block.Generation = NextGeneration();
        block.Phase = InPagePhase.WaitingForFrames;
        int index = Space.OpenBlock(block);
        outbox.State(new InPageOpened(block.First, block.Slot, index, block.Count));
        var fault = (byte)(page.Value - block.First.Value);
        outbox.Send(_machine.Cast.PfnDatabase, new TakeReadFrames(block.First, block.Slot, index, block.Generation, block.Count, fault, PagePriorityOf(thread), 0));
        return index;
    }

    /// <summary>
    /// The page and those next to it, within an aligned 64 KB, that lie next to it in the paging file too. A table page is read alone.
    /// </summary>
    private InPageBlock ClusterAround(Vpn page)
    {
        PageTables tables = Space.Tables;
        if (SelfMap.Contains(page))
        {
            Pte table = tables.Table(tables.FindTable(page)).Entry;
            return new InPageBlock { First = page, Slot = table.Slot, Count = 1, Wanted = 1 };
        }

        int cell = tables.FindCell(page);
        PagingFileSlot slot = tables.Pte(cell).Slot;
        int most = _machine.Policy.ReadCluster - 1;
        int fromStart = (int)(page.Value % ClusterPages);
        int before = 0;
        while (before < Math.Min(fromStart, most) && Continues(page, cell, slot, -(before + 1)))
        {
            before++;
        }

        int after = 0;
        while (after < Math.Min(ClusterPages - 1 - fromStart, most - before) && Continues(page, cell, slot, after + 1))
        {
            after++;
        }

        return new InPageBlock
        {
            First = new Vpn(page.Value - (uint)before),
            Slot = new PagingFileSlot(slot.File, slot.Page - (uint)before),
            Count = (byte)(before + 1 + after),
            Wanted = (ushort)(1 << before),
        };
    }

    private bool Continues(Vpn page, int cell, PagingFileSlot slot, int distance)
    {
        Pte pte = Space.Tables.Pte(cell + distance);
        var neighbour = new Vpn((ulong)((long)page.Value + distance));
        return pte.Form == PteForm.PagingFile
            && pte.Slot.File == slot.File
            && pte.Slot.Page == slot.Page + distance
            && Space.FindBlock(neighbour) < 0;
    }

    private bool JoinsRead(Vpn page) => _machine.Cast.Rules.JoinsRead(Space.FindBlock(page) >= 0);

    private void JoinRead(int thread, Vpn page, Outbox outbox)
    {
        int index = Space.FindBlock(page);
        ref InPageBlock block = ref Space.Block(index);
        block.Wanted |= block.BitOf(page);
        Wait(thread, page, index);
        outbox.State(new WaiterJoined(page, index, thread));
    }

    private void Wait(int thread, Vpn page, int block)
    {
        _threads[thread].Wait = ThreadWait.InPage;
        _threads[thread].WaitPage = page;
        _threads[thread].WaitBlock = block;
    }

    /// <summary>
    /// There are frames; perhaps only for the faulting page. From here on the slots belong to the frames, and every later fault sees
    /// a transition PTE.
    /// </summary>
    private void ReadFramesGranted(ReadFramesGranted granted, Outbox outbox)
    {
        ref InPageBlock block = ref Space.Block(granted.Block);
        Invariant.Holds(block.Phase == InPagePhase.WaitingForFrames, "frames are granted to a block that asked for them");
        Narrow(granted, outbox);
        block.Mdl = granted.Mdl;
        block.Phase = InPagePhase.Reading;
        if (block.Deleted == block.AllBits)
        {
            // Nobody wants any of it any more; there is nothing to read.
            CompleteRead(block, NtStatus.Success, 0, outbox);
            CloseRead(granted.Block, NtStatus.Success, 0, outbox);
            return;
        }

        for (int i = 0; i < block.Count; i++)
        {
            if ((block.Deleted & (1 << i)) == 0)
            {
                WriteHint(new Vpn(block.First.Value + (uint)i), _machine.Contents.Mdls.Frame(block.Mdl, i), block.Generation);
            }
        }

        outbox.Send(_machine.Cast.PagingFiles[(int)block.Slot.File], new ReadPages(block.Slot, block.Mdl, granted.Block));
    }

    /// <summary>Fewer frames than pages: the block shrinks, and threads that wanted the rest fault again.</summary>
    private void Narrow(ReadFramesGranted granted, Outbox outbox)
    {
        ref InPageBlock block = ref Space.Block(granted.Block);
        int count = _machine.Contents.Mdls.Length(granted.Mdl);
        if (count == block.Count)
        {
            return;
        }

        InPageBlock old = block;
        block.First = new Vpn(old.First.Value + (uint)granted.Offset);
        block.Slot = old.Slot.Plus((uint)granted.Offset);
        block.Count = (byte)count;
        block.Wanted = (ushort)((old.Wanted >> granted.Offset) & block.AllBits);
        block.Deleted = (ushort)((old.Deleted >> granted.Offset) & block.AllBits);
        for (int thread = 0; thread < _threadCount; thread++)
        {
            if (_threads[thread].Wait == ThreadWait.InPage && _threads[thread].WaitBlock == granted.Block && !block.Contains(_threads[thread].WaitPage))
            {
                _threads[thread].Wait = ThreadWait.None;
            }
        }

        outbox.State(new InPageNarrowed(block.First, block.Slot, granted.Block, block.Count));
        FreeDeletedOutside(old, block, outbox);
    }

    /// <summary>Pages deleted while the block waited, and now not read: their slots were kept for the read.</summary>
    private void FreeDeletedOutside(in InPageBlock old, in InPageBlock block, Outbox outbox)
    {
        for (int i = 0; i < old.Count; i++)
        {
            var page = new Vpn(old.First.Value + (uint)i);
            if ((old.Deleted & (1 << i)) != 0 && !block.Contains(page))
            {
                outbox.State(new PagedOutDeleted(page, old.Slot.Plus((uint)i)));
                outbox.Send(_machine.Cast.PagingFiles[(int)old.Slot.File], new FreeSlots(old.Slot.Plus((uint)i), 1));
            }
        }
    }

    /// <summary>A page of the block is deleted: its PTE may change at once, frame and slot follow when the read has ended.</summary>
    private void DeleteFromRead(int index, Vpn page, Outbox outbox)
    {
        ref InPageBlock block = ref Space.Block(index);
        block.Deleted |= block.BitOf(page);
        outbox.State(new ChangedDuringRead(page, index, 1));
    }

    /// <summary>
    /// The read has ended. Protections may have changed (R2): each page gets the right its PTE names now, and a page that may not be
    /// accessed at all stays a hint.
    /// </summary>
    private void PageRead(PageRead read, Outbox outbox)
    {
        int index = read.Block;
        InPageBlock block = Space.Block(index);
        Invariant.Holds(block.Phase == InPagePhase.Reading, "a read ends once");
        outbox.Spend(new Ticks(_machine.Costs.SoftFault));

        // Before the first page is mapped: at its hard maximum the process gives up a page for each, perhaps one of these, and the PFN
        // database would hear that a page is trimmed which is not valid yet.
        ushort mapped = read.Status == NtStatus.Success ? Mappable(block) : (ushort)0;
        CompleteRead(block, read.Status, mapped, outbox);
        for (int i = 0; i < block.Count; i++)
        {
            int bit = 1 << i;
            var page = new Vpn(block.First.Value + (uint)i);
            if ((block.Deleted & bit) != 0)
            {
                continue;
            }

            Pfn frame = _machine.Contents.Mdls.Frame(block.Mdl, i);
            Invariant.Holds(IsHint(page, frame, block.Generation), "a page keeps its hint while it is read");
            if (read.Status != NtStatus.Success)
            {
                RestoreSlot(page, block.Slot.Plus((uint)i));
            }
            else if ((mapped & bit) != 0)
            {
                MapRead(page, frame, outbox);
            }
        }

        CloseRead(index, read.Status, mapped, outbox);
    }

    /// <summary>Mask of the pages that somebody waits for, that still exist, and that may be accessed.</summary>
    private ushort Mappable(in InPageBlock block)
    {
        int mappable = 0;
        for (int i = 0; i < block.Count; i++)
        {
            if ((block.Wanted & ~block.Deleted & (1 << i)) != 0)
            {
                ProtectionCode protection = PteOf(new Vpn(block.First.Value + (uint)i)).Protection;
                mappable |= _machine.Cast.Rules.IsMappedAfterRead(!protection.IsNoAccess && !protection.IsGuard) ? 1 << i : 0;
            }
        }

        return (ushort)mappable;
    }

    private void CompleteRead(in InPageBlock block, NtStatus status, ushort mapped, Outbox outbox) =>
        outbox.Send(_machine.Cast.PfnDatabase, new InPageCompleted(block.Mdl, status, mapped, block.Deleted));

    private void CloseRead(int index, NtStatus status, ushort mapped, Outbox outbox)
    {
        InPageBlock block = Space.Block(index);
        Space.CloseBlock(index);
        outbox.State(new InPageClosed(block.First, index, status, mapped, block.Deleted, block.Count));
        for (int thread = 0; thread < _threadCount; thread++)
        {
            ref ThreadState state = ref _threads[thread];
            if (state.Wait == ThreadWait.InPage && state.WaitBlock == index)
            {
                // Who waited for a page that was deleted meanwhile is not concerned by an error: its fault is dismissed and retried (R2).
                bool failed = status != NtStatus.Success && block.Reads(state.WaitPage);
                state.Wait = ThreadWait.None;
                state.Exception = failed ? NtStatus.InPageError : NtStatus.Success;
            }
        }
    }

    private void MapRead(Vpn page, Pfn frame, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        if (SelfMap.Contains(page))
        {
            MapTable(tables.FindTable(page), page, frame, outbox);
            return;
        }

        int cell = tables.FindCell(page);
        MapPage(cell, page, frame, tables.Pte(cell).Protection, FaultKind.Hard, false, outbox);
    }

    private bool IsHint(Vpn page, Pfn frame, Generation generation)
    {
        Pte pte = PteOf(page);
        return pte.Form == PteForm.Transition && pte.Pfn == frame && pte.Generation == generation;
    }

    private void WriteHint(Vpn page, Pfn frame, Generation generation) =>
        WritePte(page, Pte.ForTransition(frame, PteOf(page).Protection, generation));

    private void RestoreSlot(Vpn page, PagingFileSlot slot) =>
        WritePte(page, Pte.ForPagingFile(slot, PteOf(page).Protection));

    private Pte PteOf(Vpn page)
    {
        PageTables tables = Space.Tables;
        return SelfMap.Contains(page) ? tables.Table(tables.FindTable(page)).Entry : tables.Read(page);
    }

    private void WritePte(Vpn page, Pte pte)
    {
        PageTables tables = Space.Tables;
        if (SelfMap.Contains(page))
        {
            tables.WriteTable(tables.FindTable(page), pte);
        }
        else
        {
            tables.Write(tables.FindCell(page), pte);
        }
    }
}
