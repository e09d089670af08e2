namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I4, with architecture.md, decision 2: a transition PTE names the frame that holds its page, or a frame that was
/// repurposed, and then the PFN database remembers where the page is until the process asks:
/// <c>transition PTE ⇒ frame holds the page and is not free, or the page was repurposed and has not been asked for</c>.
/// In flight: the PTE is a transition PTE before TrimPage arrives; a deleted hint leaves its frame behind until DeleteHint arrives.
/// </summary>
public sealed class ATransitionPteNamesItsFrame : Specification, IHear<FrameMoved>, IHear<PageRepurposed>, IHear<HintDropped>
{
    private readonly Situation _standby;
    private readonly Situation _modified;
    private readonly Situation _underWrite;
    private readonly Situation _repurposed;
    private readonly Situation _stale;
    private readonly Situation _deletedInFlight;

    public ATransitionPteNamesItsFrame()
        : base(nameof(ATransitionPteNamesItsFrame), "a transition PTE names the frame of its page, until that is repurposed")
    {
        _standby = Sometimes("a hint found its page on standby");
        _modified = Sometimes("a hint found its page on the modified list");
        _underWrite = Sometimes("a hint found its page under a write-back (R3)");
        _repurposed = Sometimes("a frame was repurposed while its hint was out");
        _stale = Sometimes("a process learned that its hint was stale (R13)");
        _deletedInFlight = Sometimes("a page was deleted while its trim was on its way");
    }

    public void Hear(in FrameMoved fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        bool named = frame.Holding is Holding.TrimOnItsWay or Holding.Hinted or Holding.RelinkOnItsWay;
        if (named && fact.To is PageLocation.Zeroed or PageLocation.Free or PageLocation.Bad)
        {
            Violated($"frame {fact.Pfn} went to {fact.To} while a transition PTE of {frame.Process} for page {frame.Vpn} names it");
        }

        if (fact.To == PageLocation.Active && frame.Holding == Holding.Hinted)
        {
            _standby.SeenIf(frame.Location == PageLocation.Standby);
            _modified.SeenIf(frame.Location == PageLocation.Modified);
            _underWrite.SeenIf(frame.Location == PageLocation.Transition);
        }
    }

    public void Hear(in PageRepurposed fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        _repurposed.SeenIf(frame.Holding == Holding.Hinted);
        if (frame.Location != PageLocation.Standby)
        {
            Violated($"page {fact.Vpn} of {fact.Owner} lost frame {fact.Pfn}, which is not on standby but {frame.Location}");
        }
        else if (frame.Holding is not (Holding.Hinted or Holding.DeleteOnItsWay) || frame.Process != fact.Owner || frame.Vpn != fact.Vpn)
        {
            Violated($"page {fact.Vpn} of {fact.Owner} lost frame {fact.Pfn}, and page {frame.Vpn} of {frame.Process} was in it");
        }
    }

    public override void AtQuiescence()
    {
        for (uint at = 0; at < (uint)Known.Frames.Count; at++)
        {
            ref readonly KnownFrame frame = ref Known.Frames[new Pfn(at)];
            bool holdsPage = frame.Location is PageLocation.Standby or PageLocation.Modified or PageLocation.ModifiedNoWrite;
            if (holdsPage && frame.Holding != Holding.Hinted)
            {
                Violated($"nothing is in flight, and frame {new Pfn(at)} is {frame.Location} with page {frame.Vpn} of {frame.Process}, which no transition PTE names");
            }
        }
    }

    public void Hear(in HintDropped fact)
    {
        if (!Known.Pages.TryFind(Actor, fact.Vpn, out PagePlace place))
        {
            if (Known.Processes[Actor].IsOfFile)
            {
                // What a file holds was there before it was ever mapped.
                return;
            }

            Violated($"{Actor} dropped a transition PTE for page {fact.Vpn}, which does not exist");
            return;
        }

        if (fact.Deleted == 0)
        {
            _stale.Seen();
            if (!place.HintIsOut || place.Slot != fact.Slot)
            {
                Violated($"{Actor} was told that page {fact.Vpn} is in slot {fact.Slot}, and it is {place}");
            }

            return;
        }

        Holding holding = Known.Frames[place.Frame].Holding;
        _deletedInFlight.SeenIf(!place.Frame.IsNone && holding == Holding.TrimOnItsWay);
        bool named = place.Frame == fact.Pfn && holding is Holding.TrimOnItsWay or Holding.Hinted or Holding.RelinkOnItsWay;
        bool elsewhere = !fact.Slot.IsNone && fact.Slot != place.Slot;
        if ((!named && !place.HintIsOut) || elsewhere)
        {
            Violated($"{Actor} deleted a transition PTE for page {fact.Vpn} that names frame {fact.Pfn} and slot {fact.Slot}, and the page is {place}");
        }
    }
}
