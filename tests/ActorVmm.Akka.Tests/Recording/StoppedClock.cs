namespace ActorVmm.Akka.Tests.Recording;

/// <summary>It is always the same moment.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 3, 4, 5, 6, 7, 891, TimeSpan.Zero);
}
