namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §15.1, §16.6 and §28, I3, for sections: a page that PTEs of processes map is valid in its section, in that frame, and counts them:
/// <c>PTEs that map it ≤ its shares</c>, and no prototype PTE ceases to be valid before its last share is back.
/// In flight: shares given and not mapped, and shares on their way back; none at quiescence, where <c>PTEs = shares</c>.
/// </summary>
public sealed class ASharedPageStaysWhileItIsShared
    : Specification, IHear<ViewPageMapped>, IHear<ViewPageUnmapped>, IHear<SharesCounted>, IHear<PageUnmapped>, IHear<PageCopiedOnWrite>
{
    private readonly FlatMap<SharedPage> _pages = new();
    private readonly Situation _shared;
    private readonly Situation _inFlight;
    private readonly Situation _last;
    private readonly Situation _copied;
    private long _mapped;
    private long _shares;

    public ASharedPageStaysWhileItIsShared()
        : base(nameof(ASharedPageStaysWhileItIsShared), "a page of a section stays valid while anybody maps it")
    {
        _shared = Sometimes("two PTEs mapped one page");
        _inFlight = Sometimes("a share was on its way");
        _last = Sometimes("the last share of a page came back");
        _copied = Sometimes("a page was copied for one process");
    }

    public void Hear(in SharesCounted fact)
    {
        ref SharedPage page = ref _pages.Put(Actor.Value, fact.Page);
        _shares += (long)fact.Shares - page.Shares;
        page.Shares = fact.Shares;
        page.Frame = fact.Pfn;
        _last.SeenIf(fact.Shares == 0);
        _inFlight.SeenIf(page.Shares != page.Mapped);
        if (page.Mapped > page.Shares)
        {
            Violated($"page {fact.Page:x} of {Actor} counts {fact.Shares} shares, and {page.Mapped} PTEs map it");
        }
    }

    public void Hear(in ViewPageMapped fact)
    {
        ref SharedPage page = ref _pages.Put(fact.Section.Value, fact.Page);
        page.Mapped++;
        _mapped++;
        _shared.SeenIf(page.Mapped > 1);
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        if (page.Mapped > page.Shares || page.Frame != fact.Pfn)
        {
            Violated($"{Actor} maps page {fact.Page:x} of {fact.Section} in frame {fact.Pfn}; it counts {page.Shares} shares, of frame {page.Frame}, and {page.Mapped} PTEs map it now");
        }
        else if (frame.Holding != Holding.Mapped || frame.Process != fact.Section || frame.Vpn.Value != fact.Page)
        {
            Violated($"{Actor} maps page {fact.Page:x} of {fact.Section} in frame {fact.Pfn}, and page {frame.Vpn} of {frame.Process} is in it");
        }
    }

    public void Hear(in ViewPageUnmapped fact)
    {
        ref SharedPage page = ref _pages.Put(fact.Section.Value, fact.Page);
        page.Mapped--;
        _mapped--;
        if (page.Mapped < 0)
        {
            Violated($"{Actor} lets go of page {fact.Page:x} of {fact.Section}, which no PTE maps");
        }
    }

    public void Hear(in PageUnmapped fact)
    {
        ref SharedPage page = ref _pages.Find(Actor.Value, fact.Vpn.Value);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref page) && page.Shares + page.Mapped > 0)
        {
            Violated($"page {fact.Vpn} of {Actor} is not valid any more; it counts {page.Shares} shares, and {page.Mapped} PTEs map it");
        }
    }

    public void Hear(in PageCopiedOnWrite fact) => _copied.Seen();

    public override void AtQuiescence()
    {
        if (_mapped != _shares)
        {
            Violated($"nothing is in flight, and {_mapped} PTEs map pages of sections, which count {_shares} shares");
        }
    }

    private struct SharedPage
    {
        public long Shares;
        public long Mapped;
        public Pfn Frame;
    }
}
