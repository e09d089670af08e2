namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I9: a page contains what was last stored to it, wherever it has been meanwhile: when it enters a PTE (again), when
/// it is looked at, and when it leaves the PTE; and a page that exists is never mapped afresh. Compared are content stamps; table
/// pages are left out, whose contents are not modelled, and so is what comes from a file, to which others write.
/// </summary>
public sealed class AReadSeesTheLastWrite : Specification, IHear<PageMapped>, IHear<PageLoaded>, IHear<PageUnmapped>
{
    private readonly Situation _soft;
    private readonly Situation _hard;
    private readonly Situation _loaded;
    private readonly Situation _stored;

    public AReadSeesTheLastWrite()
        : base(nameof(AReadSeesTheLastWrite), "a page contains what was last stored to it")
    {
        _soft = Sometimes("a page that had been stored to came back by a soft fault");
        _hard = Sometimes("a page that had been stored to came back from a paging file");
        _loaded = Sometimes("a page was looked at");
        _stored = Sometimes("a page that had been stored to left its PTE");
    }

    public void Hear(in PageMapped fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        if (frame.Holding == Holding.Granted)
        {
            if (Known.Pages.TryFind(Actor, fact.Vpn, out PagePlace place))
            {
                Violated($"page {fact.Vpn} of {Actor} was mapped afresh, and it exists already, {place}");
            }
        }
        else
        {
            _soft.SeenIf(fact.Stamp != ContentStamp.Zeros && frame.Holding == Holding.RelinkOnItsWay);
            _hard.SeenIf(fact.Stamp != ContentStamp.Zeros && frame.Location == PageLocation.Transition);
            bool fromFile = fact.Cause == FaultKind.Hard && Known.Processes[Actor].IsOfFile;
            if (!fromFile)
            {
                Compare(fact.Vpn, fact.Pfn, fact.Stamp, "when it was mapped again");
            }
        }
    }

    public void Hear(in PageLoaded fact)
    {
        _loaded.Seen();
        Compare(fact.Vpn, fact.Pfn, fact.Stamp, "when it was looked at");
    }

    public void Hear(in PageUnmapped fact)
    {
        _stored.SeenIf(Known.Frames[fact.Pfn].Stored);
        Compare(fact.Vpn, fact.Pfn, fact.Stamp, "when it left its PTE");
    }

    private void Compare(Vpn vpn, Pfn pfn, ContentStamp found, string when)
    {
        ContentStamp expected = Known.Frames[pfn].Stamp;
        if (found != expected && !KnownPages.IsTable(vpn))
        {
            Violated($"page {vpn} of {Actor} contained {found} {when}, and {expected} was last stored to it");
        }
    }
}
