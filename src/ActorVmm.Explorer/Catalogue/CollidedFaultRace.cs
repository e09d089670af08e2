using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The first race of the catalogue: the counted model <see cref="CollidedFault"/>.</summary>
public static class CollidedFaultRace
{
    public static CatalogueEntry Entry { get; } = new(1, new CollidedFault())
    {
        Source = "Windows rule: one in-page read per page (fact book §17 R1)",
        Actors = "T_i fault and store; PG is the page; DISK reads.",
        InWindows =
            "The first thread puts the PTE into transition form, pointing to the frame that will hold the page, before it lets its "
            + "locks go for the read. A second thread finds the transition PTE and a read in progress, and waits on the frame's event "
            + "with no lock held (fact book §16.4, §17 R1). All who waited run their instruction again. There is exactly one read.",
        Repaired = Counts.Clean(bag: 30, fifo: 12, causal: 12, mailbox: 12),
        FoundWithin = 10,
        Rule = KernelRule.CollidedFault,
    };
}
