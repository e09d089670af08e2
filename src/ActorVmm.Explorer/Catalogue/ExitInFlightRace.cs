using ActorVmm.Explorer.Models;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The twenty-fourth race of the catalogue: the counted model <see cref="ExitInFlight"/>.</summary>
public static class ExitInFlightRace
{
    public static CatalogueEntry Entry { get; } = new(24, new ExitInFlight())
    {
        Source = "Windows bug checks 0x76 PROCESS_HAS_LOCKED_PAGES and 0x4E PFN_LIST_CORRUPT",
        Actors = "T faults; P is its process; DISK reads; FM owns the frames; EX ends the process; Q_i wait for a frame.",
        InWindows =
            "A page that is deleted while a transfer is under way leaves a frame with a reference count: it stays in transition, "
            + "marked as deleted, and goes to the free list when the transfer drops the last reference, never to standby (fact book "
            + "§17 R6 and R7). A process that ends with pages still locked stops the machine with 0x76.",
        Repaired = Counts.Clean(bag: 7, fifo: 7, causal: 7, mailbox: 7),
        FoundWithin = 10,
        Rule = KernelRule.ExitInFlight,
    };
}
