using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Akka.Campaigns;

/// <summary>What nodes of a campaign say to each other. <see cref="CampaignSerializer"/> has a number for each, and for nothing else.</summary>
internal abstract record Word;

/// <summary>To the gate, before anything else: may this node take part?</summary>
/// <param name="Kernel">Which build it is.</param>
/// <param name="Address">Where it listens, host:port.</param>
internal sealed record Knock(string Kernel, string Address) : Word;

/// <summary>From the gate: yes, in this campaign.</summary>
/// <param name="Plan">What <see cref="CampaignPlan.Encode"/> gave.</param>
internal sealed record Welcome(byte[] Plan) : Word;

/// <summary>From the gate: no.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Kernel">Which build the campaign is.</param>
internal sealed record Refused(Refused.Cause Reason, string Kernel) : Word
{
    /// <summary>Why a node is refused.</summary>
    public enum Cause : byte
    {
        /// <summary>It is another build, and would come to other results.</summary>
        Kernel = 1,

        /// <summary>Nodes were named, and it is none of them.</summary>
        NotNamed = 2,
    }
}

/// <summary>To the coordinator: this node is a member, and has what it needs.</summary>
/// <param name="Workers">Seeds at a time.</param>
internal sealed record NodeReady(int Workers) : Word;

/// <summary>To the entity of a lease: run these. May be said again: it is run once, and its results are told again.</summary>
/// <param name="Lease">Its number, from 1.</param>
/// <param name="Seeds">The seeds.</param>
internal sealed record RunSeeds(long Lease, IReadOnlyList<ulong> Seeds) : Word;

/// <summary>From the entity: it has them, on the node that says so.</summary>
internal sealed record SeedsTaken(long Lease) : Word;

/// <summary>From the entity: what they came to.</summary>
internal sealed record SeedsRun(long Lease, IReadOnlyList<SeedResult> Results) : Word;

/// <summary>To the entity: they are counted, and it is needed no more.</summary>
internal sealed record SeedsCounted(long Lease) : Word;

/// <summary>From the entity: one of them could not be run.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Seed">Which.</param>
/// <param name="IsInput">Whether the node's input is not what it should be; otherwise it is a bug.</param>
/// <param name="Words">What happened.</param>
internal sealed record SeedsFailed(long Lease, ulong Seed, bool IsInput, string Words) : Word;

/// <summary>To every node: the campaign is over.</summary>
/// <param name="Finished">Whether all seeds have been run; otherwise somebody stopped it.</param>
internal sealed record CampaignOver(bool Finished) : Word;
