using System.Collections.Immutable;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>All races: thirty that were met in real memory managers, or that the rules of Windows exclude, each as a little program.</summary>
public static class RaceCatalogue
{
    /// <summary>Schedules within which the portfolio finds every race, whatever its seed; repaired variants are tried as often.</summary>
    public const long MostSchedules = 1_000;

    /// <summary>In the order of their numbers.</summary>
    public static ImmutableArray<CatalogueEntry> All { get; } =
    [
        CollidedFaultRace.Entry, RemappedInPage.Entry, ProtectedInPage.Entry, TrimmedPrototype.Entry, LostWritebackRace.Entry, LostDirtyBit.Entry,
        SlotReuseRace.Entry, DoubleRead.Entry, ConsumedCopy.Entry, RemovedPagingFile.Entry, SplitShareCount.Entry, DirtyCow.Entry,
        PinnedCowRace.Entry, SplitLargePage.Entry, StaleShadow.Entry, DoubleUnshare.Entry, ShootDownRace.Entry, UnflushedMigration.Entry,
        MovedMarker.Entry, DiscardGap.Entry, FaultPastEnd.Entry, FreedZeroPage.Entry, UnzeroedPageRace.Entry, ExitInFlightRace.Entry,
        DoubleFree.Entry, CopyAfterExit.Entry, FreedPageTable.Entry, PinAfterWait.Entry, ThreeWayWait.Entry, DoubleFetch.Entry,
    ];

    /// <summary>The race of that name; null when there is none.</summary>
    public static CatalogueEntry? Find(string name) => All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.Ordinal));
}
