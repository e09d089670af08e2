using System.Collections.Immutable;

namespace ActorVmm.Explorer.Models;

/// <summary>All counted models.</summary>
public static class CountedModels
{
    public static ImmutableArray<RaceModel> All { get; } =
    [
        new CollidedFault(), new LostWriteback(), new UnzeroedPage(), new ExitInFlight(), new ShootDown(), new PinnedCow(), new SlotReuse(),
    ];

    /// <summary>The model of that name; null when there is none.</summary>
    public static RaceModel? Find(string name) => All.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.Ordinal));
}
