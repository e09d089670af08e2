using Akka.Configuration;

namespace ActorVmm.Akka.Campaigns;

/// <summary>What <c>actorvmm.campaign</c> says: how seeds are leased to nodes.</summary>
/// <param name="Shards">Groups of leases that move between nodes together.</param>
/// <param name="SeedsPerLease">Seeds that are given out together.</param>
/// <param name="LeasesPerWorker">Leases that are out at a time for each worker of all nodes.</param>
/// <param name="AskAgain">After this time without an answer a lease is asked about again.</param>
/// <param name="KnockTimeout">How long a node that wants to join waits for an answer.</param>
internal sealed record CampaignSettings(int Shards, int SeedsPerLease, int LeasesPerWorker, TimeSpan AskAgain, TimeSpan KnockTimeout)
{
    /// <summary>Where they are said.</summary>
    public const string Section = "actorvmm.campaign";

    /// <summary>Where that is said which actor systems of campaigns have on top of all others.</summary>
    public const string System = Section + ".system";

    /// <param name="configuration">An actor system's.</param>
    /// <exception cref="ArgumentException">They make no sense.</exception>
    public static CampaignSettings Of(Config configuration)
    {
        Config said = configuration.GetConfig(Section);
        CampaignSettings settings = new(
            said.GetInt("shards"), said.GetInt("seeds-per-lease"), said.GetInt("leases-per-worker"),
            said.GetTimeSpan("ask-again", allowInfinite: false), said.GetTimeSpan("knock-timeout", allowInfinite: false));
        return settings is { Shards: > 0 and <= 10_000, SeedsPerLease: > 0 and <= 10_000, LeasesPerWorker: > 0 and <= 1_000 } && settings.AskAgain > TimeSpan.Zero && settings.KnockTimeout > TimeSpan.Zero
            ? settings
            : throw new ArgumentException("shards and seeds-per-lease are from 1 to 10000, leases-per-worker from 1 to 1000, ask-again and knock-timeout more than nothing");
    }
}
