using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.Inspection;

namespace ActorVmm.Kernel.PagingFiles;

/// <summary>
/// A paging file and the device it lies on (fact book §21): which slots are in use, what is in them, and the transfers that wait
/// or are under way. The life of a slot:
/// <code>
/// 1. ReserveSlots   the modified-page writer takes a run of free slots
/// 2. WritePages     the contents copied into the row arrive in the slots when the transfer ends, and only if it succeeds
/// 3. ReadPages      the contents arrive in the frames of the row when the transfer ends, and only if it succeeds
/// 4. FreeSlots      nobody refers to the slot any more; a transfer that still uses it ends first (R19)
/// </code>
/// </summary>
public sealed partial class PagingFile : IActor
{
    private const byte FreedDuringTransfer = 0x80;
    private const byte TransferMask = 0x7F;

    private readonly uint _file;
    private readonly PagingFilePlan _plan;
    private readonly Contents _contents;
    private readonly ActorId _device;
    private readonly Ticks _operation;
    private readonly Distribution _thousand = Distribution.Uniform(0, 999);

    private readonly SlotBitmap _slots;
    private readonly TransferTable<Transfer> _transfers = new();
    private readonly Disturbances _disturbances = new();

    // By slot, as far as slots have been used: what is in it, and how many transfers use it.
    private readonly PageCells _pages = new(64);
    private byte[] _uses = new byte[64];
    private int _reached;

    private int _underWay;
    private ActorId _refused;
    private uint _peakUsage;
    private ulong _reads;
    private ulong _pagesRead;
    private ulong _writes;
    private ulong _pagesWritten;

    /// <param name="file">0 to 15, as in <see cref="PagingFileSlot.File"/>.</param>
    /// <param name="plan">Of the machine; the file's own plan is the one of its number.</param>
    /// <param name="contents">The machine's memory, where the rows of its transfers are.</param>
    /// <param name="device">The driver at the top of the device stack that it lies on; outside for a device without drivers.</param>
    public PagingFile(int file, MachinePlan plan, Contents contents, ActorId device = default)
    {
        _device = device;
        _file = (uint)file;
        _plan = plan.PagingFiles[file];
        _contents = contents;
        _operation = new Ticks(plan.Costs.FrameOperation);
        _slots = new SlotBitmap(_plan.Pages);
    }

    /// <summary>Size, in pages, the header included.</summary>
    public uint Pages => _slots.Pages;

    /// <summary>Slots in use.</summary>
    public uint CurrentUsage => _slots.Used;

    /// <summary>The most slots that were ever in use.</summary>
    public uint PeakUsage => _peakUsage;

    /// <summary>Reads that ended, failed ones included (PerfMon's Page Reads).</summary>
    public ulong PageReads => _reads;

    /// <summary>Pages that came in (PerfMon's Pages Input).</summary>
    public ulong PagesInput => _pagesRead;

    /// <summary>Writes that ended, failed ones included (PerfMon's Page Writes).</summary>
    public ulong PageWrites => _writes;

    /// <summary>Pages that went out (PerfMon's Pages Output).</summary>
    public ulong PagesOutput => _pagesWritten;

