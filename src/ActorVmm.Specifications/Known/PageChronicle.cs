namespace ActorVmm.Specifications.Known;

/// <summary>What processes tell of their pages.</summary>
internal sealed class PageChronicle(KnownMachine known)
    : IHear<PageMapped>, IHear<PageUnmapped>, IHear<PageStored>, IHear<PageCleaned>, IHear<HintDropped>, IHear<PagedOutDeleted>,
      IHear<InPageOpened>, IHear<InPageNarrowed>, IHear<ChangedDuringRead>, IHear<InPageClosed>, IHear<PageReadAlong>
{
    private ActorId Actor => known.Turn.Actor;

    public void Hear(in PageMapped fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        if (frame.Holding == Holding.Granted)
        {
            known.Processes.At(frame.Process).Granted--;
            known.Born(Actor, fact.Vpn, fact.Pfn);
        }

        frame.Holding = Holding.Mapped;
        frame.Process = Actor;
        frame.Vpn = fact.Vpn;
        frame.Stamp = fact.Stamp;
        frame.Stored = false;
        frame.InWorkingSet = fact.InWorkingSet == 1;
        ref KnownProcess process = ref known.Processes.At(Actor);
        process.ValidPtes++;
        process.WorkingSet += frame.InWorkingSet ? 1 : 0;
    }

    public void Hear(in PageUnmapped fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        if (frame.Holding != Holding.Mapped)
        {
            return;
        }

        ref KnownProcess process = ref known.Processes.At(frame.Process);
        process.ValidPtes--;
        process.WorkingSet -= frame.InWorkingSet ? 1 : 0;
        frame.InWorkingSet = false;
        frame.Stamp = fact.Stamp;
        frame.Dirty |= fact.Dirty;
        if (fact.Cause is UnmapCause.Deleted or UnmapCause.Exit)
        {
            frame.Holding = Holding.DeleteOnItsWay;
            known.Died(frame.Process, frame.Vpn);
        }
        else
        {
            frame.Holding = Holding.TrimOnItsWay;
        }
    }

    public void Hear(in PageStored fact)
    {
        ref KnownFrame frame = ref known.Frames.At(fact.Pfn);
        frame.Stamp = fact.Stamp;
        frame.Stored = true;
    }

    public void Hear(in PageCleaned fact) => known.Frames.At(fact.Pfn).Stored = false;

    public void Hear(in HintDropped fact)
    {
        if (!known.Pages.TryFind(Actor, fact.Vpn, out PagePlace place))
        {
            // What a file holds exists without being known here; the frame it was in is given up all the same.
            ref KnownFrame given = ref known.Touch(fact.Pfn);
            if (fact.Deleted != 0 && given.HoldsPage && given.Process == Actor && given.Vpn == fact.Vpn)
            {
                given.Holding = Holding.DeleteOnItsWay;
            }

            return;
        }

        if (fact.Deleted != 0)
        {
            Delete(fact.Vpn, place);
        }
        else if (place.HintIsOut && place.Slot.IsNone)
        {
            known.Died(Actor, fact.Vpn);
        }
        else if (place.HintIsOut)
        {
            known.Pages.Move(Actor, fact.Vpn, place with { HintIsOut = false });
        }
    }

    public void Hear(in PagedOutDeleted fact)
    {
        if (known.Pages.TryFind(Actor, fact.Vpn, out PagePlace place) && place.Frame.IsNone && place.Slot == fact.Slot)
        {
            Delete(fact.Vpn, place);
        }
    }

    public void Hear(in InPageOpened fact)
    {
        int row = known.Reads.Open(Actor, fact.Block);
        ref KnownRead read = ref known.Reads.At(row);
        read.First = fact.First;
        read.Slot = fact.Slot;
        read.Count = Math.Clamp(fact.Count, 0, KnownRead.PagesMax);
        read.Deleted = 0;
        known.Processes.At(Actor).OpenReads++;
        for (int index = 0; index < read.Count; index++)
        {
            Vpn vpn = PageOf(in read, index);
            if (known.Pages.TryFind(Actor, vpn, out PagePlace place))
            {
                known.Pages.Move(Actor, vpn, place with { BeingRead = true });
                known.Slots.At(place.Slot).Read = row;
            }
        }
    }

    public void Hear(in InPageNarrowed fact)
    {
        int row = known.Reads.Find(Actor, fact.Block);
        if (row < 0)
        {
            return;
        }

        ref KnownRead read = ref known.Reads.At(row);
        ulong offset = unchecked(fact.First.Value - read.First.Value);
        if (offset >= (ulong)read.Count || fact.Count < 1 || fact.Count > read.Count - (int)offset)
        {
            return;
        }

        KnownRead old = read;
        for (int index = 0; index < old.Count; index++)
        {
            bool kept = index >= (int)offset && index < (int)offset + fact.Count;
            if (!kept && (old.Deleted >> index & 1) == 0)
            {
                PagingFileSlot slot = new(old.Slot.File, unchecked(old.Slot.Page + (uint)index));
                known.Slots.At(slot).Read = -1;
                known.Pages.Move(Actor, PageOf(in old, index), new PagePlace(slot, Pfn.None, HintIsOut: false, BeingRead: false));
            }
        }

        read.First = fact.First;
        read.Slot = fact.Slot;
        read.Count = fact.Count;
        read.Deleted = old.Deleted >> (int)offset & ((1u << fact.Count) - 1);
        for (int index = 0; index < fact.Count; index++)
        {
            read.SetFrame(index, old.Frame(index + (int)offset));
        }
    }

    public void Hear(in ChangedDuringRead fact)
    {
        int row = known.Reads.Find(Actor, fact.Block);
        if (row < 0 || fact.Deleted == 0)
        {
            return;
        }

        ref KnownRead read = ref known.Reads.At(row);
        ulong index = unchecked(fact.Vpn.Value - read.First.Value);
        if (index < (ulong)read.Count && known.Pages.TryFind(Actor, fact.Vpn, out PagePlace place))
        {
            read.Deleted |= 1u << (int)index;
            Delete(fact.Vpn, place);
        }
    }

    public void Hear(in InPageClosed fact)
    {
        int row = known.Reads.Find(Actor, fact.Block);
        if (row < 0)
        {
            return;
        }

        ref KnownRead read = ref known.Reads.At(row);
        for (int index = 0; index < read.Count; index++)
        {
            Close(in read, index, fact.Status == NtStatus.Success, toBeMapped: (fact.Mapped >> index & 1) != 0);
        }

        known.Processes.At(Actor).OpenReads--;
        known.Reads.Close(row);
    }

    public void Hear(in PageReadAlong fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        if (frame.Holding == Holding.Reading)
        {
            frame.Holding = Holding.Hinted;
            frame.Stamp = fact.Stamp;
            frame.Stored = false;
        }
    }

    private void Close(in KnownRead read, int index, bool succeeded, bool toBeMapped)
    {
        PagingFileSlot slot = new(read.Slot.File, unchecked(read.Slot.Page + (uint)index));
        known.Slots.At(slot).Read = -1;
        Pfn pfn = read.Frame(index);
        if (!pfn.IsNone)
        {
            known.Touch(pfn).Read = -1;
        }

        if ((read.Deleted >> index & 1) != 0)
        {
            return;
        }

        Vpn vpn = PageOf(in read, index);
        if (!succeeded || pfn.IsNone)
        {
            known.Pages.Move(Actor, vpn, new PagePlace(slot, Pfn.None, HintIsOut: false, BeingRead: false));
            HandBack(slot, pfn);
            return;
        }

        ref KnownFrame frame = ref known.Frames.At(pfn);
        if (frame.Holding == Holding.Reading)
        {
            frame.Holding = Holding.Hinted;
            frame.ReadToBeMapped = toBeMapped;
        }
    }

    /// <summary>The PTE names the slot again, and may give it up before the PFN database has heard that the read failed.</summary>
    private void HandBack(PagingFileSlot at, Pfn pfn)
    {
        ref KnownSlot slot = ref known.Slots.At(at);
        slot.Needed = true;
        if (pfn.IsNone)
        {
            return;
        }

        slot.State = SlotState.WithPte;
        slot.Frame = Pfn.None;
        ref KnownFrame frame = ref known.Frames.At(pfn);
        frame.Holding = Holding.DeleteOnItsWay;
        frame.Slot = PagingFileSlot.None;
        frame.HandedBack = at;
    }

    /// <summary>A page ends where it is; what kept it is on its way back.</summary>
    private void Delete(Vpn vpn, PagePlace place)
    {
        if (place.Frame.IsNone)
        {
            known.Slots.At(place.Slot).Needed = false;
        }
        else
        {
            ref KnownFrame frame = ref known.Touch(place.Frame);
            if (frame.HoldsPage && frame.Process == Actor && frame.Vpn == vpn)
            {
                frame.Holding = Holding.DeleteOnItsWay;
            }
        }

        known.Died(Actor, vpn);
    }

    private static Vpn PageOf(in KnownRead read, int index) => new(unchecked(read.First.Value + (ulong)index));
}
