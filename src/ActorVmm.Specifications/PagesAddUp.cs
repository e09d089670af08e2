namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I1. Every installed page is in exactly one place, and the PFN database's own counters say so:
/// <c>zeroed + free + standby + modified + modified no-write + bad + active + transition = installed</c>, each term equal to what
/// the moves add up to and stated in every turn that moves a frame, and <c>available = zeroed + free + standby</c>. Frames that a process keeps ready are among the active ones:
/// <c>kept ≤ granted and not mapped</c>, the difference being grants and returns in flight; equal at quiescence.
/// </summary>
public sealed class PagesAddUp : Specification, IHear<FrameMoved>, IHear<FramesCounted>, IHear<LowMemorySignalled>, IHear<FramesKept>, IJudgeTurns
{
    private readonly Situation _counted;
    private readonly Situation _low;
    private readonly Situation _kept;
    private readonly Situation _granting;
    private FramesCounted _count;
    private LowMemorySignalled _signal;
    private bool _countStated;
    private bool _counts;
    private bool _moved;
    private bool _signalStated;
    private bool _keptStated;

    public PagesAddUp()
        : base(nameof(PagesAddUp), "the pages in all places together are the installed pages")
    {
        _counted = Sometimes("the PFN database counted its lists");
        _low = Sometimes("memory was low");
        _kept = Sometimes("a process kept frames ready");
        _granting = Sometimes("granted frames were on their way");
    }

    public void Hear(in FrameMoved fact) => _moved = true;

    public void Hear(in FramesCounted fact)
    {
        _counts = true;
        _count = fact;
        _countStated = true;
        _counted.Seen();
    }

    public void Hear(in LowMemorySignalled fact)
    {
        _signal = fact;
        _signalStated = true;
        _low.Seen();
    }

    public void Hear(in FramesKept fact)
    {
        _keptStated = true;
        _kept.SeenIf(fact.Count > 0);
    }

    public void TurnEnded()
    {
        if (_countStated)
        {
            _countStated = false;
            JudgeCount(in _count);
        }
        else if (_moved && _counts)
        {
            Violated($"frames moved, and the PFN database did not count its lists");
        }

        _moved = false;

        if (_signalStated)
        {
            _signalStated = false;
            if (_signal.Available != Available)
            {
                Violated($"{_signal.Available} pages are said to be available; zeroed, free and standby pages are {Available}");
            }
        }

        if (_keptStated)
        {
            _keptStated = false;
            ref readonly KnownProcess process = ref Known.Processes[Actor];
            _granting.SeenIf(process.Kept < process.Granted);
            if (process.Kept > process.Granted || process.Kept < 0)
            {
                Violated($"{Actor} says it keeps {process.Kept} frames ready, and holds {process.Granted} granted ones");
            }
        }
    }

    public override void AtQuiescence()
    {
        for (int actor = 0; actor < Known.Processes.End; actor++)
        {
            ref readonly KnownProcess process = ref Known.Processes[new ActorId(actor)];
            if (process.Granted != process.Kept)
            {
                Violated($"{new ActorId(actor)} was granted {process.Granted} frames it does not use, and keeps {process.Kept}: {(long)process.Granted - process.Kept} are lost");
            }
        }
    }

    private long Available =>
        Known.FramesAt(PageLocation.Zeroed) + Known.FramesAt(PageLocation.Free) + Known.FramesAt(PageLocation.Standby);

    private void JudgeCount(in FramesCounted count)
    {
        long sum = (long)count.Zeroed + count.Free + count.Standby + count.Modified + count.ModifiedNoWrite + count.Bad + count.Active + count.Transition;
        if (sum != Known.Frames.Count)
        {
            Violated($"all places together hold {sum} pages, and {Known.Frames.Count} are installed");
        }

        Compare(PageLocation.Zeroed, count.Zeroed);
        Compare(PageLocation.Free, count.Free);
        Compare(PageLocation.Standby, count.Standby);
        Compare(PageLocation.Modified, count.Modified);
        Compare(PageLocation.ModifiedNoWrite, count.ModifiedNoWrite);
        Compare(PageLocation.Bad, count.Bad);
        Compare(PageLocation.Active, count.Active);
        Compare(PageLocation.Transition, count.Transition);
    }

    private void Compare(PageLocation location, int stated)
    {
        if (stated != Known.FramesAt(location))
        {
            Violated($"{stated} pages are counted {location}, and {Known.FramesAt(location)} have moved there");
        }
    }
}
