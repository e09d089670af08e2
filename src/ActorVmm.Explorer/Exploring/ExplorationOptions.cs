namespace ActorVmm.Explorer.Exploring;

/// <summary>What to explore, how, and for how long.</summary>
public sealed record ExplorationOptions
{
    public StrategyKind Strategy { get; init; } = StrategyKind.Portfolio;

    /// <summary>What all executions have in common.</summary>
    public ExecutionSetting Setting { get; init; } = new();

    /// <summary>Depth of bugs that pct and its kin look for, from 1; for delay bounding, delays in one execution + 1.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Seed of what is chosen at random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Executions at most; null for as many as there are.</summary>
    public long? Schedules { get; init; }

    /// <summary>Time at most.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Turns at most, of all executions together.</summary>
    public long? Turns { get; init; }

    /// <summary>Whether to stop at the first broken promise.</summary>
    public bool StopOnFirst { get; init; }

    /// <summary>Threads that run executions, from 1. What is found does not depend on it; which schedule shows it may, for dpor.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Whether sampling strategies count how many of their executions differ.</summary>
    public bool CountsTraces { get; init; } = true;

    /// <summary>Whether sampling strategies keep away from states from which all has been seen.</summary>
    public bool SkipsKnownStates { get; init; }

    /// <summary>Whether dpor sums up all its traces, so that two searches can be compared (<see cref="ExplorationResult.Sum"/>).</summary>
    public bool SumsTraces { get; init; }

    /// <summary>Whether it is noted what executions come through (<see cref="ExplorationResult.Coverage"/>), which takes about as long as a short execution.</summary>
    public bool Covers { get; init; }

    /// <summary>Whether every execution is run twice, and has to be the same again.</summary>
    public bool RunsTwice { get; init; }

    /// <summary>The schedule that <see cref="StrategyKind.Replay"/> runs.</summary>
    public Schedule Schedule { get; init; } = Schedule.Empty;

    /// <summary>Where an exhaustive search goes on; null when it begins.</summary>
    public Checkpoint? From { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
