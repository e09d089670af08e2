namespace ActorVmm.Specifications;

/// <summary>
/// Isolation (fact book §28, I9; §27, rule 1): a private frame serves one page of one process at a time. Whoever maps, unmaps,
/// stores to or loads from it is that process, for that page, and the PFN database moves it in that page's name.
/// In flight: a frame granted serves no page yet; a page deleted keeps its frame until the PFN database frees it.
/// </summary>
public sealed class AFrameServesOnePage
    : Specification, IHear<FrameMoved>, IHear<PageMapped>, IHear<PageUnmapped>, IHear<PageStored>, IHear<PageLoaded>
{
    private readonly Situation _granted;
    private readonly Situation _back;

    public AFrameServesOnePage()
        : base(nameof(AFrameServesOnePage), "a private frame serves one page of one process at a time")
    {
        _granted = Sometimes("a page came into being in a granted frame");
        _back = Sometimes("a page came back to its frame");
    }

    public void Hear(in FrameMoved fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        bool emptied = fact.To is PageLocation.Zeroed or PageLocation.Free or PageLocation.Bad;

        // Of a page that is deleted before it ever left its PTE, the PFN database was never told which it is.
        bool nameless = frame.Holding == Holding.DeleteOnItsWay && fact.Vpn == default && fact.Owner == frame.Process;
        if (frame.HoldsPage && !emptied && !nameless && (fact.Owner != frame.Process || fact.Vpn != frame.Vpn))
        {
            Violated($"frame {fact.Pfn} went to {fact.To} for page {fact.Vpn} of {fact.Owner}, and page {frame.Vpn} of {frame.Process} is in it");
        }

        if (frame.Holding == Holding.Nobody && fact.To == PageLocation.Active && fact.Owner.IsOutside)
        {
            Violated($"frame {fact.Pfn} became Active for nobody");
        }
    }

    public void Hear(in PageMapped fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        if (frame.Holding == Holding.Mapped)
        {
            Violated($"page {fact.Vpn} of {Actor} was mapped to frame {fact.Pfn}, and page {frame.Vpn} of {frame.Process} still is");
        }
        else if (frame.Process != Actor || (frame.Holding != Holding.Granted && frame.Vpn != fact.Vpn))
        {
            Violated($"page {fact.Vpn} of {Actor} was mapped to frame {fact.Pfn}, which was given for page {frame.Vpn} of {frame.Process}");
        }
        else
        {
            _granted.SeenIf(frame.Holding == Holding.Granted);
            _back.SeenIf(frame.Holding != Holding.Granted);
        }
    }

    public void Hear(in PageUnmapped fact) => MustMap(fact.Vpn, fact.Pfn, "unmapped");

    public void Hear(in PageStored fact) => MustMap(fact.Vpn, fact.Pfn, "stored to");

    public void Hear(in PageLoaded fact) => MustMap(fact.Vpn, fact.Pfn, "loaded");

    private void MustMap(Vpn vpn, Pfn pfn, string what)
    {
        ref readonly KnownFrame frame = ref Known.Frames[pfn];
        if (frame.Holding != Holding.Mapped)
        {
            Violated($"page {vpn} of {Actor} was {what} in frame {pfn}, and no PTE maps that frame");
        }
        else if (frame.Process != Actor || frame.Vpn != vpn)
        {
            Violated($"page {vpn} of {Actor} was {what} in frame {pfn}, which page {frame.Vpn} of {frame.Process} is mapped to");
        }
    }
}
