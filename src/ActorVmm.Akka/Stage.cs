using ActorVmm.Akka.Recording;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using Akka.Actor;

namespace ActorVmm.Akka;

/// <summary>An actor system for one run: for its machine, and for whoever records it. Both are gone before it is.</summary>
public sealed class Stage : IDisposable
{
    private readonly ActorSystem _system;
    private readonly Durability _durability;

    /// <param name="overrides">What is different from <see cref="HostConfiguration.Defaults"/>.</param>
    /// <param name="place">Where the run is recorded; null when no <see cref="Writer"/> is asked for.</param>
    /// <param name="durability">When what is recorded is safe.</param>
    /// <exception cref="Workloads.InputException">The overrides say something that makes no sense.</exception>
    public Stage(Overrides overrides, string? place = null, Durability durability = Durability.Full)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        _durability = durability;
        _system = overrides.Start("actorvmm", place is null ? null : RecordingConfiguration.Of(place, durability));
    }

    /// <summary>A host for the machine, found under <c>/user/machine</c>.</summary>
    public AkkaHost Host(AkkaHostOptions options) => new(_system, options);

    /// <summary>Records the run through a persistent actor.</summary>
    /// <param name="store">Of the same place.</param>
    /// <param name="stream"><c>run/</c> and the run's id.</param>
    /// <param name="clock">What the rows say about when they were written.</param>
    /// <exception cref="Journal.JournalException">The store refuses.</exception>
    public IRunWriter Writer(IJournalStore store, string stream, TimeProvider clock) => new AkkaRunWriter(_system, store, stream, _durability, clock);

    public void Dispose()
    {
        _system.Terminate().GetAwaiter().GetResult();
        _system.Dispose();
    }
}
