namespace ActorVmm.Kernel.Files;

/// <summary>The device of a file: a queue, so many transfers at once, a latency drawn for each (as a paging file's).</summary>
public sealed partial class DataFile
{
    private static readonly Distribution _thousand = Distribution.Uniform(0, 999);

    private void ReadFilePages(ActorId asker, ReadFilePages read, Outbox outbox) => StartTransfer(
        new FileTransfer { Asker = asker, Number = (uint)read.Block, Offset = read.Offset, Bytes = read.Bytes, Mdl = read.Mdl, Pages = _contents.Mdls.Length(read.Mdl) },
        outbox);

    private void WriteFilePages(ActorId asker, WriteFilePages write, Outbox outbox) => StartTransfer(
        new FileTransfer { Asker = asker, Number = write.Request, Offset = write.Offset, Mdl = write.Mdl, Pages = _contents.Mdls.Length(write.Mdl), IsWrite = true },
        outbox);

    private void StartTransfer(in FileTransfer transfer, Outbox outbox)
    {
        Invariant.Holds(transfer.Pages > 0, "a transfer is of at least one page");
        outbox.Spend(new Ticks(_machine.Costs.FrameOperation));
        _transfers.Enqueue(in transfer);
        KeepBusy(outbox);
    }

    private void KeepBusy(Outbox outbox)
    {
        while (_underWay < Math.Max(_plan.QueueDepth, 1) && _transfers.Waiting > 0)
        {
            int row = _transfers.Dequeue();
            ref FileTransfer transfer = ref _transfers[row];
            long latency = Math.Max(outbox.Draw(_plan.Latency), 0);
            int failures = _disturbances.FailuresOf(transfer.IsWrite);
            transfer.Status = failures > 0 && outbox.Draw(_thousand) < failures ? NtStatus.DeviceDataError : NtStatus.Success;
            _underWay++;
            outbox.StartTimer((new Ticks(latency) * _disturbances.Slowness) + (new Ticks(_plan.TicksPerPage) * transfer.Pages), new FileTransferDone(row));
        }
    }

    private void FileTransferDone(int row, Outbox outbox)
    {
        FileTransfer transfer = _transfers.Remove(row);
        _underWay--;
        outbox.State(new FileTransferEnded(transfer.Offset, transfer.Pages, transfer.IsWrite ? 1 : 0, transfer.Status, _transfers.Waiting));
        KeepBusy(outbox);
        if (transfer.Asker.IsOutside)
        {
            _request.Refused = transfer.Status;
            GoOn(outbox);
            BeginNext(outbox);
            return;
        }

        if (transfer.Status == NtStatus.Success)
        {
            MovePages(transfer);
        }

        if (transfer.IsWrite)
        {
            outbox.Send(transfer.Asker, new FilePagesWritten(transfer.Number, transfer.Status));
        }
        else
        {
            outbox.Send(transfer.Asker, new FilePagesRead((int)transfer.Number, transfer.Status));
        }
    }

    private void MovePages(in FileTransfer transfer)
    {
        for (int page = 0; page < transfer.Pages; page++)
        {
            ulong before = (ulong)page << PageSize.Shift;
            if (transfer.IsWrite)
            {
                _bytes.Store(transfer.Offset + before, _contents.Mdls.Copies, _contents.Mdls.CellOf(transfer.Mdl, page));
            }
            else
            {
                var frame = (int)_contents.Mdls.Frame(transfer.Mdl, page).Value;
                _bytes.Fill(_contents.Bytes, frame, transfer.Offset + before, transfer.Bytes > before ? transfer.Bytes - before : 0);
            }
        }
    }

    private void Disturb(Disturb order, Outbox outbox)
    {
        int number = _disturbances.Begin(order.Injection, order.Factor);
        if (order.Duration > Ticks.Zero)
        {
            outbox.StartTimer(order.Duration, new DisturbanceEnds(order.Injection, number));
        }
    }
}
