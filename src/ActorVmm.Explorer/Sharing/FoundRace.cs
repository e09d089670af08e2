using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>A sequence of deliveries to be explored from a place that does not belong to who found it.</summary>
/// <param name="Place">How many deliveries lead to the place.</param>
/// <param name="Steps">The sequence.</param>
/// <param name="Needs">For each of it, the numbers from 0 of those before it that it cannot come before.</param>
public sealed record FoundRace(int Place, IReadOnlyList<StoredStep> Steps, IReadOnlyList<int[]> Needs)
{
    /// <summary>The one delivery is to be taken there whatever else has been: a turn threw and ended the execution before it.</summary>
    public bool IsByName { get; init; }
}
