using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// Modified pages on their way to the file: those the mapped-page writer has taken, and those of a flush. A flush in order: 1. pages of the
/// range that nobody maps are taken from the modified list, as many at once as lie side by side; 2. pages that somebody maps are copied as they
/// are, one by one, and count as clean until the next store; 3. when all writes are back, whoever asked is answered. The segment does not end
/// before that (R8, R21).
/// </summary>
public sealed partial class Section
{
    private PageWrite[] _writes = [];
    private int _writeCount;
    private FlushJob[] _flushes = [];
    private int _flushCount;
    private uint _lastWrite;
    private bool _takingMapped;
    private bool _everDirty;

    private void EncodeWrites(StateCodec codec)
    {
        codec.Rows("writes", ref _writes, ref _writeCount);
        codec.Rows("flushes", ref _flushes, ref _flushCount);
        codec.Field("last write", ref _lastWrite);
        codec.Field("taking mapped", ref _takingMapped);
        codec.Field("ever dirty", ref _everDirty);
    }

    private void WriteSectionPages(ActorId writer, WriteSectionPages pages, Outbox outbox) => Write(writer, pages.First, pages.Mdl, outbox);

    private void Write(ActorId asker, ulong first, MdlId row, Outbox outbox)
    {
        if (_writeCount == _writes.Length)
        {
            Array.Resize(ref _writes, Math.Max(2, _writeCount * 2));
        }

        _writes[_writeCount++] = new PageWrite { Asker = asker, Request = ++_lastWrite, Mdl = row };
        outbox.Send(_file, new WriteFilePages(first << PageSize.Shift, row, _lastWrite));
    }

    private void FilePagesWritten(FilePagesWritten written, Outbox outbox)
    {
        int at = 0;
        while (_writes[at].Request != written.Request)
        {
            at++;
            Invariant.Holds(at < _writeCount, "a file says once that it has written");
        }

        PageWrite write = _writes[at];
        _writes[at] = _writes[--_writeCount];
        if (write.Asker != outbox.Self)
        {
            outbox.Send(write.Asker, new PagesWritten(write.Mdl, written.Status));
        }
        else
        {
            outbox.Send(_machine.Cast.PfnDatabase, new WriteCompleted(write.Mdl, written.Status));
        }

        if (_flushCount > 0 && written.Status != NtStatus.Success)
        {
            _flushes[0].Status = written.Status;
            _flushes[0].Next = _flushes[0].First + _flushes[0].Pages;
            _flushes[0].ListIsEmpty = true;
        }
    }

    private void FlushSection(ActorId asker, FlushSection flush) => AddFlush(asker, flush.First, flush.Pages, flush.Request);

    private void AddFlush(ActorId asker, ulong first, ulong pages, uint request)
    {
        if (_flushCount == _flushes.Length)
        {
            Array.Resize(ref _flushes, Math.Max(2, _flushCount * 2));
        }

        _flushes[_flushCount++] = new FlushJob { Asker = asker, Request = request, First = first, Pages = pages, Next = first };
    }

    /// <summary>Takes the first flush one step further, when nothing of it is under way.</summary>
    private void GoOnFlushing(Outbox outbox)
    {
        while (_flushCount > 0 && !_takingMapped && _writeCount == 0)
        {
            ref FlushJob job = ref _flushes[0];
            if (!job.ListIsEmpty)
            {
                _takingMapped = true;
                job.LooksAgain = false;
                outbox.Send(_machine.Cast.PfnDatabase, new TakeMapped(job.First, job.Pages, outbox.Self, Pfn.None, Frames.MdlTable.RowLength, 0));
                return;
            }

            if (TryFindDirty(ref job, out Vpn page, out Pfn frame))
            {
                _takingMapped = true;
                outbox.Send(_machine.Cast.PfnDatabase, new TakeMapped(page.Value, 1, outbox.Self, frame, 1, 1));
                return;
            }

            if (!job.Asker.IsOutside)
            {
                outbox.Send(job.Asker, new SectionAnswered(job.Pages, job.Request, job.Status, 1, 0));
            }

            // Nobody is left to hear that the last flush has failed: what it did not write is lost.
            bool last = job.Asker.IsOutside;
            bool written = job.Status == NtStatus.Success && job.Pages >= _pages && _valid == 0;
            _everDirty = _everDirty && !written && !(last && _viewCount == 0 && !HasObjects);
            _flushCount--;
            Array.Copy(_flushes, 1, _flushes, 0, _flushCount);
        }
    }

