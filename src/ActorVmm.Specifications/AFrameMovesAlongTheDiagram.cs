namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §15.3: a frame goes from one place to another only where the transition diagram has an arrow.
/// </summary>
public sealed class AFrameMovesAlongTheDiagram : Specification, IHear<FrameMoved>
{
    private readonly Situation _taken;

    /// <summary>For each place, a mask of the places that can follow it.</summary>
    private static readonly byte[] _next =
    [
        Mask(PageLocation.Active, PageLocation.Transition, PageLocation.Bad), // Zeroed: granted, read into, failed
        Mask(PageLocation.Zeroed, PageLocation.Active, PageLocation.Transition, PageLocation.Bad), // Free: zeroed at once or by the thread
        Mask(PageLocation.Active, PageLocation.Transition, PageLocation.Free, PageLocation.Zeroed, PageLocation.Bad), // Standby: soft fault, repurposed, deleted
        Mask(PageLocation.Active, PageLocation.Transition, PageLocation.ModifiedNoWrite, PageLocation.Free, PageLocation.Bad), // Modified: soft fault, written, deleted
        Mask(PageLocation.Active, PageLocation.Modified, PageLocation.Free, PageLocation.Bad), // ModifiedNoWrite
        Mask(PageLocation.Free), // Bad: repaired
        Mask(PageLocation.Standby, PageLocation.Modified, PageLocation.Transition, PageLocation.Free, PageLocation.Zeroed, PageLocation.Bad), // Active: trimmed, deleted, returned unused
        Mask(PageLocation.Standby, PageLocation.Modified, PageLocation.Active, PageLocation.Free, PageLocation.Zeroed, PageLocation.Bad), // Transition: I/O over
    ];

    public AFrameMovesAlongTheDiagram()
        : base(nameof(AFrameMovesAlongTheDiagram), "a frame changes its place only as the transition diagram allows") =>
        _taken = Sometimes("a frame moved");

    public void Hear(in FrameMoved fact)
    {
        _taken.Seen();
        PageLocation from = Known.Frames[fact.Pfn].Location;
        if ((byte)fact.To > 7 || (_next[(int)from & 7] >> (int)fact.To & 1) == 0)
        {
            Violated($"frame {fact.Pfn} went from {from} to {fact.To}, and no arrow leads there");
        }
    }

    private static byte Mask(params ReadOnlySpan<PageLocation> places)
    {
        int mask = 0;
        foreach (PageLocation place in places)
        {
            mask |= 1 << (int)place;
        }

        return (byte)mask;
    }
}
