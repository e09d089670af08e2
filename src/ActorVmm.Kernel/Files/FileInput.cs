using System.Buffers.Binary;

namespace ActorVmm.Kernel.Files;

/// <summary>
/// Ordinary I/O. Where the file has a data segment, bytes go through its pages, eight at a time, because views and ordinary I/O are
/// coherent (fact book §13.5); otherwise by the device.
/// </summary>
public sealed partial class DataFile
{
    private const uint WordBytes = sizeof(ulong);

    /// <summary>Up to eight bytes, whoever may read the file: for those who look at the machine from outside.</summary>
    private void Load(Outbox outbox)
    {
        if (_request.Phase == FileRequestPhase.Begins)
        {
            if (_request.Offset >= _bytes.Length || _request.Bytes is 0 or > WordBytes)
            {
                Answer(_request.Bytes is 0 or > WordBytes ? NtStatus.InvalidParameter : NtStatus.EndOfFile, 0, outbox);
                return;
            }

            _request.Bytes = Math.Min(_request.Bytes, _bytes.Length - _request.Offset);
        }

        if (Move(outbox))
        {
            Answer(_request.Refused, _request.Refused == NtStatus.Success ? _request.Value : 0, outbox);
        }
    }

    private void Transfer(Outbox outbox)
    {
        if (_request.Phase == FileRequestPhase.Begins && !BeginTransfer(outbox))
        {
            return;
        }

        if (_request.Phase == FileRequestPhase.Agreed)
        {
            ChangeLength(Math.Max(_bytes.Length, _request.Offset + _request.Bytes), outbox);
        }

        if (Move(outbox))
        {
            ulong moved = _request.Refused == NtStatus.Success ? _request.Bytes : 0;
            Opened.Position += moved;
            Answer(_request.Refused, moved, outbox);
        }
    }

    /// <summary>Where it begins and how far it goes; a write beyond the end makes the file longer first. False: it is over, or waits.</summary>
    private bool BeginTransfer(Outbox outbox)
    {
        _request.Offset = Opened.Position;
        NtStatus status = !May(_request.IsWrite ? FileRights.Write : FileRights.Read) ? NtStatus.AccessDenied : NtStatus.Success;
        if (status != NtStatus.Success || _request.Bytes == 0)
        {
            Answer(status, 0, outbox);
            return false;
        }

        if (!_request.IsWrite)
        {
            if (_request.Offset >= _bytes.Length)
            {
                Answer(NtStatus.EndOfFile, 0, outbox);
                return false;
            }

            _request.Bytes = Math.Min(_request.Bytes, _bytes.Length - _request.Offset);
            return true;
        }

        if (_request.Offset + _request.Bytes > MostLength)
        {
            Answer(NtStatus.DiskFull, 0, outbox);
            return false;
        }

        if (_request.Offset + _request.Bytes <= _bytes.Length)
        {
            return true;
        }

        bool waits = Ask(_request.Offset + _request.Bytes, ControlAreaPurpose.Resize, null, outbox);
        _request.Phase = waits ? FileRequestPhase.Asks : FileRequestPhase.Agreed;
        return !waits;
    }

    /// <summary>Moves the bytes of the request at hand. False: it waits for the next ones.</summary>
    private bool Move(Outbox outbox)
    {
        bool begins = _request.Phase != FileRequestPhase.Moves;
        _request.Phase = FileRequestPhase.Moves;
        if (_segments[DataSegment].Exists)
        {
            if (_request.Done < _request.Bytes)
            {
                AskNextWord(outbox);
            }

            return _request.Done >= _request.Bytes;
        }

        if (begins)
        {
            var pages = (int)PageSize.PagesOf((_request.Offset % PageSize.Bytes) + _request.Bytes);
            StartTransfer(new FileTransfer { Offset = _request.Offset, Bytes = _request.Bytes, Pages = pages, IsWrite = _request.IsWrite }, outbox);
            return false;
        }

        if (_request.Refused == NtStatus.Success)
        {
            MoveByDevice();
        }

        return true;
    }

    private void MoveByDevice()
    {
        Span<byte> page = stackalloc byte[PageSize.Bytes];
        while (_request.Done < _request.Bytes)
        {
            Span<byte> piece = page[..(int)Math.Min(PageSize.Bytes, _request.Bytes - _request.Done)];
            if (_request.IsWrite)
            {
                _contents.Mdls.Read(_request.Mdl, (int)_request.Done, piece);
                _bytes.Write(_request.Offset + _request.Done, piece);
            }
            else
            {
                _bytes.Read(_request.Offset + _request.Done, piece);
                Deliver(piece);
            }

            _request.Done += (ulong)piece.Length;
        }
    }

    /// <summary>Hands bytes that were read to whoever wants them.</summary>
    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (_request.Kind == FileRequestKind.Transfer)
        {
            _contents.Mdls.Write(_request.Mdl, (int)_request.Done, bytes);
            return;
        }

        for (int at = 0; at < bytes.Length; at++)
        {
            _request.Value |= (ulong)bytes[at] << (8 * ((int)_request.Done + at));
        }
    }

    private void AskNextWord(Outbox outbox)
    {
        ulong at = _request.Offset + _request.Done;
        int width = NextWidth;
        ulong value = 0;
        if (_request.IsWrite)
        {
            Span<byte> word = stackalloc byte[(int)WordBytes];
            word.Clear();
            _contents.Mdls.Read(_request.Mdl, (int)_request.Done, word[..width]);
            value = BinaryPrimitives.ReadUInt64LittleEndian(word);
            _segments[DataSegment].SaidIdle = false;
        }

        outbox.Send(_segments[DataSegment].Section, new SharedAccess(
            at >> PageSize.Shift, value, Asked, (ushort)(at % PageSize.Bytes), (byte)width, _request.IsWrite ? AccessKind.Write : AccessKind.Read));
    }

    /// <summary>Bytes of the next word: no more than are wanted, and none of the next page.</summary>
    private int NextWidth
    {
        get
        {
            ulong inPage = PageSize.Bytes - ((_request.Offset + _request.Done) % PageSize.Bytes);
            return (int)Math.Min(Math.Min(WordBytes, inPage), _request.Bytes - _request.Done);
        }
    }

    private void SharedAccessed(SharedAccessed answer, Outbox outbox)
    {
        Invariant.Holds(_request.Phase == FileRequestPhase.Moves, "a segment answers what it was asked");
        if (answer.Done != 0)
        {
            int width = NextWidth;
            if (!_request.IsWrite)
            {
                Span<byte> word = stackalloc byte[(int)WordBytes];
                BinaryPrimitives.WriteUInt64LittleEndian(word, answer.Value);
                Deliver(word[..width]);
            }

            _request.Done += (ulong)width;
        }

        GoOn(outbox);
        BeginNext(outbox);
    }
}
