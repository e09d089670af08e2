namespace ActorVmm.Runtime.Parallel;

/// <summary>Says on which core, from 0, an actor lives; asked once, when it is born, on its creator's thread: it only computes.</summary>
public delegate int HomePolicy(ActorId actor, Role role, int cores);

/// <summary>What a <see cref="ParallelHost"/> is built with.</summary>
public sealed record ParallelHostOptions : HostOptions
{
    public const int MostWorkers = 64;

    public ParallelHostOptions()
    {
    }

    public ParallelHostOptions(HostOptions options)
        : base(options)
    {
    }

    /// <summary>Cores, each a thread of its own: 1 to 64.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Virtual time as a multiple of real time. 0: it stands still while anything is deliverable, and only jumps.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Measures real time; without one virtual time only jumps.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Where actors live; by id modulo cores when null.</summary>
    public HomePolicy? HomeOf { get; init; }

    /// <summary>Whether the run is recorded, so that it can be replayed.</summary>
    public bool Recording { get; init; } = true;

    /// <summary>
    /// The most turns of a core between two batch boundaries: what is sent to other cores leaves, and what they sent is looked
    /// at, at boundaries only.
    /// </summary>
    public int TurnsPerStep { get; init; } = 128;

    /// <summary>Batches on their way between two cores before the sender waits.</summary>
    public int BatchesInFlight { get; init; } = 8;

    /// <summary>While this many messages wait on a core that has turns to take, it takes none in from other cores.</summary>
    public int MailLimit { get; init; } = 1 << 13;

    /// <summary>How often an idle core looks again before it parks; about a tenth of a microsecond each.</summary>
    public int Looks { get; init; } = 64;

    internal int HomeFor(ActorId actor, Role role)
    {
        int home = HomeOf?.Invoke(actor, role, Workers) ?? actor.Value % Workers;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)home, (uint)Workers, nameof(HomeOf));
        return home;
    }
}
