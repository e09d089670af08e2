namespace ActorVmm.Explorer.Tests;

/// <summary>The table of counted models in races.md.</summary>
public sealed class ModelCountTests
{
    public static TheoryData<string, DeliveryModel, long, long> Known
    {
        get
        {
            TheoryData<string, DeliveryModel, long, long> known = [];
            foreach (RaceModel model in CountedModels.All)
            {
                foreach (KnownCount count in model.Known)
                {
                    known.Add(model.Name, count.Model, count.Traces, count.Violating);
                }
            }

            return known;
        }
    }

    [Fact]
    public void EveryModelIsCountedInEveryDeliveryModel() => Known.Count.ShouldBe(7 * 4);

    [Theory]
    [MemberData(nameof(Known))]
    public void TracesAndViolatingTraces(string name, DeliveryModel model, long traces, long violating)
    {
        ExplorationResult result = Explored.Dpor(Explored.Model(name, isFixed: false), model);

        (result.Traces, result.ViolatingTraces, result.Blocked).ShouldBe((traces, violating, 0));
        result.Exhausted.ShouldBeTrue();
        result.Findings.Count.ShouldBe(violating > 0 ? 1 : 0);
    }

    [Theory]
    [InlineData("collided-fault", 12)]
    [InlineData("lost-writeback", 8)]
    [InlineData("unzeroed-page", 3)]
    [InlineData("exit-in-flight", 7)]
    [InlineData("pinned-cow", 3)]
    [InlineData("slot-reuse", 13)]
    public void RepairedModelsKeepTheirPromise(string name, long traces)
    {
        ExplorationResult result = Explored.Dpor(Explored.Model(name, isFixed: true), DeliveryModel.Fifo);

        (result.Traces, result.ViolatingTraces, result.Blocked).ShouldBe((traces, 0, 0));
    }
}
