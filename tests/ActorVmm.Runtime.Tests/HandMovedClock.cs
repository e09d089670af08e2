namespace ActorVmm.Runtime.Tests;

/// <summary>Real time passes when a test says so.</summary>
internal sealed class HandMovedClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override long GetTimestamp() => Volatile.Read(ref _ticks);
}
