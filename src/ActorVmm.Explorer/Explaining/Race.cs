namespace ActorVmm.Explorer.Explaining;

/// <summary>Two turns of an execution that could have come in the other order, and what that order gives.</summary>
/// <param name="Earlier">The turn that came first, from 1.</param>
/// <param name="Later">The turn that came second.</param>
/// <param name="First">What the first heard, in words.</param>
/// <param name="Second">What the second heard.</param>
/// <param name="Actor">At whom they met; where arrival is decided at the send, who was sent to.</param>
/// <param name="KeepsPromise">The other order was run, and the promise held.</param>
/// <param name="Turns">How many turns the other order took.</param>
public sealed record Race(int Earlier, int Later, string First, string Second, string Actor, bool KeepsPromise, int Turns);
