using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using ActorVmm.Runtime;

namespace ActorVmm.Cli;

/// <summary>What there is instead of runs on Akka.NET where the build has no Akka; see <c>WithAkka/AkkaRuns.cs</c>.</summary>
internal sealed class AkkaRuns : IDisposable
{
    private const string Absence =
        "--host akka: this build is without Akka.NET. Where a package source has Akka 1.5.30, as nuget.org does, build with it: dotnet build -c Release -p:WithAkka=true src/ActorVmm.Cli";

    /// <exception cref="Refusal">Always.</exception>
    public AkkaRuns(Session session, string? place, Durability durability) => throw Refusal.WrongUsage(Absence);

    /// <summary>What <c>doctor</c> says.</summary>
    public static string Found => "not in this build; get it with: dotnet build -c Release -p:WithAkka=true src/ActorVmm.Cli";

    /// <exception cref="Refusal">Always.</exception>
    public static void RefuseWhenAbsent() => throw Refusal.WrongUsage(Absence);

    public Func<HostOptions, IHost> HostOf(double timeScale) => throw Refusal.WrongUsage(Absence);

    public IRunWriter WriterOf(IJournalStore store, string stream) => throw Refusal.WrongUsage(Absence);

    public void Dispose()
    {
    }
}
