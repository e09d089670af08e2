namespace ActorVmm.Runtime.Parallel;

/// <summary>Several cores as one machine, seen between runs: what they have done, who lives there, and their state.</summary>
internal sealed class CoreGroup(Core[] cores, Homes homes, OutsideWorld outside)
{
    public HostStatistics Statistics
    {
        get
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

    /// <summary>Ids taken so far, the outside world's included; cores take them by the block.</summary>
    public int ActorCount => homes.Ids;

    public Fingerprint Fingerprint(IEncodable? shared) => RunFingerprint.Of([.. cores.Select(core => core.Actors)], shared);

    /// <summary>The share of one actor, which exists.</summary>
    public Fingerprint FingerprintOf(ActorId actor, StateHasher hasher) => RunFingerprint.Of(cores[homes[actor]].Actors, actor, hasher);

    public bool TryChain(ActorId actor, out ulong chain, out long turns)
    {
        bool exists = TryCell(actor, out ActorCell cell) && cell.State != ActorState.Reserved;
        (chain, turns) = exists ? (cell.Chain, cell.Turns) : default;
        return exists;
    }

    public IActor? ActorOf(ActorId id) => TryCell(id, out ActorCell cell) ? cell.Actor : null;

    public ActorIdentity IdentityOf(ActorId id) => TryCell(id, out ActorCell cell) ? cell.Identity : default;

    public void ListPending(ICollection<PendingDelivery> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        foreach (Core core in cores)
        {
            core.ListPending(into);
        }
    }

    /// <summary>Passes all cores through the codec, and what belongs to none.</summary>
    /// <param name="codec">Reads or replaces.</param>
    /// <param name="snapshot">Keeps the actors as objects.</param>
    /// <param name="turns">By core, turns taken there.</param>
    /// <param name="inStep">Whether a core is in the middle of a step.</param>
    public void Encode(StateCodec codec, MachineSnapshot snapshot, Span<long> turns, Func<int, bool> inStep)
    {
        homes.Encode(codec);
        outside.Encode(codec);
        for (int i = 0; i < cores.Length; i++)
        {
            cores[i].Encode(codec, snapshot, ref turns[i], !codec.Restoring && inStep(i));
        }
    }

    private bool TryCell(ActorId actor, out ActorCell cell)
    {
        int home = homes[actor];
        bool known = home != Homes.Nobody && actor.Value < cores[home].Actors.CellCount;
        cell = known ? cores[home].Actors[actor] : default;
        return known;
    }
}
