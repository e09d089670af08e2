namespace ActorVmm.Specifications.Judging;

internal delegate void Hearing<T>(in T fact)
    where T : unmanaged, IFact;

internal delegate void FrameJudge(Pfn pfn, in KnownFrame frame);

/// <summary>Everybody who hears facts of one kind: first those who judge it, then what is known.</summary>
internal abstract class Channel
{
    public abstract void Tell(in Fact fact);

    public abstract string Describe(in Fact fact);
}

internal sealed class Channel<T>(IEnumerable<IHear<T>> listeners) : Channel
    where T : unmanaged, IFact
{
    private readonly Hearing<T>[] _hearings = [.. listeners.Select(listener => (Hearing<T>)listener.Hear)];

    public override void Tell(in Fact fact)
    {
        T word = fact.Read<T>();
        foreach (Hearing<T> hearing in _hearings)
        {
            hearing(in word);
        }
    }

    public override string Describe(in Fact fact) => fact.Read<T>().ToString() ?? typeof(T).Name;
}

/// <summary>The channels of a suite, by the number of the fact.</summary>
internal sealed class Channels
{
    private const int KindsMax = 2048;

    private readonly Channel?[] _byKind = new Channel?[KindsMax];
    private readonly object[] _listeners;

    /// <param name="listeners">In the order in which they hear a fact.</param>
    public Channels(IEnumerable<object> listeners)
    {
        _listeners = [.. listeners];
        Open<FrameMoved>();
        Open<PageRepurposed>();
        Open<PageWriteStarted>();
        Open<PageWriteEnded>();
        Open<FrameLocked>();
        Open<PacketWentDown>();
        Open<PacketCompleted>();
        Open<PacketWentUp>();
        Open<PacketLeft>();
        Open<DeviceRequestEnded>();
        Open<SlotAttached>();
        Open<SlotDetached>();
        Open<FrameWait>();
        Open<LowMemorySignalled>();
        Open<FramesCounted>();
        Open<ProcessStarted>();
        Open<ProcessExited>();
        Open<FaultOpened>();
        Open<FaultCounted>();
        Open<FaultAnswered>();
        Open<PageMapped>();
        Open<PageUnmapped>();
        Open<HintDropped>();
        Open<PagedOutDeleted>();
        Open<PageStored>();
        Open<PageLoaded>();
        Open<InPageOpened>();
        Open<InPageNarrowed>();
        Open<WaiterJoined>();
        Open<InPageClosed>();
        Open<ProcessCommitChanged>();
        Open<VadCommitChanged>();
        Open<WorkingSetCounted>();
        Open<MemoryWait>();
        Open<ChangedDuringRead>();
        Open<FramesKept>();
        Open<SlotsTaken>();
        Open<SlotsFreed>();
        Open<TransferStarted>();
        Open<TransferEnded>();
        Open<CommitCharged>();
        Open<CommitReturned>();
        Open<CommitRefused>();
        Open<CommitLimitChanged>();
        Open<PagingFilesFull>();
        Open<PagesZeroed>();
        Open<ViewPageMapped>();
        Open<ViewPageUnmapped>();
        Open<PageCopiedOnWrite>();
        Open<SegmentFormed>();
        Open<SegmentEnded>();
        Open<SegmentCommitChanged>();
        Open<SharesCounted>();
        Open<PageReadAlong>();
        Open<SegmentUsed>();
        Open<PageCleaned>();
        Open<PageLost>();
        Open<PoolAllocated>();
        Open<PoolFreed>();
        Open<PoolRefused>();
        Open<JobChanged>();
        Open<JobLimitReached>();
        Open<CallCompleted>();
        Open<StackGrown>();
    }

    public void Tell(in Fact fact)
    {
        if ((uint)fact.Kind < KindsMax)
        {
            _byKind[fact.Kind]?.Tell(in fact);
        }
    }

    public string Describe(in Fact fact) =>
        ((uint)fact.Kind < KindsMax ? _byKind[fact.Kind]?.Describe(in fact) : null) ?? FormattableString.Invariant($"fact {fact.Kind}");

    private void Open<T>()
        where T : unmanaged, IFact => _byKind[T.Kind] = new Channel<T>(_listeners.OfType<IHear<T>>());
}
