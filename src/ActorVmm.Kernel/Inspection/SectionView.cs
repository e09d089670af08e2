namespace ActorVmm.Kernel.Inspection;

/// <summary>A section as it is at this moment.</summary>
/// <param name="Name">The number of its first named object; 0 when it has none.</param>
/// <param name="Segment">What backs it.</param>
/// <param name="Pages">Its length.</param>
/// <param name="Views">Views that processes have of it.</param>
/// <param name="Handles">Handles of all its objects.</param>
/// <param name="Committed">Pages charged for it, those of its prototype PTEs not included.</param>
/// <param name="Valid">Prototype PTEs of pages that somebody maps.</param>
/// <param name="Transition">Of pages on standby or modified, or on their way.</param>
/// <param name="PagedOut">Of pages in a paging file.</param>
/// <param name="Untouched">Of pages that nobody has touched yet, or that are in a file.</param>
/// <param name="Shares">PTEs of processes that map its pages.</param>
public sealed record SectionView(
    uint Name, SegmentKind Segment, ulong Pages, int Views, int Handles, ulong Committed, long Valid, long Transition, long PagedOut, long Untouched, long Shares)
{
    /// <summary>SEC_ bits.</summary>
    public required SectionAttributes Attributes { get; init; }

    /// <summary>The file that it is on; outside for memory backed by paging files.</summary>
    public required ActorId File { get; init; }
}
