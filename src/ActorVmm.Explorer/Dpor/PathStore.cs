using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Dpor;

/// <summary>Turns the parts of a search into what is stored of them, and back.</summary>
internal static class PathStore
{
    public static StoredStep Of(in Step step) =>
        new(step.Name.Sender, step.Name.Count, step.Receiver, step.IsTimer, step.SendsTo, step.Answers is null ? null : PairsOf(step.Answers), step.All);

    public static Step Restore(StoredStep stored) => new()
    {
        Name = new MessageName(stored.Sender, stored.Count),
        Receiver = stored.Receiver,
        IsTimer = stored.IsTimer,
        SendsTo = stored.SendsTo,
        Answers = stored.Answers is null ? null : ChoicesOf(stored.Answers),
        All = stored.All,
    };

    public static IReadOnlyList<StoredPlan> Of(WakeupTree tree, int list)
    {
        List<StoredPlan> plans = [];
        for (int node = list; node != 0; node = tree.Next(node))
        {
            plans.Add(new StoredPlan(Of(in tree[node]), Of(tree, tree.FirstChild(node))));
        }

        return plans;
    }

    public static int Restore(WakeupTree tree, IReadOnlyList<StoredPlan> plans)
    {
        int list = 0;
        foreach (StoredPlan plan in plans)
        {
            int node = tree.Append(ref list, Restore(plan.Step));
            RestoreBelow(tree, node, plan.Then);
        }

        return list;
    }

    public static int[] PairsOf(ReadOnlySpan<Choice> choices)
    {
        int[] pairs = new int[choices.Length * 2];
        for (int i = 0; i < choices.Length; i++)
        {
            (pairs[2 * i], pairs[(2 * i) + 1]) = (choices[i].Alternatives, choices[i].Answer);
        }

        return pairs;
    }

    public static Choice[] ChoicesOf(ReadOnlySpan<int> pairs)
    {
        Choice[] choices = new Choice[pairs.Length / 2];
        for (int i = 0; i < choices.Length; i++)
        {
            choices[i] = new Choice(pairs[2 * i], pairs[(2 * i) + 1]);
        }

        return choices;
    }

    private static void RestoreBelow(WakeupTree tree, int node, IReadOnlyList<StoredPlan> plans)
    {
        foreach (StoredPlan plan in plans)
        {
            RestoreBelow(tree, tree.AppendChild(node, Restore(plan.Step)), plan.Then);
        }
    }
}
