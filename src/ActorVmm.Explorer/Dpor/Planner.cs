namespace ActorVmm.Explorer.Dpor;

/// <summary>Decides whether a sequence has to be explored from a place, and plans it there when it has.</summary>
internal static class Planner
{
    /// <summary>Plans a sequence, unless something explored, under way or planned at the place can begin it. The sequence is used up.</summary>
    /// <param name="sequence">What is to be explored.</param>
    /// <param name="sleeping">What has been explored from the place, or is under way.</param>
    /// <param name="tree">Holds what is planned.</param>
    /// <param name="pending">The place's list in it.</param>
    public static void Plan(Reversal sequence, ReadOnlySpan<Step> sleeping, WakeupTree tree, ref int pending)
    {
        if (IsCovered(sequence, sleeping))
        {
            return;
        }

        int parent = 0;
        int node = pending;
        while (node != 0)
        {
            if (!sequence.CanBegin(in tree[node], out int at))
            {
                node = tree.Next(node);
                continue;
            }

            if (at >= 0)
            {
                sequence.Remove(at);
            }

            (parent, node) = (node, tree.FirstChild(node));
            if (node == 0)
            {
                return;
            }
        }

        for (int at = 0; at < sequence.Count; at++)
        {
            parent = parent == 0 ? tree.Append(ref pending, in sequence[at]) : tree.AppendChild(parent, in sequence[at]);
        }
    }

    /// <summary>
    /// Whether one of what sleeps can begin a sequence. A turn that is not in the sequence and was given several answers has to commute
    /// with it whatever the answer: behind the sequence it may be given any.
    /// </summary>
    public static bool IsCovered(Reversal sequence, ReadOnlySpan<Step> sleeping)
    {
        foreach (ref readonly Step asleep in sleeping)
        {
            if (sequence.CanBegin(in asleep, out int at) && (at >= 0 || asleep.Answers is null || CommutesWithAnyAnswer(sequence, sleeping, asleep.Name)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool CommutesWithAnyAnswer(Reversal sequence, ReadOnlySpan<Step> sleeping, MessageName name)
    {
        foreach (ref readonly Step asleep in sleeping)
        {
            if (asleep.Name == name && !sequence.CanBegin(in asleep, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Plans one delivery, unless it has been taken or is planned by name.</summary>
    public static void PlanByName(in Step step, ReadOnlySpan<Step> sleeping, WakeupTree tree, ref int pending)
    {
        foreach (ref readonly Step asleep in sleeping)
        {
            if (asleep.Name == step.Name)
            {
                return;
            }
        }

        for (int node = pending; node != 0; node = tree.Next(node))
        {
            if (tree[node].Name == step.Name)
            {
                return;
            }
        }

        tree.Append(ref pending, in step);
    }
}
