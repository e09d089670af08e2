namespace ActorVmm.Kernel.Writers;

/// <summary>
/// Writes modified pages of files to them (fact book §19). It is an actor of its own, apart from the modified-page writer, because writing to a
/// file may need memory, which the other one makes: one that did both would wait for itself (R12).
/// <code>
/// 1. MappedPagesAvailable   there are such pages; unless memory is short, they may become more for five minutes
/// 2. TakeMapped             asks the PFN database for the oldest, and those next to it
/// 3. MappedTaken            they are copied in that turn; none: rest until told again
/// 4. WriteSectionPages      their section knows where in the file they belong, and does not end before they are there (R8, R21)
/// 5. PagesWritten           the file has them, or its disk has failed
/// 6. WriteCompleted         the PFN database decides what has become of each page meanwhile
/// </code>
/// </summary>
public sealed class MappedPageWriter : IActor
{
    /// <summary>A page that was stored to is written within five minutes (fact book §1).</summary>
    private const long AgeTicks = 300_000_000_000;

    private const int WritesMax = 2;

    private readonly ActorId _frames;
    private readonly Ticks _operation;
    private bool _wanted;
    private bool _taking;
    private bool _toldAgain;
    private bool _waits;
    private int _inFlight;

    public MappedPageWriter(MachinePlan plan, Cast cast)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(cast);
        _frames = cast.PfnDatabase;
        _operation = new Ticks(plan.Costs.FrameOperation);
    }

    /// <summary>Writes that were issued and have not come back.</summary>
    public int InFlight => _inFlight;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Protocol.MappedPagesAvailable.Kind: MappedPagesAvailable(delivery.Read<MappedPagesAvailable>(), outbox); break;
            case Protocol.MappedWriteDue.Kind: MappedWriteDue(); break;
            case Protocol.MappedTaken.Kind: MappedTaken(delivery.Read<MappedTaken>(), outbox); break;
            case Protocol.PagesWritten.Kind: PagesWritten(delivery.Read<PagesWritten>(), outbox); break;
            default: throw Impossible.Message(delivery, "the mapped-page writer");
        }

        Gather(outbox);
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("wanted", ref _wanted);
        codec.Field("taking", ref _taking);
        codec.Field("told again", ref _toldAgain);
        codec.Field("waits", ref _waits);
        codec.Field("in flight", ref _inFlight);
    }

    private void MappedPagesAvailable(MappedPagesAvailable available, Outbox outbox)
    {
        _toldAgain |= _taking;
        if (available.Urgent != 0)
        {
            _wanted = true;
        }
        else
        {
            WaitForMore(outbox);
        }
    }

    private void WaitForMore(Outbox outbox)
    {
        if (!_waits)
        {
            _waits = true;
            outbox.StartTimer(new Ticks(AgeTicks), default(MappedWriteDue));
        }
    }

    private void MappedWriteDue()
    {
        _waits = false;
        _wanted = true;
    }

    private void Gather(Outbox outbox)
    {
        if (_wanted && !_taking && _inFlight < WritesMax)
        {
            _taking = true;
            _toldAgain = false;
            outbox.Spend(_operation);
            outbox.Send(_frames, new TakeMapped(0, ulong.MaxValue, ActorId.Outside, Pfn.None, Frames.MdlTable.RowLength, 0));
        }
    }

    private void MappedTaken(MappedTaken taken, Outbox outbox)
    {
        _taking = false;
        outbox.Spend(_operation);
        if (taken.Count == 0)
        {
            _wanted = _toldAgain;
            return;
        }

        _inFlight++;
        outbox.Send(taken.Section, new WriteSectionPages(taken.First, taken.Mdl, 0));
    }

    private void PagesWritten(PagesWritten written, Outbox outbox)
    {
        Invariant.Holds(_inFlight > 0, "a write comes back once");
        _inFlight--;
        outbox.Spend(_operation);
        outbox.Send(_frames, new WriteCompleted(written.Mdl, written.Status));
        if (written.Status != NtStatus.Success)
        {
            // The disk may be better later.
            _wanted = false;
            WaitForMore(outbox);
        }
    }
}
