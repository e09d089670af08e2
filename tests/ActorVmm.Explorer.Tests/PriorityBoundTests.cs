namespace ActorVmm.Explorer.Tests;

/// <summary>
/// pct and pctcp find a bug of depth d at least as often as is proved of them: 1/(n·k^(d−1)) with n lines and k steps, and
/// 1/(w²·n^(d−1)) with n messages of width w. The numbers are computed here, from all executions. The papers count depth
/// differently: pct the constraints between two steps each that make the bug show, pctcp the messages in one sequence that does.
/// </summary>
public sealed class PriorityBoundTests
{
    public static TheoryData<string, DeliveryModel> Bugs
    {
        get
        {
            TheoryData<string, DeliveryModel> bugs = [];
            foreach ((ISubject subject, _, _) in All())
            {
                bugs.Add(subject.Command, DeliveryModel.Fifo);
                bugs.Add(subject.Command, DeliveryModel.Bag);
            }

            return bugs;
        }
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void PctKeepsItsBound(string bug, DeliveryModel model)
    {
        (ISubject subject, int depth, _) = Find(bug);
        Measures measures = Measures.Of(subject, model);
        double bound = 1 / (measures.Lines * Math.Pow(measures.Steps, depth - 1));

        long violating = Walks.Violating(subject, StrategyKind.Pct, model, depth);

        ((double)violating).ShouldBeGreaterThanOrEqualTo((bound * Walks.Count) - Walks.FourDeviations(bound));
        violating.ShouldBePositive();
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void PctcpKeepsItsBound(string bug, DeliveryModel model)
    {
        (ISubject subject, _, int depth) = Find(bug);
        Measures measures = Measures.Of(subject, model);
        double bound = 1 / (measures.Width * measures.Width * Math.Pow(measures.Steps, depth - 1));

        long violating = Walks.Violating(subject, StrategyKind.Pctcp, model, depth);

        ((double)violating).ShouldBeGreaterThanOrEqualTo((bound * Walks.Count) - Walks.FourDeviations(bound));
        violating.ShouldBePositive();
    }

    private static (ISubject Subject, int Constraints, int Messages) Find(string command) => All().First(known => known.Subject.Command == command);

    private static IEnumerable<(ISubject Subject, int Constraints, int Messages)> All()
    {
        for (int constraints = 1; constraints <= 4; constraints++)
        {
            yield return (Programs.Sorted(constraints), constraints, constraints + 1);
        }

        // Fault of B before Done of A; Store of A before Done of B.
        yield return (Explored.Model("collided-fault", false), 2, 4);

        // Free before Alloc before Zeroed.
        yield return (Explored.Model("unzeroed-page", false), 2, 3);

        // The first trim before the fault before the second trim before the first Done.
        yield return (Explored.Model("lost-writeback", false), 3, 4);
    }
}
