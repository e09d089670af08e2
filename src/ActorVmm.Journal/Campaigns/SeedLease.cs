namespace ActorVmm.Journal.Campaigns;

/// <summary>Seeds that one holder, and nobody else, may run.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
/// <param name="Done">Those between that have a row already, because another held the lease before.</param>
public sealed record SeedLease(ulong First, ulong Last, IReadOnlySet<ulong> Done)
{
    /// <summary>The seeds to run, in order.</summary>
    public IEnumerable<ulong> Left()
    {
        for (ulong seed = First; ; seed++)
        {
            if (!Done.Contains(seed))
            {
                yield return seed;
            }

            if (seed == Last)
            {
                yield break;
            }
        }
    }
}
