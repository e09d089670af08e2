using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Akka;

/// <summary>What an <see cref="AkkaHost"/> is built with. How its actors are dispatched is said in HOCON: <see cref="HostConfiguration"/>.</summary>
public sealed record AkkaHostOptions : HostOptions
{
    public AkkaHostOptions()
    {
    }

    public AkkaHostOptions(HostOptions options)
        : base(options)
    {
    }

    /// <summary>Virtual time as a multiple of real time. 0: it stands still while anything is deliverable, and only jumps.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Measures real time; without one virtual time only jumps.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Whether the run is kept in memory, so that a <see cref="RecordedHost"/> can do it again; it grows with every turn.</summary>
    public bool Recording { get; init; }

    /// <summary>What the machine is called among the actors of its system: its path is <c>/user/</c> and this.</summary>
    public string Name { get; init; } = "machine";

    internal VirtualClock NewClock() => new(Clock, TimeScale);
}
