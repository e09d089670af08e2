using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>What a worker tells of its part, since it last did. Taken in this order: what was taken, the races, what it gives away, the end.</summary>
public sealed record PartReport
{
    /// <summary>The part's number.</summary>
    public required long Part { get; init; }

    /// <summary>
    /// What was taken at the last place that belongs to the search, as it was: to whom it sent and what it was answered is known
    /// once it has been run. Null when that has been said.
    /// </summary>
    public StoredStep? Taken { get; init; }

    /// <summary>Sequences for places that belong to the search.</summary>
    public IReadOnlyList<FoundRace> Races { get; init; } = [];

    /// <summary>The first places of its own that the worker gives away. What is taken there now stays with it.</summary>
    public IReadOnlyList<StoredFrame> Shed { get; init; } = [];

    public required PartCounts Counts { get; init; }

    /// <summary>The first finding of each promise that the worker had not told of.</summary>
    public IReadOnlyList<StoredFinding> Findings { get; init; } = [];

    /// <summary>The part of the part that is behind us, from 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>
    /// The part as it now stands, from which another worker could go on; what was counted before is settled. Always said with
    /// <see cref="Shed"/>; null when it is not said.
    /// </summary>
    public SearchPart? Left { get; init; }

    /// <summary>The worker has given its part back, as <see cref="Left"/>.</summary>
    public bool IsGivenBack { get; init; }

    /// <summary>Nothing is left of the part.</summary>
    public bool IsDone { get; init; }
}

/// <summary>What a worker is answered.</summary>
/// <param name="Sheds">Somebody has nothing to do: give places away.</param>
public readonly record struct PartOrder(bool Sheds);
