namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §21 and §28, I10: releasing everything returns to the baseline. A segment that nobody has open or has a view of is gone as soon as
/// nothing is in flight. When every process has exited and every segment has ended, every frame is zeroed, free or bad, no slot of a paging
/// file is taken, nothing is charged that was not charged before the first of them came, and all pool is back.
/// (What each of them owns when it goes: <see cref="AnExitLeavesNothing"/>. Its VADs: <see cref="AProcessIsChargedForItsVads"/>.)
/// </summary>
public sealed class TheEndIsTheBaseline
    : Specification, IHear<CommitCharged>, IHear<CommitReturned>, IHear<PoolAllocated>, IHear<PoolFreed>, IHear<SegmentUsed>
{
    private readonly FlatMap<uint> _users = new();
    private readonly Situation _allGone;
    private ulong? _before;
    private ulong _charged;
    private ulong _pool;

    public TheEndIsTheBaseline()
        : base(nameof(TheEndIsTheBaseline), "when everybody has gone, everything is back") => _allGone = Sometimes("everybody had gone");

    public void Hear(in CommitCharged fact)
    {
        _before ??= unchecked(fact.Total - fact.Pages);
        _charged = fact.Total;
    }

    public void Hear(in CommitReturned fact)
    {
        _before ??= unchecked(fact.Total + fact.Pages);
        _charged = fact.Total;
    }

    public void Hear(in PoolAllocated fact) => _pool = unchecked(_pool + fact.Pages);

    public void Hear(in PoolFreed fact) => _pool = unchecked(_pool - fact.Pages);

    // One more than there are, so that a segment that has said nothing yet is not taken for one that nobody uses.
    public void Hear(in SegmentUsed fact) => _users.Put(Actor.Value, 0) = fact.Objects + fact.Views + 1;

    public override void AtQuiescence()
    {
        int came = 0;
        int stay = 0;
        for (int at = 0; at < Known.Processes.End; at++)
        {
            var actor = new ActorId(at);
            ref readonly KnownProcess process = ref Known.Processes[actor];
            came += process.Started || process.IsSection ? 1 : 0;
            stay += (process.Started || process.IsSection) && process.ExitedIn == 0 ? 1 : 0;
            if (process.IsSection && process.ExitedIn == 0 && UsersOf(actor) == 1)
            {
                Violated($"nothing is in flight, nobody has {actor} open or has a view of it, and it is still there");
            }
        }

        if (came == 0 || stay > 0)
        {
            return;
        }

        _allGone.Seen();
        long empty = Known.FramesAt(PageLocation.Zeroed) + Known.FramesAt(PageLocation.Free) + Known.FramesAt(PageLocation.Bad);
        Same((long)Known.Plan.Frames - empty, "frames hold pages");
        Same(Known.Slots.Taken, "slots of paging files are taken");
        Same(unchecked((long)(_charged - (_before ?? 0))), "pages are charged");
        Same(unchecked((long)_pool), "pages of pool are allocated");
    }

    private uint UsersOf(ActorId section)
    {
        ref uint users = ref _users.Find(section.Value, 0);
        return System.Runtime.CompilerServices.Unsafe.IsNullRef(ref users) ? 0 : users;
    }

    private void Same(long left, string what)
    {
        if (left != 0)
        {
            Violated($"everybody has gone, and {left} {what}");
        }
    }
}
