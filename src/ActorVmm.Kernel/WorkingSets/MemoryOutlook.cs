using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel.WorkingSets;

/// <summary>How things stand with memory, as the PFN database said last; in the beginning there is plenty.</summary>
internal sealed class MemoryOutlook(MemoryThresholds thresholds, bool canWrite) : IEncodable
{
    private int _available = thresholds.Plenty;
    private int _modified;
    private int _waiters;
    private int _lookedAvailable;
    private int _lookedModified;
    private bool _writingIsStuck;

    /// <summary>Zeroed, free and standby pages.</summary>
    public int Available => _available;

    /// <summary>Requests for frames that wait.</summary>
    public int Waiters => _waiters;

    public bool IsShort => _waiters > 0 || Supply < thresholds.Low;

    /// <summary>Whether a round of trimming is worth its cost now.</summary>
    public bool IsUncomfortable => Supply < (_waiters > 0 ? thresholds.Comfort : thresholds.Low);

    /// <summary>
    /// Pages to be taken from working sets until there is plenty; not above 0 when there is. What some call plenty is less than one
    /// request can need, and would let it wait for ever.
    /// </summary>
    public int Missing => (_waiters > 0 ? Math.Max(thresholds.Plenty, thresholds.Comfort) : thresholds.Plenty) - Supply;

    /// <summary>Available pages, and modified ones, which are on their way to become so unless they cannot be written.</summary>
    private int Supply => _available + (canWrite && !_writingIsStuck ? _modified : 0);

    public void Learn(int available, int modified, int waiters)
    {
        _available = available;
        _modified = modified;
        _waiters = waiters;
        _writingIsStuck &= waiters > 0;
    }

    /// <summary>
    /// After a look that a tick has caused. Requests wait, and not one page has been written since the look before: the paging files
    /// are full, and modified pages are no supply.
    /// </summary>
    public void Compare()
    {
        _writingIsStuck = _waiters > 0 && _available == _lookedAvailable && _modified == _lookedModified;
        _lookedAvailable = _available;
        _lookedModified = _modified;
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("available", ref _available);
        codec.Field("modified", ref _modified);
        codec.Field("waiters", ref _waiters);
        codec.Field("looked available", ref _lookedAvailable);
        codec.Field("looked modified", ref _lookedModified);
        codec.Field("writing is stuck", ref _writingIsStuck);
    }
}
