using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>
/// A part of an exhaustive search as it is given to a worker, here or elsewhere: a prefix of deliveries, and all that follows the
/// last of them. No two parts that are under way have an execution in common, and together with what is planned at the places
/// that nobody was given they are all that is left.
/// </summary>
public sealed record SearchPart
{
    /// <summary>The part's number, from 1; no other part of the search has it.</summary>
    public long Number { get; init; }

    /// <summary>How many places at the beginning of the path belong to the search: sequences for them are told, not planned.</summary>
    public int Shared { get; init; }

    /// <summary>
    /// The places that are come to, one a delivery, with what is taken there. What sleeps at one that belongs to the search has
    /// been explored or is under way elsewhere. Empty for a whole search that has not begun.
    /// </summary>
    public IReadOnlyList<StoredFrame> Path { get; init; } = [];
}
