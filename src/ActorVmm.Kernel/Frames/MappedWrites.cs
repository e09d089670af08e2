namespace ActorVmm.Kernel.Frames;

/// <summary>
/// Modified pages of files: they have a list of their own, and no slot. Whoever writes them gets a row: the mapped-page writer the oldest ones,
/// a section those of its own that are to be flushed, also while they are mapped. Rows for this are kept, but few: who comes when all are in
/// use waits for one. A section that finds nothing on the list while the writer has pages of it waits too, until they are in the file (R8).
/// </summary>
public sealed partial class PfnDatabase
{
    /// <summary>Rows for writes to files.</summary>
    private const int MappedRows = 4;

    /// <summary>Modified pages of files that are written without waiting for their age (fact book §19).</summary>
    private const int MappedMaximum = 800;

    private PageList _mapped = PageList.Empty;
    private MappedRequest[] _mappedWaiters = [];
    private int _mappedWaiterCount;
    private MappedWrite[] _mappedUnderWay = new MappedWrite[MappedRows];
    private int _mappedWrites;
    private bool _mappedSignalled;
    private bool _mappedUrgent;
    private bool _flushingMapped;

    private void EncodeMapped(StateCodec codec)
    {
        codec.Group("mapped", ref _mapped);
        codec.Rows("mapped waiters", ref _mappedWaiters, ref _mappedWaiterCount);
        codec.Rows("mapped writes", ref _mappedUnderWay, ref _mappedWrites);
        codec.Field("mapped signalled", ref _mappedSignalled);
        codec.Field("mapped urgent", ref _mappedUrgent);
        codec.Field("flushing mapped", ref _flushingMapped);
    }

    private void TakeMapped(ActorId asker, TakeMapped take, Outbox outbox)
    {
        var request = new MappedRequest
        {
            Asker = asker, Owner = take.Owner, First = take.First, Pages = take.Pages, Pfn = take.Pfn, Count = take.Count, Request = take.Request,
        };
        if (CanServe(request))
        {
            ServeMapped(request, outbox);
            return;
        }

        if (_mappedWaiterCount == _mappedWaiters.Length)
        {
            Array.Resize(ref _mappedWaiters, Math.Max(4, _mappedWaiterCount * 2));
        }

        _mappedWaiters[_mappedWaiterCount++] = request;
    }

    /// <summary>A write has ended; where it went to a file, somebody may have waited for that.</summary>
    private void EndIfMapped(MdlId row, Outbox outbox)
    {
        int at = 0;
        while (at < _mappedWrites && _mappedUnderWay[at].Row != row)
        {
            at++;
        }

        if (at == _mappedWrites)
        {
            return;
        }

        _mappedUnderWay[at] = _mappedUnderWay[--_mappedWrites];
        int waiting = _mappedWaiterCount;
        _mappedWaiterCount = 0;
        for (int waiter = 0; waiter < waiting; waiter++)
        {
            MappedRequest request = _mappedWaiters[waiter];
            if (CanServe(request))
            {
                ServeMapped(request, outbox);
            }
            else
            {
                _mappedWaiters[_mappedWaiterCount++] = request;
            }
        }
    }

    private bool CanServe(in MappedRequest request)
    {
        if (_mappedWrites == MappedRows)
        {
            return false;
        }

        bool findsNothing = request.Pfn.IsNone && !request.Owner.IsOutside && FirstMapped(request).IsNone;
        return !findsNothing || !IsUnderWay(request.Owner);
    }

    private bool IsUnderWay(ActorId owner)
    {
        for (int write = 0; write < _mappedWrites; write++)
        {
            if (_mappedUnderWay[write].Owner == owner)
            {
                return true;
            }
        }

        return false;
    }

    private void BeginMappedWrite(MdlId row, ActorId owner) => _mappedUnderWay[_mappedWrites++] = new MappedWrite { Row = row, Owner = owner };

    private void ServeMapped(in MappedRequest request, Outbox outbox)
    {
        MdlId row = MdlId.None;
        Pfn first = Pfn.None;
        if (!request.Pfn.IsNone)
        {
            row = WriteWhileMapped(request, outbox);
            first = request.Pfn;
        }
        else
        {
            first = FirstMapped(request);
            row = first.IsNone ? MdlId.None : WriteFrom(first, request.Count, outbox);
        }

        bool none = row == MdlId.None;
        if (none && request.Owner.IsOutside)
        {
            _mappedSignalled = false;
            _mappedUrgent = false;
            _flushingMapped = false;
        }

        ulong page = none ? request.First : _entries[first.Value].Page.Value;
        ActorId owner = none ? request.Owner : _entries[first.Value].Owner;
        outbox.Send(request.Asker, new MappedTaken(page, owner, row, none ? 0 : _contents.Mdls.Length(row), request.Request));
    }

