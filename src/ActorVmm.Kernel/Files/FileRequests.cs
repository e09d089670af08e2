namespace ActorVmm.Kernel.Files;

/// <summary>What is asked of a file through its handles: opening, closing, its length, its deletion.</summary>
public sealed partial class DataFile
{
    /// <summary>The end of the largest file that the volume holds; clusters are pages.</summary>
    private const ulong MostLength = (1UL << 44) - PageSize.Bytes;

    private static FileRequest RequestOf(ActorId asker, OpenFile open) =>
        new() { Kind = FileRequestKind.Open, Asker = asker, Number = open.Request, Rights = open.Rights, Opening = open.Opening };

    private static FileRequest RequestOf(ActorId asker, CloseFile close) =>
        new() { Kind = FileRequestKind.Close, Asker = asker, Number = close.Request, Object = close.Object };

    private static FileRequest RequestOf(ActorId asker, SetEndOfFile set) =>
        new() { Kind = FileRequestKind.SetLength, Asker = asker, Number = set.Request, Object = set.Object, Offset = set.Length };

    private static FileRequest RequestOf(ActorId asker, SetDisposition set) =>
        new() { Kind = FileRequestKind.SetDisposition, Asker = asker, Number = set.Request, Object = set.Object, Bytes = set.Delete == 0 ? 0UL : 1 };

    private static FileRequest RequestOf(ActorId asker, LoadFile load) =>
        new() { Kind = FileRequestKind.Load, Asker = asker, Number = load.Request, Offset = load.Offset, Bytes = (ulong)load.Width };

    private static FileRequest RequestOf(ActorId asker, TransferFile transfer) => new()
    {
        Kind = FileRequestKind.Transfer,
        Asker = asker,
        Number = transfer.Request,
        Object = transfer.Object,
        Bytes = transfer.Bytes,
        Mdl = transfer.Mdl,
        IsWrite = transfer.Write != 0,
    };

    private void Enqueue(in FileRequest request, Outbox outbox)
    {
        outbox.Spend(new Ticks(_machine.Costs.Call));
        _waiting.Enqueue(in request);
        BeginNext(outbox);
    }

    private void BeginNext(Outbox outbox)
    {
        while (_request.Kind == FileRequestKind.None && _waiting.Waiting > 0)
        {
            _request = _waiting.Remove(_waiting.Dequeue());
            GoOn(outbox);
        }
    }

    /// <summary>Takes the request at hand one step further: when it begins, and whenever what it waited for has come.</summary>
    private void GoOn(Outbox outbox)
    {
        switch (_request.Kind)
        {
            case FileRequestKind.Open: Open(outbox); break;
            case FileRequestKind.Close: Close(outbox); break;
            case FileRequestKind.SetLength: SetLength(outbox); break;
            case FileRequestKind.SetDisposition: SetDisposition(outbox); break;
            case FileRequestKind.Load: Load(outbox); break;
            case FileRequestKind.Transfer: Transfer(outbox); break;
            case FileRequestKind.Section: FormSection(outbox); break;
            case FileRequestKind.None: throw new BugCheckException(0, "a file has nothing to go on with");
        }
    }

    /// <summary>The request at hand is over.</summary>
    private void Answer(NtStatus status, ulong value, Outbox outbox)
    {
        outbox.Send(_request.Asker, new FileReturned(value, status, _request.Number));
        EndRequest(outbox);
    }

    /// <summary>The file can be asked something else; a segment that has said meanwhile that nobody uses it may go.</summary>
    private void EndRequest(Outbox outbox)
    {
        _request = default;
        for (int which = 0; which < _segments.Length; which++)
        {
            LetGoIfIdle(ref _segments[which], outbox);
        }
    }

