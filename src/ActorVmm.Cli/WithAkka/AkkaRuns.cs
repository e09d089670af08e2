using ActorVmm.Akka;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using ActorVmm.Runtime;
using Serilog;

namespace ActorVmm.Cli;

/// <summary>Where one run on Akka.NET takes place; <c>WithoutAkka/AkkaRuns.cs</c> is there in its stead where the build has no Akka.</summary>
internal sealed class AkkaRuns : IDisposable
{
    private readonly Stage _stage;
    private readonly TimeProvider _clock;

    /// <param name="session">Its clock measures real time, and its log is Akka's too.</param>
    /// <param name="place">Where the run is recorded through Akka; null when it is not.</param>
    /// <param name="durability">When what is recorded is safe.</param>
    /// <exception cref="Workloads.InputException">The user's <c>akka.hocon</c> cannot be taken as it is.</exception>
    public AkkaRuns(Session session, string? place, Durability durability)
    {
        _clock = session.Clock;
        Log.Logger = session.Log;
        _stage = new Stage(Overrides.Find(Files), place, durability);
    }

    /// <summary>What <c>doctor</c> says.</summary>
    public static string Found => Files.FirstOrDefault(Path.Exists) is { } file ? $"--host akka, with {file}" : "--host akka, without an akka.hocon: defaults";

    /// <summary>Where overrides may lie: the working directory's come before the program's.</summary>
    public static string[] Files => [Overrides.FileName, Path.Combine(AppContext.BaseDirectory, Overrides.FileName)];

    /// <summary>It is there.</summary>
    public static void RefuseWhenAbsent()
    {
    }

    /// <summary>Makes the run's host.</summary>
    /// <param name="timeScale">Virtual time as a multiple of real time.</param>
    public Func<HostOptions, IHost> HostOf(double timeScale) => options => _stage.Host(new AkkaHostOptions(options) { Clock = _clock, TimeScale = timeScale });

    /// <summary>Makes the run's recorder.</summary>
    public IRunWriter WriterOf(IJournalStore store, string stream) => _stage.Writer(store, stream, _clock);

    public void Dispose() => _stage.Dispose();
}
