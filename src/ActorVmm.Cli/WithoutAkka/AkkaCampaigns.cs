using ActorVmm.Cli.Campaigns;
using ActorVmm.Cli.Output;
using ActorVmm.Machine.Campaigns;

namespace ActorVmm.Cli;

/// <summary>What there is instead of campaigns on many nodes where the build has no Akka; see <c>WithAkka/AkkaCampaigns.cs</c>.</summary>
internal sealed class AkkaCampaigns : IDisposable
{
    /// <exception cref="Refusal">Always.</exception>
    public AkkaCampaigns(string nodes, string? listen) => throw Absent("campaign --nodes");

    /// <exception cref="Refusal">Always.</exception>
    public static ExitCode Join(Session session, string address, string? listen, int workers) => throw Absent("campaign join");

    public void Run(Session session, CampaignBook book, SeedRunners runners, int workers, CampaignReport report) => throw Absent("campaign --nodes");

    public void Dispose()
    {
    }

    private static Refusal Absent(string what) => Refusal.WrongUsage(
        what + ": this build is without Akka.NET. Where a package source has Akka 1.5.30, as nuget.org does, build with it: dotnet build -c Release -p:WithAkka=true src/ActorVmm.Cli");
}
