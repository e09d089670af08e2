namespace ActorVmm.Runtime.Parallel;

/// <summary>Virtual time as a multiple of real time since some moment. It is set while nobody reads it: while no turn is taken.</summary>
public sealed class VirtualClock
{
    private readonly TimeProvider? _clock;
    private readonly double _factor;
    private long _origin;

    public VirtualClock(TimeProvider? clock, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfEqual(double.IsFinite(scale), false, nameof(scale));
        _clock = scale == 0 ? null : clock;
        _factor = clock is null ? 0 : scale * 1e9 / clock.TimestampFrequency;
    }

    /// <summary>What was set.</summary>
    public long Start { get; private set; }

    public void Set(long now)
    {
        Start = now;
        _origin = _clock?.GetTimestamp() ?? 0;
    }

    public long Read()
    {
        if (_clock is null)
        {
            return Start;
        }

        // A clock that goes back stands still.
        double passed = Math.Max(0, (_clock.GetTimestamp() - _origin) * _factor);
        return passed >= long.MaxValue / 2 - Start ? Math.Max(Start, long.MaxValue / 2) : Start + (long)passed;
    }
}
