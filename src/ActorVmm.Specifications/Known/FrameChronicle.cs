namespace ActorVmm.Specifications.Known;

/// <summary>What the PFN database tells of frames.</summary>
internal sealed class FrameChronicle(KnownMachine known)
    : IHear<FrameMoved>, IHear<PageRepurposed>, IHear<PageLost>, IHear<PageWriteStarted>, IHear<PageWriteEnded>, IHear<FrameLocked>
{
    public void Hear(in FrameMoved fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        if (known.Frames.Has(fact.Pfn))
        {
            known.CountMove(frame.Location, fact.To);
        }

        switch (fact.To)
        {
            case PageLocation.Active:
                Activated(ref frame, in fact);
                break;
            case PageLocation.Transition:
                TakenOff(ref frame, in fact);
                break;
            case PageLocation.Standby or PageLocation.Modified or PageLocation.ModifiedNoWrite:
                Listed(ref frame);
                break;
            case PageLocation.Zeroed or PageLocation.Free or PageLocation.Bad:
                Emptied(ref frame);
                break;
        }

        frame.ReadToBeMapped = false;
        if (frame.MovedIn != known.Turn.Number)
        {
            frame.MovedIn = known.Turn.Number;
            frame.MovedFirstTo = fact.To;
        }

        frame.Location = fact.To;
        frame.References = fact.ReferenceCount;
        frame.Shares = fact.ShareCount;
    }

    public void Hear(in PageRepurposed fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        if (known.Pages.TryFind(fact.Owner, fact.Vpn, out PagePlace place) && place.Frame == fact.Pfn)
        {
            known.Pages.Move(fact.Owner, fact.Vpn, new PagePlace(fact.Slot, Pfn.None, HintIsOut: true, BeingRead: false));
            known.Slots.At(fact.Slot).Needed = true;
        }

        Emptied(ref frame);
    }

    /// <summary>As if it had been repurposed as a page of zeros: its owner holds a hint, and will find nothing behind it.</summary>
    public void Hear(in PageLost fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        if (known.Pages.TryFind(fact.Owner, fact.Vpn, out PagePlace place) && place.Frame == fact.Pfn)
        {
            known.Pages.Move(fact.Owner, fact.Vpn, new PagePlace(PagingFileSlot.None, Pfn.None, HintIsOut: true, BeingRead: false));
        }

        Emptied(ref frame);
    }

    public void Hear(in PageWriteStarted fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        frame.Writing = true;
        frame.Dirty = false;
        ref KnownSlot slot = ref known.Slots.At(fact.Slot);
        slot.Process = fact.Owner;
        slot.Vpn = fact.Vpn;
        slot.Stamp = frame.Stamp;
        slot.WriteOrdered = true;
        slot.Written = false;
    }

    public void Hear(in PageWriteEnded fact)
    {
        ref KnownFrame frame = ref known.Touch(fact.Pfn);
        frame.Writing = false;
        frame.Dirty |= fact.Result == WriteBackResult.Failed && frame.HoldsPage;
    }

    public void Hear(in FrameLocked fact) => known.Touch(fact.Pfn).Locks += fact.Change;

    private void Activated(ref KnownFrame frame, in FrameMoved fact)
    {
        if (frame.Holding == Holding.Nobody)
        {
            frame.Holding = Holding.Granted;
            frame.Process = fact.Owner;
            frame.Vpn = default;
            frame.Stamp = ContentStamp.Zeros;
            known.Processes.At(fact.Owner).Granted++;
        }
        else if (frame.Holding == Holding.Hinted)
        {
            frame.Holding = Holding.RelinkOnItsWay;
        }
    }

    private static void TakenOff(ref KnownFrame frame, in FrameMoved fact)
    {
        if (frame.Holding == Holding.Nobody)
        {
            frame.Holding = fact.Owner.IsOutside ? Holding.Zeroing : Holding.Reading;
            frame.Process = fact.Owner;
            frame.Vpn = fact.Vpn;
        }
        else
        {
            Listed(ref frame);
        }
    }

    private static void Listed(ref KnownFrame frame)
    {
        if (frame.Holding is Holding.TrimOnItsWay or Holding.RelinkOnItsWay)
        {
            frame.Holding = Holding.Hinted;
        }
    }

    private void Emptied(ref KnownFrame frame)
    {
        if (frame.Holding == Holding.Granted)
        {
            known.Processes.At(frame.Process).Granted--;
        }

        frame.Holding = Holding.Nobody;
        frame.Process = ActorId.Outside;
        frame.Vpn = default;
        frame.Dirty = false;
        frame.Stored = false;
    }
}
