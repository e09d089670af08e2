namespace ActorVmm.Explorer.Exploring;

/// <summary>What an exploration came to.</summary>
public sealed record ExplorationResult
{
    /// <summary>Executions, those that were cut off included.</summary>
    public long Schedules { get; init; }

    /// <summary>Executions in which a promise broke.</summary>
    public long ViolatingSchedules { get; init; }

    /// <summary>Complete executions that differ in more than the order of turns that commute.</summary>
    public long Traces { get; init; }

    /// <summary>Those of them in which a promise broke.</summary>
    public long ViolatingTraces { get; init; }

    /// <summary>Executions that were cut off because all that could follow was known.</summary>
    public long Blocked { get; init; }

    /// <summary>Executions that were ended because they were too long.</summary>
    public long TooLong { get; init; }

    /// <summary>Every execution was run.</summary>
    public bool Exhausted { get; init; }

    /// <summary>Turns of all executions.</summary>
    public long Turns { get; init; }

    /// <summary>Traces that there may be in all, as far as is known; <see cref="Traces"/> when all have been run.</summary>
    public double EstimatedTraces { get; init; }

    /// <summary>Distinct states seen, where they are told apart; otherwise 0.</summary>
    public long States { get; init; }

    /// <summary>
    /// All distinct states where they are told apart, otherwise all traces, as one fingerprint: two searches that ran the same
    /// have the same. Null when it was not asked for.
    /// </summary>
    public Fingerprint? Sum { get; init; }

    /// <summary>What the executions came through, those before a checkpoint not counted; null when nobody asked.</summary>
    public Coverage? Coverage { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>The first finding of each promise, in the order in which they were found.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Where an exhaustive search that was interrupted goes on; null when there is nothing left or nothing to go on with.</summary>
    public Checkpoint? Checkpoint { get; init; }

    public double SchedulesPerSecond => Elapsed > TimeSpan.Zero ? Schedules / Elapsed.TotalSeconds : 0;

    public double TurnsPerSecond => Elapsed > TimeSpan.Zero ? Turns / Elapsed.TotalSeconds : 0;
}
