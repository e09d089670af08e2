using ActorVmm.Akka;
using ActorVmm.Runtime;
using Serilog;

namespace ActorVmm.Cli;

/// <summary>Runs on Akka.NET; <c>WithoutAkka/AkkaRuns.cs</c> is there in its place where the build has no Akka.</summary>
internal static class AkkaRuns
{
    /// <summary>What <c>doctor</c> says.</summary>
    public static string Found => Files().FirstOrDefault(Path.Exists) is { } file ? $"--host akka, with {file}" : "--host akka, without an akka.hocon: defaults";

    /// <summary>It is there.</summary>
    public static void RefuseWhenAbsent()
    {
    }

    /// <summary>Makes Akka hosts.</summary>
    /// <param name="timeScale">Virtual time as a multiple of real time.</param>
    /// <param name="clock">Measures real time.</param>
    /// <param name="log">Where Akka's log goes.</param>
    /// <exception cref="Workloads.InputException">The user's <c>akka.hocon</c> cannot be taken as it is.</exception>
    public static Func<HostOptions, IHost> HostOf(double timeScale, TimeProvider clock, ILogger log)
    {
        Overrides overrides = Overrides.Find(Files());
        Log.Logger = log;
        return options => AkkaHost.Start(new AkkaHostOptions(options) { Clock = clock, TimeScale = timeScale }, overrides);
    }

    /// <summary>Where overrides may lie: the working directory's come before the program's.</summary>
    private static IEnumerable<string> Files() => [Overrides.FileName, Path.Combine(AppContext.BaseDirectory, Overrides.FileName)];
}
