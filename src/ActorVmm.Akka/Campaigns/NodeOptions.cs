using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Akka.Campaigns;

/// <summary>What a node of a campaign is made with.</summary>
/// <param name="Host">The address it listens on: nobody else can reach a loopback address.</param>
/// <param name="Port">The port; 0 for one that is free.</param>
/// <param name="Workers">Seeds at a time.</param>
/// <param name="Kernel">Which build runs seeds here: <see cref="CampaignPlan.Kernel"/>.</param>
public sealed record NodeOptions(string Host, int Port, int Workers, string Kernel)
{
    /// <summary>Whether Akka's own log is wanted.</summary>
    public bool Talks { get; init; }

    /// <summary>The role of members that are this build. Shards are on such members alone.</summary>
    internal string Role => RoleOf(Kernel);

    private static string RoleOf(string kernel) =>
        "seeds-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(kernel)))[..16];
}
