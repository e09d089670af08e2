namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I12: standby means clean. A frame on standby was not stored to since a copy of it was taken for a paging file, by
/// what its PTEs said when they let go, and no PTE maps it: <c>standby ⇒ not dirty and not mapped</c>. Holds for table pages too.
/// In flight: a dirty page that was unmapped is Active until TrimPage arrives, and then modified.
/// </summary>
public sealed class NoFrameIsDirtyAndStandby : Specification, IHear<PageRepurposed>, IJudgeFrames
{
    private readonly Situation _clean;
    private readonly Situation _dirty;

    public NoFrameIsDirtyAndStandby()
        : base(nameof(NoFrameIsDirtyAndStandby), "no frame on standby is dirty or mapped")
    {
        _clean = Sometimes("a clean page was on standby");
        _dirty = Sometimes("a dirty page was on the modified list");
    }

    public void Hear(in PageRepurposed fact)
    {
        if (Known.Frames[fact.Pfn].Dirty)
        {
            Violated($"frame {fact.Pfn} was taken from standby, and page {fact.Vpn} of {fact.Owner} in it had been stored to since it was last written out");
        }
    }

    public void Judge(Pfn pfn, in KnownFrame frame)
    {
        _clean.SeenIf(frame.Location == PageLocation.Standby && !frame.Dirty);
        _dirty.SeenIf(frame.Location == PageLocation.Modified && frame.Dirty);
        if (frame.Location != PageLocation.Standby)
        {
            return;
        }

        if (frame.Dirty)
        {
            Violated($"frame {pfn} is on standby, and page {frame.Vpn} of {frame.Process} in it has been stored to since it was last written out");
        }

        if (frame.Holding == Holding.Mapped)
        {
            Violated($"frame {pfn} is on standby, and page {frame.Vpn} of {frame.Process} is mapped to it");
        }
    }
}