    /// <summary>A page that is to be flushed comes onto the modified list: a flush that has looked there, or is looking, looks again.</summary>
    private void LookAgainFor(Vpn page)
    {
        for (int flush = 0; flush < _flushCount; flush++)
        {
            if (page.Value >= _flushes[flush].First && page.Value - _flushes[flush].First < _flushes[flush].Pages)
            {
                _flushes[flush].ListIsEmpty = false;
                _flushes[flush].LooksAgain = true;
            }
        }
    }

    private bool TryFindDirty(ref FlushJob job, out Vpn page, out Pfn frame)
    {
        ulong end = job.First + Math.Min(job.Pages, _pages - Math.Min(_pages, job.First));
        while (job.Next < end)
        {
            page = new Vpn(job.Next);
            int cell = _prototypes.FindCell(page);
            if (cell < 0)
            {
                // None of its neighbours has ever been there.
                job.Next = (job.Next | (PageTables.ChunkLength - 1)) + 1;
                continue;
            }

            Pte pte = _prototypes.Pte(cell);
            frame = pte.Pfn;
            if (pte.IsValid && pte.IsDirty)
            {
                return true;
            }

            job.Next++;
        }

        page = default;
        frame = Pfn.None;
        return false;
    }

    private void MappedTaken(MappedTaken taken, Outbox outbox)
    {
        _takingMapped = false;
        bool whileMapped = taken.Request != 0;
        if (taken.Count == 0)
        {
            // A page in use that is being written still, or has been trimmed meanwhile: look again where it is.
            _flushes[0].ListIsEmpty = !whileMapped && !_flushes[0].LooksAgain;
            return;
        }

        if (whileMapped)
        {
            int cell = _prototypes.FindCell(new Vpn(taken.First));
            Pte pte = _prototypes.Pte(cell);
            Frames.MdlTable mdls = _machine.Contents.Mdls;
            Pfn frame = mdls.Frame(taken.Mdl, 0);
            mdls.Copies.Copy(mdls.CellOf(taken.Mdl, 0), _machine.Contents.Bytes, (int)frame.Value);
            if (pte.IsValid && pte.Pfn == frame)
            {
                _prototypes.Pte(cell) = pte.WithoutDirty;
                outbox.State(new PageCleaned(new Vpn(taken.First), frame, 0));
            }
        }

        Write(outbox.Self, taken.First, taken.Mdl, outbox);
    }

    private struct PageWrite : IEncodable
    {
        public ActorId Asker;
        public uint Request;
        public MdlId Mdl;

        public void Encode(StateCodec codec)
        {
            codec.Field("asker", ref Asker);
            codec.Field("request", ref Request);
            codec.Field("mdl", ref Mdl);
        }
    }

    private struct FlushJob : IEncodable
    {
        public ulong First;
        public ulong Pages;

        /// <summary>The next page to be looked at among those that somebody maps.</summary>
        public ulong Next;

        public ActorId Asker;
        public uint Request;
        public NtStatus Status;

        /// <summary>No page of the range is on the modified list any more.</summary>
        public bool ListIsEmpty;

        /// <summary>Since it was asked, a page of the range has come there.</summary>
        public bool LooksAgain;

        public void Encode(StateCodec codec)
        {
            codec.Field("first", ref First);
            codec.Field("pages", ref Pages);
            codec.Field("next", ref Next);
            codec.Field("asker", ref Asker);
            codec.Field("request", ref Request);
            codec.Field("status", ref Status);
            codec.Field("list is empty", ref ListIsEmpty);
            codec.Field("looks again", ref LooksAgain);
        }
    }
}
