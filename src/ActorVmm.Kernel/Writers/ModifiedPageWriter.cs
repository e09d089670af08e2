namespace ActorVmm.Kernel.Writers;

/// <summary>
/// Writes modified pages to the paging files, so that their frames can become available (fact book §19). One cluster is gathered at
/// a time; up to <see cref="MemoryPolicy.WritesInFlight"/> are being written meanwhile.
/// <code>
/// 1. ModifiedPagesAvailable   the PFN database has pages that should be written
/// 2. ReserveSlots             asks a paging file for a run of slots, the files by turns
/// 3. SlotsReserved            a shorter run is taken as it is; a full file is passed over until SlotsAvailable
/// 4. TakeModified             offers the slots to the PFN database, which decides whether there is still something to write
/// 5. ModifiedTaken            slots it did not use go back; none used: rest until told again
/// 6. WritePages               and on with 2 while the first write is under way
/// 7. PagesWritten             the device has written, or failed
/// 8. WriteCompleted           the PFN database decides what has become of each page meanwhile (R3, R4, R6)
/// </code>
/// Nothing here allocates or waits for memory: when memory is short, this is what makes some (R12).
/// </summary>
public sealed class ModifiedPageWriter : IActor
{
    private readonly ActorId _frames;
    private readonly ActorId[] _files;
    private readonly int _cluster;
    private readonly int _writesMax;
    private readonly Ticks _operation;

    private Step _step;
    private bool _wanted;
    private bool _toldAgain;
    private int _inFlight;
    private int _nextFile;
    private uint _fullFiles;

    public ModifiedPageWriter(MachinePlan plan, Cast cast)
    {
        _frames = cast.PfnDatabase;
        _files = [.. cast.PagingFiles];
        _cluster = Math.Clamp(plan.Policy.WriteCluster, 1, Frames.MdlTable.RowLength);
        _writesMax = Math.Max(plan.Policy.WritesInFlight, 1);
        _operation = new Ticks(plan.Costs.FrameOperation);
    }

    /// <summary>What the gathering of a cluster waits for.</summary>
    private enum Step : byte
    {
        Resting,
        Reserving,
        Taking,
    }

    /// <summary>Writes that were issued and have not come back.</summary>
    public int InFlight => _inFlight;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Protocol.ModifiedPagesAvailable.Kind: ModifiedPagesAvailable(outbox); break;
            case Protocol.SlotsReserved.Kind: SlotsReserved(delivery.Read<SlotsReserved>(), outbox); break;
            case Protocol.ModifiedTaken.Kind: ModifiedTaken(delivery.Read<ModifiedTaken>(), outbox); break;
            case Protocol.PagesWritten.Kind: PagesWritten(delivery.Read<PagesWritten>(), outbox); break;
            case Protocol.SlotsAvailable.Kind: SlotsAvailable(delivery.Read<SlotsAvailable>(), outbox); break;
            default: throw Impossible.Message(delivery, "the modified-page writer");
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("step", ref _step);
        codec.Field("wanted", ref _wanted);
        codec.Field("told again", ref _toldAgain);
        codec.Field("in flight", ref _inFlight);
        codec.Field("next file", ref _nextFile);
        codec.Field("full files", ref _fullFiles);
    }

    private void ModifiedPagesAvailable(Outbox outbox)
    {
        // An answer of "none" that is under way may be older than this word.
        _toldAgain = _step == Step.Taking;
        _wanted = true;
        Gather(outbox);
    }

    private void Gather(Outbox outbox)
    {
        if (!_wanted || _step != Step.Resting || _inFlight >= _writesMax)
        {
            return;
        }

        int file = NextFile();
        if (file < 0)
        {
            outbox.State(new PagingFilesFull(_files.Length));
            return;
        }

        _step = Step.Reserving;
        _nextFile = (file + 1) % _files.Length;
        outbox.Spend(_operation);
        outbox.Send(_files[file], new ReserveSlots(_cluster));
    }

    private void SlotsReserved(SlotsReserved reserved, Outbox outbox)
    {
        Invariant.Holds(_step == Step.Reserving, "slots are reserved for the modified-page writer only when it asked");
        if (reserved.Count == 0)
        {
            _fullFiles |= 1U << reserved.File;
            _step = Step.Resting;
            Gather(outbox);
            return;
        }

        _step = Step.Taking;
        _toldAgain = false;
        outbox.Spend(_operation);
        outbox.Send(_frames, new TakeModified(reserved.First, reserved.Count));
    }

    private void ModifiedTaken(ModifiedTaken taken, Outbox outbox)
    {
        Invariant.Holds(_step == Step.Taking, "modified pages are handed over only when the modified-page writer asked for them");
        _step = Step.Resting;
        _wanted = taken.Count > 0 || _toldAgain;
        GiveBackUnused(taken, outbox);
        if (taken.Count > 0)
        {
            Write(taken, outbox);
        }

        Gather(outbox);
    }

    private void GiveBackUnused(ModifiedTaken taken, Outbox outbox)
    {
        if (taken.Count < taken.Offered)
        {
            outbox.Send(FileOf(taken.First), new FreeSlots(taken.First.Plus((uint)taken.Count), (uint)(taken.Offered - taken.Count)));
        }
    }

    private void Write(ModifiedTaken taken, Outbox outbox)
    {
        _inFlight++;
        outbox.Spend(_operation);
        outbox.State(new WriteIssued(taken.First, taken.Count, _inFlight));
        outbox.Send(FileOf(taken.First), new WritePages(taken.First, taken.Mdl));
    }

    private void PagesWritten(PagesWritten written, Outbox outbox)
    {
        Invariant.Holds(_inFlight > 0, "a write comes back once");
        _inFlight--;
        outbox.Spend(_operation);
        outbox.Send(_frames, new WriteCompleted(written.Mdl, written.Status));
        Gather(outbox);
    }

    private void SlotsAvailable(SlotsAvailable available, Outbox outbox)
    {
        _fullFiles &= ~(1U << available.File);
        Gather(outbox);
    }

    /// <summary>The next file by turns that is not known to be full; −1 when there is none.</summary>
    private int NextFile()
    {
        for (int i = 0; i < _files.Length; i++)
        {
            int file = (_nextFile + i) % _files.Length;
            if ((_fullFiles & (1U << file)) == 0)
            {
                return file;
            }
        }

        return -1;
    }

    private ActorId FileOf(PagingFileSlot slot) => _files[slot.File];
}