    private void Open(Outbox outbox)
    {
        if (_request.Phase == FileRequestPhase.Begins)
        {
            NtStatus status = _isGone ? NtStatus.ObjectNameNotFound : _deletePending ? NtStatus.DeletePending : NtStatus.Success;
            if (status != NtStatus.Success)
            {
                Answer(status, 0, outbox);
                return;
            }

            bool asks = _request.Opening switch
            {
                FileOpening.Plain => false,
                FileOpening.Overwrite => Ask(0, ControlAreaPurpose.Overwrite, ControlAreaPurpose.Overwrite, outbox),
                FileOpening.DeleteOnClose => Ask(0, null, ControlAreaPurpose.Delete, outbox),
            };
            if (asks)
            {
                return;
            }
        }

        if (_request.Refused != NtStatus.Success)
        {
            Answer(_request.Refused, 0, outbox);
            return;
        }

        if (_request.Opening == FileOpening.Overwrite)
        {
            ChangeLength(0, outbox);
        }

        Answer(NtStatus.Success, (ulong)NewObject(), outbox);
    }

    private int NewObject()
    {
        int row = 0;
        while (row < _objectCount && _objects[row].IsOpen)
        {
            row++;
        }

        if (row == _objects.Length)
        {
            Array.Resize(ref _objects, row * 2);
        }

        _objectCount = Math.Max(_objectCount, row + 1);
        _objects[row] = new FileObject { IsOpen = true, Rights = _request.Rights, DeletesOnClose = _request.Opening == FileOpening.DeleteOnClose };
        return row;
    }

    private void Close(Outbox outbox)
    {
        _deletePending |= Opened.DeletesOnClose;
        Opened = default;
        if (_deletePending && OpenObjects == 0)
        {
            _isGone = true;
            ChangeLength(0, outbox);
        }

        Answer(NtStatus.Success, 0, outbox);
    }

    private void SetLength(Outbox outbox)
    {
        ulong length = _request.Offset;
        bool shorter = length < _bytes.Length;
        if (_request.Phase == FileRequestPhase.Begins)
        {
            NtStatus status = !May(FileRights.Write) ? NtStatus.AccessDenied
                : length > long.MaxValue ? NtStatus.InvalidParameter
                : length > MostLength ? NtStatus.DiskFull
                : NtStatus.Success;
            if (status != NtStatus.Success || length == _bytes.Length)
            {
                Answer(status, 0, outbox);
                return;
            }

            // An image does not mind that its file grows.
            if (Ask(length, ControlAreaPurpose.Resize, shorter ? ControlAreaPurpose.Overwrite : null, outbox))
            {
                return;
            }
        }

        if (_request.Refused != NtStatus.Success)
        {
            Answer(NtStatus.UserMappedFile, 0, outbox);
            return;
        }

        ChangeLength(length, outbox);
        Answer(NtStatus.Success, 0, outbox);
    }

    private void SetDisposition(Outbox outbox)
    {
        bool deletes = _request.Bytes != 0;
        if (_request.Phase == FileRequestPhase.Begins && deletes && Ask(0, ControlAreaPurpose.Delete, ControlAreaPurpose.Delete, outbox))
        {
            return;
        }

        if (_request.Refused == NtStatus.Success)
        {
            _deletePending = deletes;
        }

        Answer(_request.Refused, 0, outbox);
    }

    private void ChangeLength(ulong length, Outbox outbox)
    {
        _bytes.SetLength(length);
        outbox.State(new FileLengthChanged(length, _isGone ? 0 : 1, OpenObjects));
    }

    private ref FileObject Opened
    {
        get
        {
            int row = _request.Object;
            Invariant.Holds((uint)row < (uint)_objectCount && _objects[row].IsOpen, "a file is used through a file object that is open");
            return ref _objects[row];
        }
    }

    private int OpenObjects
    {
        get
        {
            int open = 0;
            for (int row = 0; row < _objectCount; row++)
            {
                open += _objects[row].IsOpen ? 1 : 0;
            }

            return open;
        }
    }

    private bool May(FileRights right) => (Opened.Rights & (right | FileRights.Kernel)) != 0;
}
