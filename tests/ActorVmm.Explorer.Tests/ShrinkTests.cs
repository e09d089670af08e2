using ActorVmm.Explorer.Explaining;
using ActorVmm.Explorer.Shrinking;

namespace ActorVmm.Explorer.Tests;

/// <summary>Every shrunk finding still breaks the same promise, cannot lose a turn, and is hardly longer than the shortest there is.</summary>
public sealed class ShrinkTests
{
    public static TheoryData<string, DeliveryModel> Races
    {
        get
        {
            TheoryData<string, DeliveryModel> races = [];
            foreach (RaceModel model in CountedModels.All)
            {
                foreach (KnownCount count in model.Known.Where(count => count.Violating > 0))
                {
                    races.Add(model.Name, count.Model);
                }
            }

            return races;
        }
    }

    [Theory]
    [MemberData(nameof(Races))]
    public void IsNearlyAsShortAsBruteForceGetsIt(string name, DeliveryModel model)
    {
        ISubject subject = Explored.Model(name, isFixed: false);
        int optimum = ShortestBreak(subject, model);
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            (Shrinker shrinker, ShrunkFinding shrunk) = Shrink(subject, model, seed);

            shrunk.Violation.Specification.ShouldBe(CountedModels.Find(name)!.Promise);
            ((double)shrunk.Turns).ShouldBeLessThanOrEqualTo(1.2 * optimum);
            Broken(subject, model, shrunk.Schedule).ShouldNotBeNull().Turn.ShouldBe(shrunk.Violation.Turn);
            IsOneMinimal(shrinker, shrunk).ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Races))]
    public void TheExplanationNamesAnOrderThatWasRunTheOtherWay(string name, DeliveryModel model)
    {
        ISubject subject = Explored.Model(name, isFixed: false);
        (_, ShrunkFinding shrunk) = Shrink(subject, model, 1);
        Explainer explainer = new(subject, new ExecutionSetting { Model = model });

        IReadOnlyList<string> words = explainer.Explain(shrunk);

        words.Count.ShouldBeInRange(3, 10);
        words[0].ShouldContain(CountedModels.Find(name)!.Promise);
        explainer.RacesOf(shrunk).ShouldContain(race => race.KeepsPromise, string.Join('\n', words));
        words.ShouldContain(line => line.StartsWith("Unordered: ", StringComparison.Ordinal));
    }

    [Fact]
    public void AScheduleOfSomethingElseIsRefused()
    {
        Finding finding = new(new Violation("another promise", 1, ""), Schedule.Empty, 1, 1);

        Should.Throw<ScheduleMismatchException>(() => new Shrinker(Explored.Model("pinned-cow", false), new ExecutionSetting()).Shrink(finding));
    }

    private static (Shrinker Shrinker, ShrunkFinding Shrunk) Shrink(ISubject subject, DeliveryModel model, ulong seed)
    {
        ExecutionSetting setting = new() { Model = model };
        ExplorationResult result = new Exploration(subject, new ExplorationOptions { Strategy = StrategyKind.Random, Setting = setting, Seed = seed, Schedules = 2_000 }).Run();
        Shrinker shrinker = new(subject, setting);
        return (shrinker, shrinker.Shrink(result.Findings.ShouldHaveSingleItem()));
    }

    private static Violation? Broken(ISubject subject, DeliveryModel model, Schedule schedule) =>
        new Exploration(subject, new ExplorationOptions { Strategy = StrategyKind.Replay, Schedule = schedule, Setting = new ExecutionSetting { Model = model } })
            .Run().Findings.SingleOrDefault()?.Violation;

    private static bool IsOneMinimal(Shrinker shrinker, ShrunkFinding shrunk)
    {
        List<ScriptedStep> steps = ScriptedStep.Of(shrinker.Machine.Record, shrunk.Turns);
        return Enumerable.Range(0, steps.Count).All(at => !shrinker.Breaks([.. steps[..at], .. steps[(at + 1)..]], goesOn: false, shrunk.Violation.Specification));
    }

    /// <summary>Turns of the shortest beginning that breaks the promise: all states, breadth first.</summary>
    private static int ShortestBreak(ISubject subject, DeliveryModel model)
    {
        SubjectMachine machine = subject.Build(new SteppedOptions { Model = model });
        SteppedHost host = machine.Host;
        List<MachineSnapshot> level = [Save(host)];
        HashSet<Fingerprint> seen = [];
        for (int turns = 1; level.Count > 0; turns++)
        {
            List<MachineSnapshot> next = [];
            foreach (MachineSnapshot state in level)
            {
                host.Restore(state);
                int count = host.DeliverableCount;
                for (int index = 0; index < count; index++)
                {
                    host.Restore(state);
                    machine.Judge.Begin();
                    host.Deliver(index);
                    if (machine.Judge.Violation is not null)
                    {
                        return turns;
                    }

                    if (seen.Add(host.StateFingerprint()))
                    {
                        next.Add(Save(host));
                    }
                }
            }

            level = next;
        }

        throw new InvalidOperationException("no order breaks it");
    }

    private static MachineSnapshot Save(SteppedHost host)
    {
        MachineSnapshot snapshot = new();
        host.Save(snapshot);
        return snapshot;
    }
}
