using ActorVmm.Actors;
using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Machine.Campaigns;

/// <summary>All seeds of a campaign as one fingerprint: two campaigns that came to the same, seed for seed, have the same.</summary>
public static class CampaignFingerprint
{
    /// <summary>Of results in any order; each is bound to its seed, so that two seeds cannot exchange theirs.</summary>
    public static Fingerprint Of(IEnumerable<SeedResult> results) => results.Aggregate(default(Fingerprint), (sum, result) =>
    {
        FingerprintBuilder bound = new(result.Seed);
        bound.Add(result.Fingerprint.High);
        bound.Add(result.Fingerprint.Low);
        return sum.With(bound.Build());
    });
}
