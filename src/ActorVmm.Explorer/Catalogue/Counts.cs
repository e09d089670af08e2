using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>Writes exact counts in one line.</summary>
internal static class Counts
{
    /// <summary>Executions that differ, and those of them that break the promise, in each delivery model.</summary>
    public static IReadOnlyList<KnownCount> Of(
        (long Traces, long Violating) bag, (long Traces, long Violating) fifo, (long Traces, long Violating) causal, (long Traces, long Violating) mailbox) =>
    [
        new(DeliveryModel.Bag, bag.Traces, bag.Violating), new(DeliveryModel.Fifo, fifo.Traces, fifo.Violating),
        new(DeliveryModel.Causal, causal.Traces, causal.Violating), new(DeliveryModel.Mailbox, mailbox.Traces, mailbox.Violating),
    ];

    /// <summary>The same number of executions in each, none of which breaks the promise.</summary>
    public static IReadOnlyList<KnownCount> Clean(long bag, long fifo, long causal, long mailbox) => Of((bag, 0), (fifo, 0), (causal, 0), (mailbox, 0));
}
