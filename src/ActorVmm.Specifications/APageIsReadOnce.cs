namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §17, R1 and R2 (collided faults): a page that is not in memory is read by one transfer, and whoever faults on it
/// meanwhile joins the same read. When the read is closed, every page of it is mapped, deleted meanwhile, or left in memory with a
/// transition PTE; none is forgotten. In flight: a read is open from InPageOpened to InPageClosed, whatever the frames do.
/// </summary>
public sealed class APageIsReadOnce
    : Specification, IHear<InPageOpened>, IHear<InPageNarrowed>, IHear<WaiterJoined>, IHear<ChangedDuringRead>, IHear<InPageClosed>, IJudgeFrames
{
    private readonly Situation _opened;
    private readonly Situation _clustered;
    private readonly Situation _joined;
    private readonly Situation _deleted;
    private readonly Situation _failed;
    private readonly Situation _prefetched;
    private readonly Situation _narrowed;

    public APageIsReadOnce()
        : base(nameof(APageIsReadOnce), "a page is read by one transfer, and all who want it wait for that")
    {
        _opened = Sometimes("a page was read");
        _clustered = Sometimes("neighbours were read along");
        _joined = Sometimes("a collided fault joined a read (R1)");
        _deleted = Sometimes("a page was deleted while it was being read (R2)");
        _failed = Sometimes("a read failed");
        _prefetched = Sometimes("a neighbour stayed in memory unmapped");
        _narrowed = Sometimes("a read got frames for part of its pages only");
    }

    public void Hear(in InPageOpened fact)
    {
        _opened.Seen();
        _clustered.SeenIf(fact.Count > 1);
        if (fact.Count is < 1 or > KnownRead.PagesMax)
        {
            Violated($"{Actor} opened a read of {fact.Count} pages");
            return;
        }

        if (Known.Reads.Find(Actor, fact.Block) >= 0)
        {
            Violated($"{Actor} opened in-page block {fact.Block}, which is open");
        }

        for (int index = 0; index < fact.Count; index++)
        {
            Vpn vpn = new(unchecked(fact.First.Value + (ulong)index));
            PagingFileSlot slot = new(fact.Slot.File, unchecked(fact.Slot.Page + (uint)index));
            if (!Known.Pages.TryFind(Actor, vpn, out PagePlace place))
            {
                Violated($"{Actor} reads page {vpn} from slot {slot}, and there is no such page");
            }
            else if (!place.Frame.IsNone || place.BeingRead || place.HintIsOut || place.Slot != slot)
            {
                Violated($"{Actor} reads page {vpn} from slot {slot}, and the page is {place}");
            }
        }
    }

    public void Hear(in InPageNarrowed fact)
    {
        _narrowed.Seen();
        int row = Known.Reads.Find(Actor, fact.Block);
        if (row < 0)
        {
            Violated($"{Actor} narrowed in-page block {fact.Block}, which is not open");
            return;
        }

        ref readonly KnownRead read = ref Known.Reads[row];
        ulong offset = unchecked(fact.First.Value - read.First.Value);
        if (fact.Count < 1 || offset >= (ulong)read.Count || offset + (ulong)fact.Count > (ulong)read.Count || fact.Slot != read.Slot.Plus((uint)offset))
        {
            Violated($"{Actor} narrowed in-page block {fact.Block} to {fact.Count} pages from {fact.First} in slot {fact.Slot} on; it reads {read.Count} from {read.First} in slot {read.Slot} on");
            return;
        }

        for (int index = 0; index < read.Count; index++)
        {
            bool kept = index >= (int)offset && index < (int)offset + fact.Count;
            if (!kept && !read.Frame(index).IsNone)
            {
                Violated($"{Actor} gave up page {index} of in-page block {fact.Block}, and frame {read.Frame(index)} was granted for it");
            }
        }
    }

    public void Hear(in WaiterJoined fact)
    {
        _joined.Seen();
        Covers(fact.Block, fact.Vpn, "a fault joined");
    }

    public void Hear(in ChangedDuringRead fact)
    {
        _deleted.SeenIf(fact.Deleted != 0);
        Covers(fact.Block, fact.Vpn, "a change met");
    }

    public void Hear(in InPageClosed fact)
    {
        int row = Known.Reads.Find(Actor, fact.Block);
        if (row < 0)
        {
            Violated($"{Actor} closed in-page block {fact.Block}, which is not open");
            return;
        }

        bool failed = fact.Status != NtStatus.Success;
        _failed.SeenIf(failed);
        ref readonly KnownRead read = ref Known.Reads[row];
        if (fact.First != read.First || fact.Count != read.Count)
        {
            Violated($"{Actor} closed a read of {fact.Count} pages from {fact.First} on, and had opened {read.Count} from {read.First} on");
        }

        if (fact.Deleted != read.Deleted)
        {
            Violated($"{Actor} closed in-page block {fact.Block} with pages {fact.Deleted:x} deleted, and pages {read.Deleted:x} were");
        }

        uint covered = (1u << read.Count) - 1;
        if ((fact.Mapped & fact.Deleted) != 0 || (fact.Mapped & ~covered) != 0 || (failed && fact.Mapped != 0))
        {
            Violated($"{Actor} closed in-page block {fact.Block} with status {fact.Status}, {read.Count} pages, deleted {fact.Deleted:x} and mapped {fact.Mapped:x}");
        }

        _prefetched.SeenIf(!failed && (covered & ~(uint)(fact.Mapped | fact.Deleted)) != 0);
        for (int index = 0; index < read.Count; index++)
        {
            Pfn pfn = read.Frame(index);
            bool mapped = !pfn.IsNone && Known.Frames[pfn].Holding == Holding.Mapped;
            if (mapped && (fact.Mapped >> index & 1) == 0)
            {
                Violated($"{Actor} mapped frame {pfn} of in-page block {fact.Block}, and closed the block without it");
            }
        }
    }

    public void Judge(Pfn pfn, in KnownFrame frame)
    {
        if (frame.ReadToBeMapped && frame.Holding == Holding.Hinted)
        {
            Violated($"a read was closed with page {frame.Vpn} of {frame.Process} mapped to frame {pfn}, and the page was not mapped");
        }
    }

    private void Covers(int block, Vpn vpn, string what)
    {
        int row = Known.Reads.Find(Actor, block);
        if (row < 0)
        {
            Violated($"{what} in-page block {block} of {Actor}, which is not open");
            return;
        }

        ref readonly KnownRead read = ref Known.Reads[row];
        if (unchecked(vpn.Value - read.First.Value) >= (ulong)read.Count)
        {
            Violated($"{what} in-page block {block} of {Actor} for page {vpn}, and the block reads {read.Count} pages from {read.First} on");
        }
    }

    public override void AtQuiescence()
    {
        if (Known.Reads.OpenCount != 0)
        {
            Violated($"nothing is in flight, and {Known.Reads.OpenCount} reads are open");
        }
    }
}
