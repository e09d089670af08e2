using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The seventeenth race of the catalogue: the counted model <see cref="ShootDown"/>.</summary>
public static class ShootDownRace
{
    public static CatalogueEntry Entry { get; } = new(17, new ShootDown())
    {
        Source = "CVE-2018-18281",
        Actors = "U unmaps; PT is the page table; C_i are processors with the translation; FM frees the frame.",
        InWindows =
            "When a valid PTE is taken away, the translation is flushed on every processor that runs the process, and all have "
            + "answered, before the frame's share count falls (fact book §15.3). What is freed is in nobody's translation cache.",
        Repaired = Counts.Of(bag: (3, 1), fifo: (3, 1), causal: (2, 0), mailbox: (1, 0)),
        Limits =
            "Not in fifo and bag: there a store that a processor sent before its acknowledgement may arrive after the free, on "
            + "another way. In causal and mailbox delivery it cannot be overtaken. Real processors acknowledge between two "
            + "instructions, when the store has been carried out; the processors of the other models of this catalogue do so too.",
        FoundWithin = 10,
    };
}
