namespace ActorVmm.Specifications.Known;

/// <summary>What the PFN database and the paging files tell of slots.</summary>
internal sealed class SlotChronicle(KnownMachine known)
    : IHear<SlotAttached>, IHear<SlotDetached>, IHear<SlotsTaken>, IHear<SlotsFreed>, IHear<TransferStarted>, IHear<TransferEnded>
{
    public void Hear(in SlotAttached fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        ref KnownSlot slot = ref known.Slots.At(fact.Slot);
        slot.State = SlotState.InFrame;
        slot.Frame = fact.Pfn;
        slot.Needed = false;
        frame.Slot = fact.Slot;
        if (slot.Read < 0)
        {
            return;
        }

        // For a read: the page's place moves from the slot to the frame, unless it was deleted meanwhile.
        ref KnownRead read = ref known.Reads.At(slot.Read);
        int index = unchecked((int)(fact.Slot.Page - read.Slot.Page));
        if ((uint)index >= (uint)read.Count)
        {
            return;
        }

        read.SetFrame(index, fact.Pfn);
        frame.Read = slot.Read;
        frame.Process = read.Process;
        frame.Vpn = new Vpn(unchecked(read.First.Value + (ulong)index));
        frame.Stamp = slot.Stamp;
        frame.Dirty = false;
        frame.Holding = Holding.DeleteOnItsWay;
        if ((read.Deleted >> index & 1) == 0)
        {
            frame.Holding = Holding.Reading;
            known.Pages.Move(frame.Process, frame.Vpn, new PagePlace(PagingFileSlot.None, fact.Pfn, HintIsOut: false, BeingRead: true));
        }
    }

    public void Hear(in SlotDetached fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        if (fact.Handed != 0 && frame.HandedBack == fact.Slot)
        {
            frame.HandedBack = PagingFileSlot.None;
            return;
        }

        if (frame.Slot == fact.Slot)
        {
            frame.Slot = PagingFileSlot.None;
        }

        ref KnownSlot slot = ref known.Slots.At(fact.Slot);
        slot.Frame = Pfn.None;
        slot.State = fact.Handed != 0 ? SlotState.WithPte : SlotState.Returning;
    }

    public void Hear(in SlotsTaken fact)
    {
        for (uint index = 0; index < fact.Count && known.Slots.Has(At(fact.First, index)); index++)
        {
            ref KnownSlot slot = ref known.Slots.At(At(fact.First, index));
            slot = new KnownSlot { State = SlotState.Reserved, Frame = Pfn.None, Read = -1, Transfers = slot.Transfers };
            known.Slots.Taken++;
        }
    }

    public void Hear(in SlotsFreed fact)
    {
        for (uint index = 0; index < fact.Count && known.Slots.Has(At(fact.First, index)); index++)
        {
            known.Slots.At(At(fact.First, index)).State = SlotState.Free;
            known.Slots.Taken--;
        }
    }

    public void Hear(in TransferStarted fact)
    {
        for (uint index = 0; index < (uint)fact.Count && known.Slots.Has(At(fact.First, index)); index++)
        {
            known.Slots.At(At(fact.First, index)).Transfers++;
        }
    }

    public void Hear(in TransferEnded fact)
    {
        for (uint index = 0; index < (uint)fact.Count && known.Slots.Has(At(fact.First, index)); index++)
        {
            ref KnownSlot slot = ref known.Slots.At(At(fact.First, index));
            slot.Transfers--;
            if (fact.Write != 0)
            {
                slot.WriteOrdered = false;
                slot.Written = fact.Status == NtStatus.Success;
            }
        }
    }

    private static PagingFileSlot At(PagingFileSlot first, uint index) => new(first.File, unchecked(first.Page + index));
}
