namespace ActorVmm.Explorer.Tests;

/// <summary>Counts that nobody has published: the engine against all orders of deliveries, taken by brute force.</summary>
public sealed class BruteForceTests
{
    public static TheoryData<string, DeliveryModel> Configurations
    {
        get
        {
            TheoryData<string, DeliveryModel> configurations = [];
            foreach (ISubject subject in Subjects())
            {
                foreach (DeliveryModel model in Enum.GetValues<DeliveryModel>())
                {
                    configurations.Add(subject.Command, model);
                }
            }

            return configurations;
        }
    }

    [Fact]
    public void ThereAreMoreThanFortyOfThem() => Configurations.Count.ShouldBeGreaterThan(100);

    [Theory]
    [MemberData(nameof(Configurations))]
    public void TheEngineRunsWhatBruteForceFinds(string configuration, DeliveryModel model)
    {
        ISubject subject = Subjects().First(known => known.Command == configuration);
        BruteForce expected = new(subject, model);

        ExplorationResult result = Explored.Dpor(subject, model);

        (result.Traces, result.ViolatingTraces, result.Blocked).ShouldBe((expected.Traces, expected.Violating, 0));
    }

    private static IEnumerable<ISubject> Subjects()
    {
        yield return Explored.Model("collided-fault", false, "n=1");
        yield return Explored.Model("collided-fault", true);
        yield return Explored.Model("lost-writeback", false, "faults=2", "trims=1");
        yield return Explored.Model("lost-writeback", false, "faults=2");
        yield return Explored.Model("lost-writeback", false, "trims=3");
        yield return Explored.Model("lost-writeback", false, "split=true");
        yield return Explored.Model("lost-writeback", false, "reorder=true");
        yield return Explored.Model("lost-writeback", false, "split=true", "reorder=true");
        yield return Explored.Model("lost-writeback", true, "split=true");
        yield return Explored.Model("lost-writeback", true, "reorder=true");
        foreach (bool isFixed in new[] { false, true })
        {
            yield return Explored.Model("unzeroed-page", isFixed, "allocs=2");
            yield return Explored.Model("unzeroed-page", isFixed, "exits=2");
            yield return Explored.Model("unzeroed-page", isFixed, "allocs=2", "exits=2");
            yield return Explored.Model("exit-in-flight", isFixed, "waiters=0");
            yield return Explored.Model("exit-in-flight", isFixed, "waiters=2");
            yield return Explored.Model("shoot-down", isFixed, "cpus=2");
            yield return Explored.Model("pinned-cow", isFixed, "children=2");
        }

        yield return Explored.Model("shoot-down", true);
        yield return Explored.Model("pinned-cow", false, "children=3");
        yield return Explored.Model("slot-reuse", false, "readers=2");
        yield return Explored.Model("slot-reuse", true, "readers=2");
        yield return Programs.Ring(3, 2);
        yield return Programs.Ring(4, 3);
        yield return Programs.Ring(5, 2);
        yield return Programs.Echo(2, 2);
        yield return Programs.Echo(2, 3);
        yield return Programs.Triangle(1);
        yield return Programs.Triangle(2);
        yield return Programs.Senders(2, 2, 2);
    }
}
