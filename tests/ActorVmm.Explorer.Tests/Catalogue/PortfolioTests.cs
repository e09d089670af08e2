using ActorVmm.Explorer.Catalogue;

namespace ActorVmm.Explorer.Tests.Catalogue;

/// <summary>The portfolio with usual settings finds every race soon, and nothing in what has been repaired.</summary>
public sealed class PortfolioTests
{
    [Theory]
    [MemberData(nameof(Entries.Names), MemberType = typeof(Entries))]
    public void FindsEveryRace(string name)
    {
        CatalogueEntry entry = Entries.Find(name);
        for (ulong seed = 1; seed <= Entries.Seeds; seed++)
        {
            ExplorationResult result = Entries.Portfolio(entry.Subject(isFixed: false), seed, stopOnFirst: true);

            Finding finding = result.Findings.ShouldHaveSingleItem();
            finding.Violation.Specification.ShouldBe(entry.Model.Promise);
            finding.FirstAt.ShouldBeLessThanOrEqualTo(seed == 1 ? entry.FoundWithin : RaceCatalogue.MostSchedules);
        }
    }

    [Theory]
    [MemberData(nameof(Entries.Names), MemberType = typeof(Entries))]
    public void FindsNothingThatIsRepaired(string name)
    {
        CatalogueEntry entry = Entries.Find(name);
        bool isEnough = entry.Repaired.Single(count => count.Model == DeliveryModel.Fifo).Violating == 0;
        for (ulong seed = 1; seed <= Entries.Seeds; seed++)
        {
            ExplorationResult result = Entries.Portfolio(entry.Subject(isFixed: true), seed, stopOnFirst: false);

            (result.Schedules, result.Findings.Count).ShouldBe((RaceCatalogue.MostSchedules, isEnough ? 0 : 1));
        }
    }
}
