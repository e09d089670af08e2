namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §19 and §17, R3, R4, R6: when a write-back ends, its page is where that end leaves it: undisturbed on standby, given
/// back Active, dirtied again on the modified list, deleted on the free list, failed anywhere but on standby. A frame that is locked meanwhile and has left
/// its page stays where it is, in Transition, until it is unlocked.
/// </summary>
public sealed class AWriteBackTellsWhatItFound : Specification, IHear<PageWriteEnded>, IJudgeTurns
{
    private readonly Situation _clean;
    private readonly Situation _referenced;
    private readonly Situation _dirtiedAgain;
    private readonly Situation _deleted;
    private readonly Situation _failed;
    private readonly Situation _locked;
    private PageWriteEnded[] _ended = new PageWriteEnded[16];
    private int _count;

    public AWriteBackTellsWhatItFound()
        : base(nameof(AWriteBackTellsWhatItFound), "a write-back leaves its page where what happened meanwhile belongs")
    {
        _clean = Sometimes("a write-back was undisturbed");
        _referenced = Sometimes("a fault overtook a write-back (R3)");
        _dirtiedAgain = Sometimes("a store overtook a write-back (R4)");
        _deleted = Sometimes("a deletion overtook a write-back (R6)");
        _failed = Sometimes("a write-back failed");
        _locked = Sometimes("a page was locked and trimmed during a write-back (R18)");
    }

    public void Hear(in PageWriteEnded fact)
    {
        if (_count == _ended.Length)
        {
            Array.Resize(ref _ended, _count * 2);
        }

        _ended[_count++] = fact;
    }

    public void TurnEnded()
    {
        for (int at = 0; at < _count; at++)
        {
            Judge(in _ended[at]);
        }

        _count = 0;
    }

    private void Judge(in PageWriteEnded fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];

        // In the same turn the frame may have gone on from there, to somebody who waited for it.
        PageLocation place = frame.MovedIn == Known.Turn.Number ? frame.MovedFirstTo : frame.Location;
        if (!Belongs(fact.Result, place, frame.Locks > 0))
        {
            Violated($"the write-back of frame {fact.Pfn} ended {fact.Result}, and the frame is {place}");
        }

        bool slotGone = frame.Slot.IsNone && fact.Result != WriteBackResult.Clean;
        if (frame.Location == place && !slotGone && frame.Slot != fact.Slot)
        {
            Violated($"the write-back of frame {fact.Pfn} to slot {fact.Slot} ended {fact.Result}, and slot {frame.Slot} belongs to its page");
        }
    }

    private bool Belongs(WriteBackResult result, PageLocation location, bool locked)
    {
        bool held = locked && location == PageLocation.Transition;
        _locked.SeenIf(held);
        switch (result)
        {
            case WriteBackResult.Clean:
                _clean.Seen();
                return location == PageLocation.Standby;
            case WriteBackResult.Referenced:
                _referenced.Seen();
                return location == PageLocation.Active || held;
            case WriteBackResult.DirtiedAgain:
                _dirtiedAgain.Seen();
                return location == PageLocation.Modified;
            case WriteBackResult.Deleted:
                _deleted.Seen();
                return location is PageLocation.Free or PageLocation.Bad || held;
            case WriteBackResult.Failed:
                _failed.Seen();
                return location is not PageLocation.Standby;
        }

        return false;
    }
}
