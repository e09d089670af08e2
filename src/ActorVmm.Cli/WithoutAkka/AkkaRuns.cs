using ActorVmm.Runtime;
using Serilog;

namespace ActorVmm.Cli;

/// <summary>What there is instead of runs on Akka.NET where the build has no Akka; see <c>WithAkka/AkkaRuns.cs</c>.</summary>
internal static class AkkaRuns
{
    private const string Absence =
        "--host akka: this build is without Akka.NET. Where a package source has Akka 1.5.30, as nuget.org does, build with it: dotnet build -c Release -p:WithAkka=true src/ActorVmm.Cli";

    /// <summary>What <c>doctor</c> says.</summary>
    public static string Found => "not in this build; get it with: dotnet build -c Release -p:WithAkka=true src/ActorVmm.Cli";

    /// <exception cref="Refusal">Always.</exception>
    public static void RefuseWhenAbsent() => throw Refusal.WrongUsage(Absence);

    /// <exception cref="Refusal">Always.</exception>
    public static Func<HostOptions, IHost> HostOf(double timeScale, TimeProvider clock, ILogger log) => throw Refusal.WrongUsage(Absence);
}
