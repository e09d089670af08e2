namespace ActorVmm.Runtime;

/// <summary>
/// Summarises a run: for each actor who it is, the chain of its inputs, what it has used up, and its state; actors are combined
/// without order, because ids and the interleaving of concurrent turns have no meaning. Of an actor that has stopped, the
/// chain speaks for the state.
/// </summary>
public static class RunFingerprint
{
    private const ulong ActorSalt = 0xAC70;
    private const ulong SharedSalt = 0x54A4;

    public static Fingerprint Of(ActorTable actors, IEncodable? shared) => Of([actors], shared);

    /// <summary>The same for actors in several tables, each actor in one of them.</summary>
    internal static Fingerprint Of(ReadOnlySpan<ActorTable> tables, IEncodable? shared)
    {
        StateHasher hasher = new();
        Fingerprint sum = OfShared(shared, hasher);
        foreach (ActorTable actors in tables)
        {
            for (int id = 1; id < actors.CellCount; id++)
            {
                ref ActorCell cell = ref actors[id];
                if (cell.State != ActorState.Reserved)
                {
                    sum = sum.With(OfActor(hasher, ref cell));
                }
            }
        }

        return sum;
    }

    /// <summary>One actor's share.</summary>
    public static Fingerprint Of(ActorTable actors, ActorId actor, StateHasher hasher)
    {
        ArgumentNullException.ThrowIfNull(actors);
        return OfActor(hasher, ref actors[actor]);
    }

    /// <summary>The share of what actors hold outside their own state; nothing when there is nothing such.</summary>
    public static Fingerprint OfShared(IEncodable? shared, StateHasher hasher)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        if (shared is null)
        {
            return default;
        }

        hasher.Reset(SharedSalt);
        shared.Encode(hasher);
        return hasher.Build();
    }

    /// <summary>The share of an actor that exists or has stopped, for hosts that keep their cells elsewhere.</summary>
    public static Fingerprint OfActor(StateHasher hasher, ref ActorCell cell)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        hasher.Reset(Mix.Fold(ActorSalt, cell.Identity.Value));
        hasher.Field("turns", ref cell.Turns);
        hasher.Field("chain", ref cell.Chain);
        bool alive = cell.Actor is not null;
        hasher.Field("alive", ref alive);
        EncodeCounts(hasher, ref cell.Counts);
        cell.Actor?.Encode(hasher);
        return hasher.Build();
    }

    internal static void EncodeCounts(StateCodec codec, ref ActorCounts counts)
    {
        (int draws, int timers, int children) = counts;
        codec.Field("draws", ref draws);
        codec.Field("timers", ref timers);
        codec.Field("children", ref children);
        if (codec.Restoring)
        {
            counts = new ActorCounts(draws, timers, children);
        }
    }
}
