namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I8: a zeroed page contains zeros. Whoever gets a fresh page reads zeros from it (table pages aside, whose contents
/// are not modelled); a frame gets onto the zeroed list only from the zero-page thread, after it has been filled, when zeroed on the
/// spot, or when it was granted and returned without ever holding a page; and a demand-zero fault maps only a fresh frame.
/// In flight: frames the zero-page thread has filled and not brought back; <c>brought back ≤ filled</c>. One that failed meanwhile is
/// brought back too, and retired.
/// </summary>
public sealed class ZeroedMeansZero : Specification, IHear<FrameMoved>, IHear<PageMapped>, IHear<PagesZeroed>
{
    private readonly Situation _fresh;
    private readonly Situation _reused;
    private readonly Situation _byThread;
    private readonly Situation _returned;
    private long _filled;
    private long _broughtBack;
    private bool[] _everUsed = [];

    public ZeroedMeansZero()
        : base(nameof(ZeroedMeansZero), "a zeroed page contains zeros")
    {
        _fresh = Sometimes("a fresh page was mapped");
        _reused = Sometimes("a fresh page was mapped to a frame that held a page before");
        _byThread = Sometimes("the zero-page thread brought a frame back");
        _returned = Sometimes("a process returned a frame it never used");
    }

    public void Hear(in PageMapped fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        bool fresh = frame.Holding == Holding.Granted;
        if (fresh && !KnownPages.IsTable(fact.Vpn))
        {
            _fresh.Seen();
            _reused.SeenIf(Known.Frames.Has(fact.Pfn) && _everUsed[fact.Pfn.Value]);
            if (fact.Stamp != ContentStamp.Zeros && fact.Cause != FaultKind.CopyOnWrite)
            {
                Violated($"page {fact.Vpn} is new, and its frame {fact.Pfn} contains {fact.Stamp} instead of zeros");
            }
        }

        if (fresh && fact.Cause is FaultKind.Transition or FaultKind.Hard)
        {
            Violated($"a {fact.Cause} fault mapped page {fact.Vpn} to frame {fact.Pfn}, which was given zeroed: what the page contained is lost");
        }

        if (!fresh && fact.Cause == FaultKind.DemandZero)
        {
            Violated($"a demand-zero fault mapped page {fact.Vpn} to frame {fact.Pfn}, which was not given zeroed");
        }

        if (Known.Frames.Has(fact.Pfn))
        {
            _everUsed[fact.Pfn.Value] = true;
        }
    }

    public void Hear(in FrameMoved fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        if (fact.To == PageLocation.Bad && frame.Location == PageLocation.Transition && frame.Holding == Holding.Zeroing)
        {
            _broughtBack++;
        }

        if (fact.To != PageLocation.Zeroed)
        {
            return;
        }

        if (frame.Location == PageLocation.Transition)
        {
            _byThread.Seen();
            _broughtBack++;
            if (frame.Holding != Holding.Zeroing)
            {
                Violated($"frame {fact.Pfn} was put on the zeroed list, and the zero-page thread did not have it");
            }
            else if (_broughtBack > _filled)
            {
                Violated($"the zero-page thread brought back {_broughtBack} frames, and has filled {_filled} with zeros");
            }
        }
        else if (frame.Location == PageLocation.Active)
        {
            _returned.Seen();
            if (frame.Holding != Holding.Granted)
            {
                Violated($"frame {fact.Pfn} went from Active to the zeroed list, and page {frame.Vpn} of {frame.Process} was in it");
            }
        }
    }

    public void Hear(in PagesZeroed fact) => _filled += fact.Count;

    public override void AtQuiescence()
    {
        if (_broughtBack != _filled)
        {
            Violated($"nothing is in flight, and the zero-page thread has filled {_filled} frames and brought back {_broughtBack}");
        }
    }

    protected override void Attached() => _everUsed = new bool[Known.Frames.Count];
}
