namespace ActorVmm.Explorer.Exploring;

/// <summary>What a search has come through, so that one can tell a search that saw little from one that saw all and found nothing.</summary>
/// <param name="RacingPairs">Pairs of messages, by who sends what to whom, that came one after the other though nothing orders them.</param>
/// <param name="BothOrders">Those of them that came in both orders.</param>
/// <param name="Sometimes">Every situation that a promise waits for; one never seen was never checked.</param>
public sealed record Coverage(long RacingPairs, long BothOrders, IReadOnlyList<CoveredSituation> Sometimes)
{
    /// <summary>How many of the situations were seen.</summary>
    public int Reached => Sometimes.Count(situation => situation.Schedules > 0);
}

/// <summary>A situation that a promise waits for.</summary>
/// <param name="Specification">The promise.</param>
/// <param name="Name">The situation, in words.</param>
/// <param name="Schedules">In how many schedules it was seen.</param>
public sealed record CoveredSituation(string Specification, string Name, long Schedules);
