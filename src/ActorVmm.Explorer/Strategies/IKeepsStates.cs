namespace ActorVmm.Explorer.Strategies;

/// <summary>A strategy that knows which states it has seen.</summary>
internal interface IKeepsStates
{
    /// <summary>Distinct states seen, those in which nothing can be delivered not counted.</summary>
    int Count { get; }

    /// <summary>Those states, in no order.</summary>
    IReadOnlyCollection<Fingerprint> States { get; }
}
