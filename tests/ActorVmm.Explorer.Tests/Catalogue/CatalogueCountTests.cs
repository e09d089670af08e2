using ActorVmm.Explorer.Catalogue;

namespace ActorVmm.Explorer.Tests.Catalogue;

/// <summary>All orders of every race: how many differ and how many break the promise, with usual parameters and one size larger.</summary>
public sealed class CatalogueCountTests
{
    /// <summary>What is tried of one size larger.</summary>
    private const long MostSchedules = 2_000;

    /// <summary>More than any model takes; one that takes more does not end.</summary>
    private const int MostTurns = 200;

    [Theory]
    [MemberData(nameof(Entries.Variants), MemberType = typeof(Entries))]
    public void CountsAreAsStated(string name, bool isFixed, DeliveryModel model)
    {
        CatalogueEntry entry = Entries.Find(name);
        KnownCount known = (isFixed ? entry.Repaired : entry.Model.Known).Single(count => count.Model == model);

        ExplorationResult result = Explored.Dpor(entry.Subject(isFixed), model);

        (result.Traces, result.ViolatingTraces, result.Blocked, result.Exhausted).ShouldBe((known.Traces, known.Violating, 0, true));
    }

    [Theory]
    [MemberData(nameof(Entries.Variants), MemberType = typeof(Entries))]
    public void BruteForceCountsTheSame(string name, bool isFixed, DeliveryModel model)
    {
        CatalogueEntry entry = Entries.Find(name);
        KnownCount known = (isFixed ? entry.Repaired : entry.Model.Known).Single(count => count.Model == model);

        BruteForce counted = new(entry.Subject(isFixed), model);

        (counted.Traces, counted.Violating).ShouldBe((known.Traces, known.Violating));
    }

    /// <summary>Nothing is made for one size: with each parameter one larger the race is still there, and the repair still enough.</summary>
    [Theory]
    [MemberData(nameof(Entries.Variants), MemberType = typeof(Entries))]
    public void OneSizeLargerIsAsStated(string name, bool isFixed, DeliveryModel model)
    {
        CatalogueEntry entry = Entries.Find(name);
        KnownCount known = (isFixed ? entry.Repaired : entry.Model.Known).Single(count => count.Model == model);
        foreach (ModelParameter parameter in entry.Model.Parameters.Where(parameter => !parameter.IsSwitch))
        {
            string assignment = FormattableString.Invariant($"{parameter.Name}={parameter.Usual + 1}");
            ModelSubject larger = new(ModelSettings.Parse(entry.Model, isFixed, [assignment]));

            ExplorationResult result = new Exploration(larger, new ExplorationOptions
            {
                Strategy = StrategyKind.Dpor,
                Schedules = MostSchedules,
                Setting = new ExecutionSetting { Model = model, MostTurns = MostTurns },
            }).Run();

            (result.Blocked, result.TooLong).ShouldBe((0, 0), assignment);
            (result.ViolatingTraces > 0).ShouldBe(known.Violating > 0, assignment);
        }
    }

    [Theory]
    [MemberData(nameof(Entries.Names), MemberType = typeof(Entries))]
    public void ARepairThatIsNotEnoughSaysWhereAndWhy(string name)
    {
        CatalogueEntry entry = Entries.Find(name);

        foreach (KnownCount count in entry.Repaired)
        {
            string model = count.Model.ToString().ToLowerInvariant();
            string where = entry.Limits.Split(':')[0];
            where.Contains(model).ShouldBe(count.Violating > 0, $"{model}: {entry.Limits}");
        }
    }

    [Fact]
    public void ThreeRepairsAreNotEnoughEverywhere() =>
        RaceCatalogue.All.Where(entry => entry.Limits.Length > 0).Select(entry => entry.Name).ShouldBe(["double-read", "shoot-down", "fault-past-end"]);
}
