namespace ActorVmm.Explorer;

/// <summary>
/// Names a message within all executions that share their beginning: who sent it, and as the how-manieth of its messages. The
/// sender counts as who it is, not where it is found, because ids depend on the order of births.
/// </summary>
/// <param name="Sender">The sender's <see cref="ActorIdentity"/>.</param>
/// <param name="Count">The sender's count.</param>
public readonly record struct MessageName(ulong Sender, int Count);
