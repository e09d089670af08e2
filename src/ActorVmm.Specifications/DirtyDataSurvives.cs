namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §27, rule 4 (backing store first): a page may lose its frame only when its slot holds what was last stored to it, or
/// when it is zeros and needs none; a page of a file, only when it was not stored to since it was read or written. So it must be on standby already: <c>standby or repurposed ⇒ written slot = contents, or no slot
/// and zeros</c>. Losing a store to this is the oldest bug of paging; the content check finds it before anybody reads.
/// In flight: a write ordered and not ended does not count as written.
/// </summary>
public sealed class DirtyDataSurvives : Specification, IHear<PageRepurposed>, IJudgeFrames
{
    private readonly Situation _withSlot;
    private readonly Situation _zeros;

    public DirtyDataSurvives()
        : base(nameof(DirtyDataSurvives), "a page leaves memory only when its slot holds what was last stored to it")
    {
        _withSlot = Sometimes("a page that had been written out lost its frame");
        _zeros = Sometimes("a page of zeros lost its frame and needed no slot");
    }

    public void Hear(in PageRepurposed fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        _withSlot.SeenIf(!fact.Slot.IsNone);
        _zeros.SeenIf(fact.Slot.IsNone);
        if (frame.Holding == Holding.Hinted)
        {
            if (fact.Slot != frame.Slot && !frame.Slot.IsNone)
            {
                Violated($"page {fact.Vpn} of {fact.Owner} lost frame {fact.Pfn} and is said to be in slot {fact.Slot}, and its slot is {frame.Slot}");
            }

            Compare(fact.Pfn, in frame, fact.Slot, "lost its frame");
        }
    }

    public void Judge(Pfn pfn, in KnownFrame frame)
    {
        if (frame.Location == PageLocation.Standby && frame.Holding == Holding.Hinted)
        {
            Compare(pfn, in frame, frame.Slot, "is on standby");
        }
    }

    private void Compare(Pfn pfn, in KnownFrame frame, PagingFileSlot at, string what)
    {
        if (KnownPages.IsTable(frame.Vpn))
        {
            return;
        }

        if (at.IsNone && Known.Processes[frame.Process].IsOfFile)
        {
            if (frame.Dirty)
            {
                Violated($"page {frame.Vpn} of {frame.Process} in frame {pfn} {what}; it contains {frame.Stamp}, and its file was not written since");
            }

            return;
        }

        if (at.IsNone)
        {
            if (frame.Stamp != ContentStamp.Zeros)
            {
                Violated($"page {frame.Vpn} of {frame.Process} in frame {pfn} {what}; it contains {frame.Stamp}, and no slot holds that");
            }

            return;
        }

        ref readonly KnownSlot slot = ref Known.Slots[at];
        if (slot.Stamp != frame.Stamp || !slot.Written)
        {
            Violated($"page {frame.Vpn} of {frame.Process} in frame {pfn} {what}; it contains {frame.Stamp}, and slot {at} {(slot.Written ? "holds" : "was never written with")} {slot.Stamp}");
        }
    }
}
