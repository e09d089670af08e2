namespace ActorVmm.Runtime.Parallel;

/// <summary>The creator of the starting actors, and the sender of what comes from outside.</summary>
internal sealed class OutsideWorld
{
    private int _children;
    private int _sent;

    public ActorIdentity NextChild() => ActorIdentity.Outside.Child(_children++);

    public void Inject(Core[] cores, Homes homes, ActorId to, in Message message)
    {
        int home = homes[to];
        if (to.IsOutside || home == Homes.Nobody)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"{ActorId.Outside} sent message kind {message.Kind} to {to}, which nobody has created"));
        }

        cores[home].Actors.Admit(to);
        cores[home].Inject(unchecked(++_sent), to, in message);
    }
}

/// <summary>What several cores have done together.</summary>
internal static class CoreSum
{
    public static bool TryChain(IReadOnlyList<Core> cores, Homes homes, ActorId actor, out ulong chain, out long turns)
    {
        int home = homes[actor];
        ActorCell cell = default;
        bool exists = home != Homes.Nobody && cores[home].TryCell(actor, out cell);
        (chain, turns) = (cell.Chain, cell.Turns);
        return exists;
    }

    public static HostStatistics Of(IReadOnlyList<Core> cores)
    {
        HostStatistics sum = default;
        foreach (Core core in cores)
        {
            HostStatistics one = core.Statistics;
            sum = new HostStatistics(
                sum.Turns + one.Turns,
                sum.Messages + one.Messages,
                sum.Dropped + one.Dropped,
                sum.SentOutside + one.SentOutside,
                sum.TimersFired + one.TimersFired,
                sum.ActorsCreated + one.ActorsCreated,
                sum.ActorsStopped + one.ActorsStopped);
        }

        return sum;
    }
}
