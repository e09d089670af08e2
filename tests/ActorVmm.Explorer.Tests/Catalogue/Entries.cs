using ActorVmm.Explorer.Catalogue;

namespace ActorVmm.Explorer.Tests.Catalogue;

/// <summary>The catalogue as data of tests.</summary>
internal static class Entries
{
    /// <summary>With ACTORVMM_LONG=1 seeds 1 to 10, otherwise seed 1.</summary>
    public static readonly ulong Seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 10UL : 1;

    public static TheoryData<string> Names => [.. RaceCatalogue.All.Select(entry => entry.Name)];

    /// <summary>Every variant in every delivery model.</summary>
    public static TheoryData<string, bool, DeliveryModel> Variants
    {
        get
        {
            TheoryData<string, bool, DeliveryModel> variants = [];
            foreach (CatalogueEntry entry in RaceCatalogue.All)
            {
                foreach (DeliveryModel model in Enum.GetValues<DeliveryModel>())
                {
                    variants.Add(entry.Name, false, model);
                    variants.Add(entry.Name, true, model);
                }
            }

            return variants;
        }
    }

    public static CatalogueEntry Find(string name) => RaceCatalogue.Find(name).ShouldNotBeNull();

    public static ExplorationResult Portfolio(ISubject subject, ulong seed, bool stopOnFirst) =>
        new Exploration(subject, new ExplorationOptions
        {
            Strategy = StrategyKind.Portfolio,
            Seed = seed,
            Schedules = RaceCatalogue.MostSchedules,
            StopOnFirst = stopOnFirst,
        }).Run();
}
