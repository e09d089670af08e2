using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The thirteenth race of the catalogue: the counted model <see cref="PinnedCow"/>.</summary>
public static class PinnedCowRace
{
    public static CatalogueEntry Entry { get; } = new(13, new PinnedCow())
    {
        Source = "CVE-2020-29374",
        Actors = "FR is the frame with its counts; C_i are children that pin and unmap; P is the parent that writes.",
        InWindows =
            "A lock for a device raises the frame's reference count, which is apart from the share count, and a store in a write- "
            + "copy view always makes a private copy, whoever else maps the page (fact book §13.6, §15.1, §24). The pinned frame "
            + "stays what it is.",
        Repaired = Counts.Clean(bag: 6, fifo: 3, causal: 3, mailbox: 2),
        FoundWithin = 10,
    };
}
