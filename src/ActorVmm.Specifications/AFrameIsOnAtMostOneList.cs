namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I2, and §15.1: a frame leaves only the place it is in, and is on a list exactly when nobody refers to it:
/// <c>on a list ⇔ reference count = 0</c>.
/// </summary>
public sealed class AFrameIsOnAtMostOneList : Specification, IHear<FrameMoved>
{
    private readonly Situation _onto;
    private readonly Situation _off;

    public AFrameIsOnAtMostOneList()
        : base(nameof(AFrameIsOnAtMostOneList), "a frame is in one place at a time, and on a list only while nobody refers to it")
    {
        _onto = Sometimes("a frame came onto a list");
        _off = Sometimes("a frame was taken off a list");
    }

    public void Hear(in FrameMoved fact)
    {
        if (!Known.Frames.Has(fact.Pfn))
        {
            Violated($"frame {fact.Pfn} moved, and only {Known.Frames.Count} frames are installed");
            return;
        }

        PageLocation known = Known.Frames[fact.Pfn].Location;
        if (fact.From != known)
        {
            Violated($"frame {fact.Pfn} is said to leave {fact.From}, and it was {known}");
        }

        if (fact.From == fact.To)
        {
            Violated($"frame {fact.Pfn} moved from {fact.From} to where it was");
        }

        bool listed = fact.To is not (PageLocation.Active or PageLocation.Transition);
        if (listed && fact.ReferenceCount != 0)
        {
            Violated($"frame {fact.Pfn} came onto list {fact.To} while {fact.ReferenceCount} refer to it");
        }

        if (!listed && fact.ReferenceCount == 0)
        {
            Violated($"frame {fact.Pfn} is {fact.To}, so on no list, and nobody refers to it");
        }

        _onto.SeenIf(listed);
        _off.SeenIf(!listed);
    }
}
