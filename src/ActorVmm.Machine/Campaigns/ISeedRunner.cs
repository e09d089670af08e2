using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Machine.Campaigns;

/// <summary>Runs seeds, one after the other. Each worker has one of its own: nothing is shared between them.</summary>
public interface ISeedRunner
{
    /// <summary>Runs one seed: the same seed comes to the same, whoever runs it and whatever was run before.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stop">Ends it early, soon.</param>
    /// <returns>Null when it was ended before its end: then the seed has not been run.</returns>
    SeedResult? Run(ulong seed, CancellationToken stop);
}
