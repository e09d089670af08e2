using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Metrics;

/// <summary>The most frames there ever were in each state: what a run was like between its beginning and its end.</summary>
public sealed class PagePeaks : IFactListener
{
    private readonly long[] _most = new long[(int)PageLocation.Transition + 1];

    public long this[PageLocation location] => _most[(int)location];

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        // The counts are the last fact of a turn that moved a frame.
        if (facts[^1].TryRead(out FramesCounted counted))
        {
            Note(PageLocation.Zeroed, counted.Zeroed);
            Note(PageLocation.Free, counted.Free);
            Note(PageLocation.Standby, counted.Standby);
            Note(PageLocation.Modified, counted.Modified);
            Note(PageLocation.ModifiedNoWrite, counted.ModifiedNoWrite);
            Note(PageLocation.Bad, counted.Bad);
            Note(PageLocation.Active, counted.Active);
            Note(PageLocation.Transition, counted.Transition);
        }
    }

    private void Note(PageLocation location, long count) => _most[(int)location] = Math.Max(_most[(int)location], count);
}
