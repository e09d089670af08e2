namespace ActorVmm.Explorer.Exploring;

/// <summary>An execution in which a promise broke.</summary>
/// <param name="Violation">Which, and in which turn.</param>
/// <param name="Schedule">Shows it again.</param>
/// <param name="FirstAt">The number of the execution in its exploration, from 1.</param>
/// <param name="Turns">How many turns it took.</param>
public sealed record Finding(Violation Violation, Schedule Schedule, long FirstAt, int Turns);
