using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The fifth race of the catalogue: the counted model <see cref="LostWriteback"/>.</summary>
public static class LostWritebackRace
{
    public static CatalogueEntry Entry { get; } = new(5, new LostWriteback())
    {
        Source = "Linux commits 1cf35d47712d and 79352894b285",
        Actors = "T_i fault and store; WSM trims; PG is the page; MPW writes it; DISK stores.",
        InWindows =
            "A page under write may be mapped and stored to at once; Windows does not wait. The store, or the dirty PTE at the next "
            + "trim, sets the Modified flag again, and a completion that finds it set puts the page back on the modified list instead "
            + "of on standby; the copy just written is stale (fact book §17 R3 and R4, §15.3).",
        Repaired = Counts.Clean(bag: 30, fifo: 8, causal: 8, mailbox: 3),
        FoundWithin = 100,
        Rule = KernelRule.RedirtiedPage,
    };
}