    /// <summary>
    /// A page that somebody maps is written as it is; whoever holds it copies it. Not while it is being written already, nor when it was trimmed
    /// while the request waited.
    /// </summary>
    private MdlId WriteWhileMapped(in MappedRequest request, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[request.Pfn.Value];
        bool held = entry.Owner == request.Asker && entry.Location == PageLocation.Active;
        if (!held || entry.Has(PfnFlags.WriteInProgress))
        {
            return MdlId.None;
        }

        MdlId row = TakeRow();
        BeginMappedWrite(row, entry.Owner);
        _writing++;
        entry.Page = new Vpn(request.First);
        entry.Clear(PfnFlags.Modified);
        entry.Set(PfnFlags.WriteInProgress);
        entry.ReferenceCount++;
        _contents.Mdls.Add(row, request.Pfn);
        outbox.State(new PageWriteStarted(entry.Page, PagingFileSlot.None, request.Pfn, entry.Owner));
        return row;
    }

    /// <summary>The oldest modified page of a file; or of one segment, within a range.</summary>
    private Pfn FirstMapped(in MappedRequest request)
    {
        for (Pfn frame = _mapped.Head; !frame.IsNone; frame = _entries[frame.Value].Next)
        {
            ref PfnEntry entry = ref _entries[frame.Value];
            if (request.Owner.IsOutside || (entry.Owner == request.Owner && entry.Page.Value >= request.First && entry.Page.Value - request.First < request.Pages))
            {
                return frame;
            }
        }

        return Pfn.None;
    }

    /// <summary>A page and those after it in its file that are modified too, as far as they are among the oldest.</summary>
    private MdlId WriteFrom(Pfn first, int most, Outbox outbox)
    {
        const int Looked = 256;
        Span<uint> frames = stackalloc uint[MdlTable.RowLength];
        frames.Fill(Pfn.None.Value);
        ActorId owner = _entries[first.Value].Owner;
        ulong page = _entries[first.Value].Page.Value;
        Pfn frame = _mapped.Head;
        for (int looked = 0; looked < Looked && !frame.IsNone; looked++)
        {
            ref PfnEntry entry = ref _entries[frame.Value];
            ulong distance = unchecked(entry.Page.Value - page);
            if (entry.Owner == owner && distance < (ulong)frames.Length)
            {
                frames[(int)distance] = frame.Value;
            }

            frame = entry.Next;
        }

        frames[0] = first.Value;
        MdlId row = TakeRow();
        BeginMappedWrite(row, owner);
        for (int at = 0; at < Math.Min(most, frames.Length) && frames[at] != Pfn.None.Value; at++)
        {
            var taken = new Pfn(frames[at]);
            Unlink(taken);
            ref PfnEntry entry = ref _entries[taken.Value];
            entry.Clear(PfnFlags.Modified);
            entry.Set(PfnFlags.WriteInProgress);
            entry.ReferenceCount = 1;
            _writing++;
            Move(taken, PageLocation.Transition, outbox);
            outbox.State(new PageWriteStarted(entry.Page, PagingFileSlot.None, taken, owner));
            _contents.AddCopy(row, taken);
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * _contents.Mdls.Length(row)));
        return row;
    }

    private void SignalMapped(Outbox outbox)
    {
        bool urgent = _flushingMapped || _waiters.Count > 0 || Available < _thresholds.Low || _mapped.Count > MappedMaximum;
        if (_mapped.Count > 0 && !_cast.MappedPageWriter.IsOutside && (!_mappedSignalled || (urgent && !_mappedUrgent)))
        {
            _mappedSignalled = true;
            _mappedUrgent = urgent;
            outbox.Send(_cast.MappedPageWriter, new MappedPagesAvailable(_mapped.Count, urgent ? 1 : 0));
        }
    }

    /// <summary>A write to a file that has not ended.</summary>
    private struct MappedWrite : IEncodable
    {
        public MdlId Row;
        public ActorId Owner;

        public void Encode(StateCodec codec)
        {
            codec.Field("row", ref Row);
            codec.Field("owner", ref Owner);
        }
    }

    private struct MappedRequest : IEncodable
    {
        public ActorId Asker;
        public ActorId Owner;
        public ulong First;
        public ulong Pages;
        public Pfn Pfn;
        public int Count;
        public uint Request;

        public void Encode(StateCodec codec)
        {
            codec.Field("asker", ref Asker);
            codec.Field("owner", ref Owner);
            codec.Field("first", ref First);
            codec.Field("pages", ref Pages);
            codec.Field("frame", ref Pfn);
            codec.Field("count", ref Count);
            codec.Field("request", ref Request);
        }
    }
}
