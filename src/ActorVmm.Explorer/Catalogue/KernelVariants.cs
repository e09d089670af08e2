using System.Collections.Immutable;
using ActorVmm.Protocol;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>The rules of the kernel that can be taken out, one at a time (fact book §17), in the order of their numbers there.</summary>
public static class KernelVariants
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<KernelVariant> All { get; } =
    [
        new(KernelRule.CollidedFault, "collided-fault", "R1", "races/refault")
        {
            Says = "a fault on a page that is being read waits for that read",
            Without = "it begins a read of its own, or maps the frame before it is filled",
            Breaks = "APageIsReadOnce",
            Timers = 12,
            FoundWithin = 10,
        },
        new(KernelRule.InPageRecheck, "in-page-recheck", "R2", "races/withdrawn")
        {
            Says = "when a page has been read, its protection is looked at again",
            Without = "a page that may not be accessed any more is mapped",
            Breaks = "AForbiddenPageStaysOut",
            Timers = 12,
            FoundWithin = 250,
        },
        new(KernelRule.DeletedDuringRead, "deleted-during-read", "R2, R19", "races/withdrawn")
        {
            Says = "a page deleted while it is read leaves frame and slot to the read",
            Without = "both are given back, and the read goes on, from a slot and into a frame that may be somebody else's",
            Breaks = "ASlotHasOneOwner",
            Timers = 12,
            FoundWithin = 100,
        },
        new(KernelRule.ReferencedAfterWrite, "referenced-after-write", "R3", "races/rewrite")
        {
            Says = "a page that was mapped again while it was written stays mapped",
            Without = "the writer puts it on standby: its frame may be given away under the PTE",
            Breaks = "no bug check 0x1A",
            Timers = 8,
            FoundWithin = 50,
        },
        new(KernelRule.RedirtiedPage, "redirtied-page", "R4", "races/rewrite")
        {
            Says = "a page that was stored to while it was written is written again",
            Without = "it counts as clean: the frame is given away, and the store is lost",
            Breaks = "DirtyDataSurvives",
            Timers = 8,
            FoundWithin = 100,
        },
        new(KernelRule.FreeDuringFault, "free-during-fault", "R5", "races/refault")
        {
            Says = "pages are deleted after a soft fault on them was answered",
            Without = "the answer finds another PTE, and the frame it brings belongs to nobody",
            Breaks = "no bug check 0x1A",
            Timers = 12,
            FoundWithin = 50,
        },
        new(KernelRule.DeletedInFlight, "deleted-in-flight", "R6", "races/rewrite")
        {
            Says = "the frame of a page deleted while it was written is free when the write has ended",
            Without = "it is free, and given to others, while the device still uses it",
            Breaks = "PagesInFlightAreReferenced",
            Timers = 8,
            FoundWithin = 10,
        },
        new(KernelRule.ExitInFlight, "exit-in-flight", "R6, R7", "races/kill")
        {
            Says = "a process that ends stays until its reads have ended",
            Without = "they end for nobody, and their frames are lost",
            Breaks = "AnExitLeavesNothing",
            Timers = 20,
            FoundWithin = 300,
        },
        new(KernelRule.ExitWithShares, "exit-with-shares", "R7, R8", "races/kill-sharer")
        {
            Says = "a process that ends stays until sections have answered it",
            Without = "shares of their pages are never given back",
            Breaks = "ASharedPageStaysWhileItIsShared",
            Timers = 4,
            FoundWithin = 50,
        },
        new(KernelRule.RepeatedAccess, "repeated-access", "R9, R11", "races/twins")
        {
            Says = "a thread that has waited for memory repeats its access from the beginning",
            Without = "two threads map a page of zeros at one address, one over the other",
            Breaks = "AReadSeesTheLastWrite",
            Timers = 2,
            FoundWithin = 10,
        },
        new(KernelRule.ZeroBatch, "zero-batch", "R10", "races/zeroing")
        {
            Says = "frames that are being zeroed are not available",
            Without = "a frame is given out, stored to, and zeroed afterwards",
            Breaks = "ZeroedMeansZero",
            Timers = 0,
            FoundWithin = 10,
        },
        new(KernelRule.RepurposedPage, "repurposed-page", "R13", "races/refault")
        {
            Says = "a page whose frame was given away is looked for in its paging file",
            Without = "the process maps a frame that belongs to somebody else",
            Breaks = "no bug check 0x1A",
            Timers = 12,
            FoundWithin = 10,
        },
        new(KernelRule.ProtectDuringFault, "protect-during-fault", "R14", "races/refault")
        {
            Says = "when a soft fault is answered, the page's protection is looked at again",
            Without = "a page that may not be accessed any more is mapped",
            Breaks = "AForbiddenPageStaysOut",
            Timers = 12,
            FoundWithin = 50,
        },
        new(KernelRule.GuardOnce, "guard-once", "R15", "races/watchmen")
        {
            Says = "a guard page tells one thread",
            Without = "another thread, which comes at the same moment, is told too",
            Breaks = "AGuardFiresOnce",
            Timers = 0,
            FoundWithin = 10,
        },
        new(KernelRule.CopyRecheck, "copy-recheck", "R16, R17", "races/copies")
        {
            Says = "a copy made for copy-on-write is used only if the page is still there to be replaced",
            Without = "a page that was trimmed meanwhile is replaced, and its share is given back twice",
            Breaks = "no bug check 0x1A",
            Timers = 4,
            FoundWithin = 50,
        },
    ];

    /// <summary>The kernel without this rule; null for no rule.</summary>
    public static KernelVariant? Of(KernelRule rule) => All.FirstOrDefault(variant => variant.Rule == rule);
}
