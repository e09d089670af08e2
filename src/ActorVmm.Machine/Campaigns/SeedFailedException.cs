namespace ActorVmm.Machine.Campaigns;

/// <summary>A seed could not be run to its end, and no promise says why: a bug of the program. The seed shows it again.</summary>
public sealed class SeedFailedException(ulong seed, Exception cause)
    : Exception(FormattableString.Invariant($"seed {seed}: {cause?.GetType().Name}: {cause?.Message}"), cause)
{
    public ulong Seed { get; } = seed;
}
