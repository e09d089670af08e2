namespace ActorVmm.Explorer;

/// <summary>Decides from facts alone whether an execution broke a promise.</summary>
public interface IJudge : IFactListener
{
    /// <summary>The first promise that the execution broke; null while none is broken.</summary>
    Violation? Violation { get; }

    /// <summary>A new execution begins: what was heard is forgotten.</summary>
    void Begin();

    /// <summary>The execution is complete: nothing can be delivered any more. Promises about the end are judged now.</summary>
    /// <param name="turns">How many turns it took.</param>
    void End(long turns);
}

/// <summary>A broken promise.</summary>
/// <param name="Specification">The promise's name.</param>
/// <param name="Turn">The number of the turn that broke it, from 1 in its execution.</param>
/// <param name="Words">What happened, for people.</param>
public sealed record Violation(string Specification, long Turn, string Words)
{
    /// <summary>The Windows bug-check code when the machine stopped; 0 otherwise.</summary>
    public uint Code { get; init; }
}
