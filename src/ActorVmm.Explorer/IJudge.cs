namespace ActorVmm.Explorer;

/// <summary>Decides from facts alone whether an execution broke a promise.</summary>
public interface IJudge : IFactListener
{
    /// <summary>The first promise that the execution broke; null while none is broken.</summary>
    Violation? Violation { get; }

    /// <summary>What its promises wait for, and whether this execution came to it; none where nobody says.</summary>
    IReadOnlyList<Situation> Situations => [];

    /// <summary>A new execution begins: what was heard is forgotten.</summary>
    void Begin();

    /// <summary>The execution is complete: nothing can be delivered any more. Promises about the end are judged now.</summary>
    /// <param name="turns">How many turns it took.</param>
    void End(long turns);
}

/// <summary>A situation that a promise waits for: where it never comes, the promise was never put to the test.</summary>
/// <param name="Specification">The promise's name.</param>
/// <param name="Name">The situation, in words.</param>
/// <param name="IsSeen">Whether it has come.</param>
public readonly record struct Situation(string Specification, string Name, bool IsSeen);

/// <summary>A broken promise.</summary>
/// <param name="Specification">The promise's name.</param>
/// <param name="Turn">The number of the turn that broke it, from 1 in its execution.</param>
/// <param name="Words">What happened, for people.</param>
public sealed record Violation(string Specification, long Turn, string Words)
{
    /// <summary>The Windows bug-check code when the machine stopped; 0 otherwise.</summary>
    public uint Code { get; init; }

    /// <summary>No turn broke it: it is about the end, when everything has come to rest.</summary>
    public bool IsAtEnd { get; init; }
}
