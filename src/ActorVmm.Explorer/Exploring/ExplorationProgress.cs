namespace ActorVmm.Explorer.Exploring;

/// <summary>How far an exploration has come.</summary>
/// <param name="Schedules">Executions so far.</param>
/// <param name="Turns">Their turns.</param>
/// <param name="Violating">Executions in which a promise broke.</param>
/// <param name="EstimatedTraces">Traces that there may be in all; 0 when nobody knows.</param>
/// <param name="Elapsed">Time so far.</param>
public readonly record struct ExplorationProgress(long Schedules, long Turns, long Violating, double EstimatedTraces, TimeSpan Elapsed);
