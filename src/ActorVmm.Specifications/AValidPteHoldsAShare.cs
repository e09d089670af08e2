namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I3: a valid PTE maps a frame that is Active and holds a share for it, and shares are exactly the PTEs:
/// <c>valid ⇒ Active and share count ≥ 1</c>; <c>Σ share counts = valid PTEs + frames granted and not mapped</c>.
/// In flight: a page mapped when its read came back is in Transition until InPageCompleted arrives; a page that was unmapped is
/// Active until TrimPage or DeletePages arrives; a page given back is Active before its PTE is valid.
/// </summary>
public sealed class AValidPteHoldsAShare : Specification, IHear<FrameMoved>, IHear<PageMapped>
{
    private readonly Situation _early;
    private readonly Situation _late;

    public AValidPteHoldsAShare()
        : base(nameof(AValidPteHoldsAShare), "a valid PTE maps an Active frame and holds one share of it")
    {
        _early = Sometimes("a page was mapped before the PFN database heard that its read was over");
        _late = Sometimes("a frame left Active after its page was unmapped");
    }

    public void Hear(in FrameMoved fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        bool becomesActive = fact.To == PageLocation.Active;
        if (frame.Holding == Holding.Mapped && !becomesActive)
        {
            Violated($"frame {fact.Pfn} went to {fact.To} while {frame.Process} maps page {frame.Vpn} to it");
        }

        // Private memory only: one PTE, one share. Sections will make it at least one.
        if (fact.ShareCount != (becomesActive ? 1 : 0))
        {
            Violated($"frame {fact.Pfn} is {fact.To} with a share count of {fact.ShareCount}; {(becomesActive ? 1 : 0)} PTEs can map it");
        }

        _late.SeenIf(frame.Location == PageLocation.Active && frame.Holding is Holding.TrimOnItsWay or Holding.DeleteOnItsWay);
    }

    public void Hear(in PageMapped fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        bool early = frame.Location == PageLocation.Transition && (frame.Holding == Holding.Reading || frame.ReadToBeMapped);
        _early.SeenIf(early);
        if (frame.Location != PageLocation.Active && !early)
        {
            Violated($"page {fact.Vpn} was mapped to frame {fact.Pfn}, which is {frame.Location}");
        }
        else if (frame.Holding is not (Holding.Granted or Holding.RelinkOnItsWay) && !early)
        {
            Violated($"page {fact.Vpn} was mapped to frame {fact.Pfn}, which nobody had given for it: {Told(frame.Holding)}");
        }
    }

    public override void AtQuiescence()
    {
        long shares = 0;
        long mapped = 0;
        long granted = 0;
        for (uint at = 0; at < (uint)Known.Frames.Count; at++)
        {
            ref readonly KnownFrame frame = ref Known.Frames[new Pfn(at)];
            shares += frame.Location == PageLocation.Active ? frame.Shares : 0;
            mapped += frame.Holding == Holding.Mapped ? 1 : 0;
            granted += frame.Holding == Holding.Granted ? 1 : 0;
            bool mayBeActive = frame.Holding is Holding.Mapped or Holding.Granted;
            if (mayBeActive != (frame.Location == PageLocation.Active))
            {
                Violated($"nothing is in flight, and frame {new Pfn(at)} is {frame.Location}, while {Told(frame.Holding)}");
            }
        }

        if (shares != mapped + granted)
        {
            Violated($"share counts add up to {shares}; {mapped} PTEs are valid and {granted} frames are kept ready");
        }
    }

    private static string Told(Holding holding) => holding switch
    {
        Holding.Nobody => "no page is in it",
        Holding.Granted => "it was granted and not used",
        Holding.Mapped => "a PTE maps it already",
        Holding.TrimOnItsWay => "its page is being trimmed",
        Holding.Hinted => "a transition PTE names it",
        Holding.RelinkOnItsWay => "its page was given back and not mapped",
        Holding.DeleteOnItsWay => "its page is deleted",
        Holding.Reading => "its page is being read",
        Holding.Zeroing => "the zero-page thread has it",
    };
}
