using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The twenty-third race of the catalogue: the counted model <see cref="UnzeroedPage"/>.</summary>
public static class UnzeroedPageRace
{
    public static CatalogueEntry Entry { get; } = new(23, new UnzeroedPage())
    {
        Source = "ReactOS pull request #9506",
        Actors = "X_j exit and free a frame; FM has the lists; ZPT zeroes; T_i ask for a page.",
        InWindows =
            "A demand-zero fault takes a zeroed page; if there is none it takes one from the free list and zeroes it there and "
            + "then, before the PTE is made valid (fact book §16.3, §20). A frame that the zero-page thread is at work on is on no "
            + "list, and nobody is given it (§17 R10).",
        Repaired = Counts.Clean(bag: 3, fifo: 3, causal: 3, mailbox: 3),
        FoundWithin = 10,
        Rule = KernelRule.ZeroBatch,
    };
}
