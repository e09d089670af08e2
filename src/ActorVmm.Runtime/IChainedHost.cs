namespace ActorVmm.Runtime;

/// <summary>
/// A host that can say, between runs, how each of its actors stands: what a record of its run is compared with. Hosts that keep their
/// cells in one table need not, because the table is there for everybody.
/// </summary>
public interface IChainedHost : IInspectedHost
{
    /// <summary>An actor's chain and turns so far; false when it does not exist.</summary>
    bool TryChain(ActorId actor, out ulong chain, out long turns);

    /// <summary>The share that one actor has in the fingerprint; it exists.</summary>
    Fingerprint FingerprintOf(ActorId actor, StateHasher hasher);
}

/// <summary>A host that goes on live with the machine of a replay.</summary>
public interface IAdoptingHost : IHost
{
    /// <summary>
    /// Takes the machine over, with its actors, messages and timers, as it is now; before anybody else was created here. The replay is
    /// not used any more.
    /// </summary>
    void Adopt(RecordedHost from);
}
