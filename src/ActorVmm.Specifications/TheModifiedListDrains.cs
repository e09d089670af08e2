namespace ActorVmm.Specifications;

/// <summary>
/// Liveness (fact book §19): modified pages are written out. When nothing is in flight, the modified list is shorter than the
/// threshold of the modified-page writer, unless there is nowhere to write to: no paging file, all of them full, or the last write
/// failed. In flight: pages being written are in Transition and no longer on the list.
/// </summary>
public sealed class TheModifiedListDrains
    : Specification, IHear<FrameMoved>, IHear<PageWriteEnded>, IHear<PagingFilesFull>, IHear<SlotsFreed>, IHear<CommitLimitChanged>
{
    private readonly Situation _written;
    private readonly Situation _above;
    private readonly Situation _fullSeen;
    private bool _full;
    private bool _failed;

    public TheModifiedListDrains()
        : base(nameof(TheModifiedListDrains), "modified pages are written out in the end")
    {
        _written = Sometimes("a modified page was written out");
        _above = Sometimes("the modified list reached its threshold");
        _fullSeen = Sometimes("the paging files were full");
    }

    public void Hear(in FrameMoved fact) =>
        _above.SeenIf(fact.To == PageLocation.Modified && Threshold > 0 && Known.FramesAt(PageLocation.Modified) + 1 >= Threshold);

    public void Hear(in PageWriteEnded fact)
    {
        _failed = fact.Result == WriteBackResult.Failed;
        _written.SeenIf(!_failed);
    }

    public void Hear(in PagingFilesFull fact)
    {
        _full = true;
        _fullSeen.Seen();
    }

    public void Hear(in SlotsFreed fact) => _full = false;

    public void Hear(in CommitLimitChanged fact) => _full = false;

    public override void AtQuiescence()
    {
        long modified = Known.FramesAt(PageLocation.Modified);
        bool canWrite = Known.Slots.Files != 0 && !_full && !_failed;
        if (canWrite && Threshold > 0 && modified >= Threshold)
        {
            Violated($"nothing is in flight, and {modified} pages are modified; the writer starts at {Threshold} and has room to write");
        }
    }

    private int Threshold => Known.Plan.Policy.ModifiedMaximum;
}
