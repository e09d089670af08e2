namespace ActorVmm.Explorer.Tests;

/// <summary>Exact numbers of different executions, each run once: races.md.</summary>
public sealed class EngineCountTests
{
    public static TheoryData<string, DeliveryModel, long> Counts
    {
        get
        {
            TheoryData<string, DeliveryModel, long> counts = [];
            foreach ((Program program, DeliveryModel model, long traces) in All())
            {
                counts.Add(program.Name, model, traces);
            }

            return counts;
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void EveryTraceIsRunOnce(string program, DeliveryModel model, long traces)
    {
        ExplorationResult result = Explored.Dpor(All().First(known => known.Program.Name == program).Program, model);

        result.Traces.ShouldBe(traces);
        result.Blocked.ShouldBe(0);
        result.Schedules.ShouldBe(traces);
        result.Exhausted.ShouldBeTrue();
    }

    private static IEnumerable<(Program Program, DeliveryModel Model, long Traces)> All()
    {
        foreach (DeliveryModel model in Enum.GetValues<DeliveryModel>())
        {
            for (int n = 1; n <= 6; n++)
            {
                yield return (Programs.Senders(n), model, Factorial(n));
                yield return (Programs.TwoPhaseCommit(n), model, Factorial(n));
            }

            yield return (Programs.Senders(2, receivers: 2), model, model == DeliveryModel.Mailbox ? 2 : 4);
            yield return (Programs.Senders(3, receivers: 2), model, model == DeliveryModel.Mailbox ? 6 : 36);
            yield return (Programs.Senders(3, receivers: 3), model, model == DeliveryModel.Mailbox ? 6 : 216);
            yield return (Programs.Senders(4, receivers: 2), model, model == DeliveryModel.Mailbox ? 24 : 576);
            yield return (Programs.Echo(3, 2), model, 90);
            for (int depth = 1; depth <= 3; depth++)
            {
                yield return (Programs.Reduction(depth), model, 1L << ((1 << depth) - 1));
            }

            yield return (Programs.FaultsOnly(2), model, 4);
            yield return (Programs.FaultsOnly(3), model, 18);
            yield return (Programs.FaultsOnly(4), model, 96);
            foreach ((int n, int k) in new[] { (2, 2), (3, 2), (2, 3), (2, 4) })
            {
                yield return (Programs.Senders(n, k), model, model switch
                {
                    DeliveryModel.Bag => Factorial(n * k),
                    DeliveryModel.Mailbox => Factorial(n),
                    DeliveryModel.Fifo or DeliveryModel.Causal => Factorial(n * k) / (long)Math.Pow(Factorial(k), n),
                });
            }

            yield return (Programs.Ring(4, 2), model, model switch
            {
                DeliveryModel.Bag => 7,
                DeliveryModel.Fifo or DeliveryModel.Causal => 3,
                DeliveryModel.Mailbox => 1,
            });
        }
    }

    private static long Factorial(long n) => n <= 1 ? 1 : n * Factorial(n - 1);
}