    /// <summary>The file and its device as a debugger looks at them, between two turns.</summary>
    public PagingFileView Inspect() => new((int)_file, Pages, _plan.Pages, Math.Max(_plan.MaximumPages, _plan.Pages))
    {
        Used = CurrentUsage,
        PeakUsed = PeakUsage,
        QueueDepth = Math.Max(_plan.QueueDepth, 1),
        UnderWay = _underWay,
        Waiting = _transfers.Waiting,
        Slowness = _disturbances.Slowness,
        ReadFailures = _disturbances.FailuresOf(write: false),
        WriteFailures = _disturbances.FailuresOf(write: true),
        Offline = _disturbances.IsOffline,
        CannotExtend = _disturbances.CannotExtend,
        Transfers = [.. _transfers.Inspect().Select(row => new TransferView(
            new PagingFileSlot(_file, row.Transfer.First), row.Transfer.Count, row.Transfer.IsWrite, row.UnderWay, row.Transfer.Asker, row.Transfer.Mdl)
        {
            Frames = [.. Enumerable.Range(0, row.Transfer.Count).Select(index => _contents.Mdls.Frame(row.Transfer.Mdl, index))],
        })],
    };

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Protocol.ReserveSlots.Kind: ReserveSlots(delivery.Sender, delivery.Read<ReserveSlots>(), outbox); break;
            case Protocol.FreeSlots.Kind: FreeSlots(delivery.Read<FreeSlots>(), outbox); break;
            case Protocol.ReadPages.Kind: ReadPages(delivery.Sender, delivery.Read<ReadPages>(), outbox); break;
            case Protocol.WritePages.Kind: WritePages(delivery.Sender, delivery.Read<WritePages>(), outbox); break;
            case Protocol.TransferDone.Kind: TransferDone(delivery.Read<TransferDone>().Transfer, outbox); break;
            case Protocol.RequestCompleted.Kind: TransferDone((int)delivery.Read<RequestCompleted>().Request, outbox); break;
            case Protocol.Disturb.Kind: Disturb(delivery.Read<Disturb>(), outbox); break;
            case Protocol.DisturbanceEnds.Kind: DisturbanceEnds(delivery.Read<DisturbanceEnds>(), outbox); break;
            case Protocol.GrowPagingFile.Kind: GrowPagingFile(delivery.Sender, delivery.Read<GrowPagingFile>(), outbox); break;
            case Protocol.ExtensionDone.Kind: ExtensionDone(delivery.Read<ExtensionDone>(), outbox); break;
            default: throw Impossible.Message(delivery, "a paging file");
        }
    }

    public void Encode(StateCodec codec)
    {
        _slots.Encode(codec);
        _transfers.Encode(codec);
        _disturbances.Encode(codec);
        int reached = _reached;
        _pages.Encode(codec, ref reached);
        codec.Values("uses", ref _uses, ref _reached);
        if (codec.Restoring)
        {
            Array.Clear(_uses, _reached, _uses.Length - _reached);
        }

        codec.Field("under way", ref _underWay);
        codec.Field("refused", ref _refused);
        codec.Field("peak usage", ref _peakUsage);
        codec.Field("reads", ref _reads);
        codec.Field("pages read", ref _pagesRead);
        codec.Field("writes", ref _writes);
        codec.Field("pages written", ref _pagesWritten);
    }

    private void ReserveSlots(ActorId asker, ReserveSlots wanted, Outbox outbox)
    {
        Invariant.Holds(wanted.Count > 0, "slots are reserved one by one or in runs, never none");
        (uint first, uint count) = _disturbances.IsOffline ? default : _slots.Take((uint)wanted.Count);
        var slot = count == 0 ? PagingFileSlot.None : new PagingFileSlot(_file, first);
        outbox.Spend(_operation);
        outbox.Send(asker, new SlotsReserved(slot, (int)count, (int)_file));
        if (count == 0)
        {
            _refused = asker;
            return;
        }

        Reach(first + count);
        _peakUsage = Math.Max(_peakUsage, _slots.Used);
        outbox.State(new SlotsTaken(slot, count));
    }

    private void FreeSlots(FreeSlots freed, Outbox outbox)
    {
        Invariant.Holds(freed.First.File == _file && !freed.First.IsNone, "slots are given back to the paging file they belong to");
        outbox.Spend(_operation);
        uint end = freed.First.Page + freed.Count;
        for (uint page = freed.First.Page; page < end; page++)
        {
            Invariant.Holds(_slots.IsUsed(page), "a paging-file slot is freed only while it is in use");
            Invariant.Holds((_uses[page] & FreedDuringTransfer) == 0, "a paging-file slot is freed once");
            if (_uses[page] == 0)
            {
                Release(page);
            }
            else
            {
                // R19: given out again now, the slot would be written by two, or read by one whose page is another's.
                _uses[page] |= FreedDuringTransfer;
            }
        }

        StateFreed(freed.First.Page, end, outbox);
        TellWhoWasRefused(outbox);
    }

    private void ReadPages(ActorId asker, ReadPages read, Outbox outbox) =>
        Enqueue(new Transfer { Asker = asker, First = read.First.Page, Mdl = read.Mdl, Block = read.Block }, read.First.File, outbox);

    private void WritePages(ActorId asker, WritePages write, Outbox outbox) =>
        Enqueue(new Transfer { Asker = asker, First = write.First.Page, Mdl = write.Mdl, IsWrite = true }, write.First.File, outbox);

    private void Enqueue(Transfer transfer, uint file, Outbox outbox)
    {
        Invariant.Holds(file == _file, "a transfer goes to the paging file that its slots belong to");
        transfer.Count = _contents.Mdls.Length(transfer.Mdl);
        Invariant.Holds(transfer.Count > 0, "a transfer is of at least one page");
        for (uint page = transfer.First; page < transfer.First + (uint)transfer.Count; page++)
        {
            Invariant.Holds(_slots.IsUsed(page) && (_uses[page] & FreedDuringTransfer) == 0, "only slots in use are read and written");
            Invariant.Holds(_uses[page] < TransferMask, "a slot is used by few transfers at a time");
            _uses[page]++;
        }

        outbox.Spend(_operation);
        _transfers.Enqueue(in transfer);
        KeepBusy(outbox);
    }

    private void KeepBusy(Outbox outbox)
    {
        while (_underWay < Math.Max(_plan.QueueDepth, 1) && _transfers.Waiting > 0)
        {
            Start(_transfers.Dequeue(), outbox);
        }
    }

    private void Start(int row, Outbox outbox)
    {
        ref Transfer transfer = ref _transfers[row];
        long latency = Math.Max(outbox.Draw(_plan.Latency), 0);
        int failures = _disturbances.FailuresOf(transfer.IsWrite);
        transfer.Status = failures > 0 && outbox.Draw(_thousand) < failures ? NtStatus.DeviceDataError : NtStatus.Success;
        _underWay++;
        Send(row, in transfer, new Ticks(latency) * _disturbances.Slowness + new Ticks(_plan.TicksPerPage) * transfer.Count, outbox);
        outbox.State(new TransferStarted(new PagingFileSlot(_file, transfer.First), transfer.Count, transfer.IsWrite ? 1 : 0, _transfers.Waiting));
    }

    /// <summary>To the device. Through a stack of drivers the transfer goes as a packet, with the row as its list of pages; there is one kept for it (R12).</summary>
    private void Send(int row, in Transfer transfer, Ticks service, Outbox outbox)
    {
        if (_device.IsOutside)
        {
            outbox.StartTimer(service, new TransferDone(row));
            return;
        }

        outbox.Send(_device, new RequestIo(
            (ulong)transfer.First << PageSize.Shift, service, (uint)transfer.Count << PageSize.Shift, transfer.Mdl, (uint)row,
            transfer.IsWrite ? MajorFunction.Write : MajorFunction.Read, BufferMethod.Direct, IsPaging: true));
    }

    private void TransferDone(int row, Outbox outbox)
    {
        Transfer transfer = _transfers.Remove(row);
        Invariant.Holds(transfer.Count > 0 && _underWay > 0, "a transfer ends once");
        _underWay--;
        transfer.Status = _disturbances.IsOffline ? NtStatus.DeviceNotConnected : transfer.Status;
        Move(in transfer);
        Count(in transfer);
        outbox.State(new TransferEnded(new PagingFileSlot(_file, transfer.First), transfer.Count, transfer.IsWrite ? 1 : 0, transfer.Status));
        Answer(in transfer, outbox);
        LetGo(transfer.First, transfer.First + (uint)transfer.Count, outbox);
        KeepBusy(outbox);
    }

    /// <summary>
    /// The device's own access to memory. For a write the copy in the row counts, not the frame: a store may have changed that since
    /// it was handed over, and the page is then modified again (R4).
    /// </summary>
    private void Move(in Transfer transfer)
    {
        if (transfer.Status != NtStatus.Success)
        {
            return;
        }

        for (int i = 0; i < transfer.Count; i++)
        {
            int slot = (int)transfer.First + i;
            if (transfer.IsWrite)
            {
                _pages.Copy(slot, _contents.Mdls.Copies, _contents.Mdls.CellOf(transfer.Mdl, i));
            }
            else
            {
                _contents.Bytes.Copy((int)_contents.Mdls.Frame(transfer.Mdl, i).Value, _pages, slot);
            }
        }
    }

    private void Count(in Transfer transfer)
    {
        ulong moved = transfer.Status == NtStatus.Success ? (ulong)transfer.Count : 0;
        if (transfer.IsWrite)
        {
            _writes++;
            _pagesWritten += moved;
        }
        else
        {
            _reads++;
            _pagesRead += moved;
        }
    }

    private static void Answer(in Transfer transfer, Outbox outbox)
    {
        if (transfer.IsWrite)
        {
            outbox.Send(transfer.Asker, new PagesWritten(transfer.Mdl, transfer.Status));
        }
        else
        {
            outbox.Send(transfer.Asker, new PageRead(transfer.Block, transfer.Status));
        }
    }

    /// <summary>The transfer uses these slots no more; those that were given back meanwhile become free (R19).</summary>
    private void LetGo(uint first, uint end, Outbox outbox)
    {
        bool released = false;
        for (uint page = first; page < end; page++)
        {
            _uses[page]--;
            if (_uses[page] == FreedDuringTransfer)
            {
                Release(page);
                released = true;
            }
        }

        if (released)
        {
            StateFreed(first, end, outbox);
            TellWhoWasRefused(outbox);
        }
    }

    private void Release(uint page)
    {
        _slots.Release(page);
        _uses[page] = 0;
        _pages[(int)page] = ContentStamp.Zeros;
    }

    /// <summary>States which slots between two pages have become free, run by run.</summary>
    private void StateFreed(uint first, uint end, Outbox outbox)
    {
        while (outbox.Listening && first < end)
        {
            uint next = first;
            while (next < end && !_slots.IsUsed(next))
            {
                next++;
            }

            if (next > first)
            {
                outbox.State(new SlotsFreed(new PagingFileSlot(_file, first), next - first));
            }

            first = next + 1;
        }
    }

    private void TellWhoWasRefused(Outbox outbox)
    {
        if (!_refused.IsOutside && _slots.Free > 0 && !_disturbances.IsOffline)
        {
            outbox.Send(_refused, new SlotsAvailable((int)_file));
            _refused = ActorId.Outside;
        }
    }

    private void Reach(uint end)
    {
        if (end > (uint)_uses.Length)
        {
            int length = (int)Math.Max(end, (uint)_uses.Length * 2);
            _pages.Grow(length);
            Array.Resize(ref _uses, length);
        }

        _reached = Math.Max(_reached, (int)end);
    }
}
