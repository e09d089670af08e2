using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Inspection;

/// <summary>
/// One entry of the PFN database as it stands between two turns (fact book §15.1). A copy: nobody changes a machine through it.
/// </summary>
public sealed record FrameView
{
    public required Pfn Pfn { get; init; }

    public required PageLocation Location { get; init; }

    /// <summary>The process whose page is in it; outside when it is nobody's.</summary>
    public required ActorId Owner { get; init; }

    /// <summary>
    /// Which page; a table page by its number in the self-map. The database learns it when the page leaves its working set or is read
    /// in: of a page that is active since, <see cref="Process.PageIn"/> knows it.
    /// </summary>
    public required Vpn Page { get; init; }

    /// <summary>PTEs that map it.</summary>
    public required uint ShareCount { get; init; }

    /// <summary>1 for all shares together, and 1 for each transfer under way.</summary>
    public required int ReferenceCount { get; init; }

    /// <summary>0 to 7: which standby list it goes to.</summary>
    public required int Priority { get; init; }

    /// <summary>Next frame of its list (flink); none when it is on no list, or the last.</summary>
    public required Pfn Next { get; init; }

    /// <summary>Frame before it on its list (blink).</summary>
    public required Pfn Previous { get; init; }

    /// <summary>What goes back into the PTE when the frame is given away: a slot of a paging file, or demand zero.</summary>
    public required Pte OriginalPte { get; init; }

    /// <summary>Which hint of the owner points here.</summary>
    public required Generation Generation { get; init; }

    /// <summary>What is in it.</summary>
    public required ContentStamp Contents { get; init; }

    /// <summary>The page differs from its slot, or has none.</summary>
    public required bool Modified { get; init; }

    public required bool ReadInProgress { get; init; }

    public required bool WriteInProgress { get; init; }

    /// <summary>The page was deleted while a transfer was under way.</summary>
    public required bool Deleted { get; init; }

    /// <summary>The frame is retired when nobody refers to it.</summary>
    public required bool RemovalRequested { get; init; }

    /// <summary>What is in it is gone.</summary>
    public required bool Failed { get; init; }
}

/// <summary>A request for frames that waits for them.</summary>
/// <param name="Process">Who asked.</param>
/// <param name="Needed">Frames without which it cannot go on.</param>
/// <param name="ReadPages">Pages it wants to read from a paging file; 0 when it wants zeroed frames.</param>
/// <param name="ForTransfer">It waits for one of the transfers that can be under way at once, not for frames.</param>
public readonly record struct WaitingRequestView(ActorId Process, int Needed, int ReadPages, bool ForTransfer);
