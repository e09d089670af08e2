namespace ActorVmm.Explorer.Catalogue;

/// <summary>One turn of an execution that a lesson shows.</summary>
/// <param name="Turn">Its number, from 1.</param>
/// <param name="Actor">Whose turn it was.</param>
/// <param name="Heard">What it heard, and from whom.</param>
/// <param name="Asked">What it asked for, of whom; a dash when nothing.</param>
/// <param name="Broke">Whether it broke the promise; what waits for ever breaks its promise at the end, in no turn.</param>
public sealed record LessonTurn(int Turn, string Actor, string Heard, string Asked, bool Broke);
