namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §14.2 (dirty bits are exact) and §17, R5: a page that was stored to since it was mapped, or since it was copied to be
/// written to its file, leaves its PTE dirty. Losing the bit loses the store. A deleted page may say what it likes.
/// </summary>
public sealed class AStoreMarksItsPageDirty : Specification, IHear<PageUnmapped>
{
    private readonly Situation _dirty;
    private readonly Situation _clean;

    public AStoreMarksItsPageDirty()
        : base(nameof(AStoreMarksItsPageDirty), "a page that was stored to leaves its PTE dirty")
    {
        _dirty = Sometimes("a page that was stored to left its PTE");
        _clean = Sometimes("a page left its PTE clean");
    }

    public void Hear(in PageUnmapped fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        _dirty.SeenIf(frame.Stored && fact.Dirty);
        _clean.SeenIf(!fact.Dirty);
        bool kept = fact.Cause is not (UnmapCause.Deleted or UnmapCause.Exit);
        if (kept && frame.Stored && !fact.Dirty)
        {
            Violated($"page {fact.Vpn} of {Actor} was stored to in frame {fact.Pfn}, and left its PTE clean");
        }
    }
}
