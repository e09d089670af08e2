using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The seventh race of the catalogue: the counted model <see cref="SlotReuse"/>.</summary>
public static class SlotReuseRace
{
    public static CatalogueEntry Entry { get; } = new(7, new SlotReuse())
    {
        Source = "Linux commit 31c4a3d3a0f8",
        Actors = "A_i fault in two steps; PTE is the page's entry; SC is the cache of slots; B brings the page in and writes; K trims.",
        InWindows =
            "The PTE is put into transition form before the slot is read, so it does not look the same when somebody else has "
            + "brought the page in (fact book §16.5). A slot is freed only when neither a PTE nor a PFN entry refers to it and no "
            + "transfer uses it (§17 R19).",
        Repaired = Counts.Clean(bag: 13, fifo: 13, causal: 12, mailbox: 12),
        FoundWithin = 10,
    };
}
