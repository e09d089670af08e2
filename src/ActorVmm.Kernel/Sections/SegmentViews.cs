using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>Views of a segment: what NtMapViewOfSection asks of the section (fact book §13.2), and pages that are committed through a view.</summary>
public sealed partial class Section
{
    private PageMarks? _commits;
    private PendingCommit[] _pending = [];
    private int _pendingCount;

    private void MapView(ActorId process, MapView map, Outbox outbox)
    {
        outbox.Spend(new Ticks(_machine.Costs.Call));
        NtStatus status = CheckView(map, out ulong bytes);
        if (status != NtStatus.Success)
        {
            outbox.Send(process, new ViewMapped(0, map.Size, status, _attributes, 0, _kind, false, 0));
            return;
        }

        ulong first = map.Offset >> PageSize.Shift;
        var view = new SegmentView { Process = process, First = first, Pages = PageSize.PagesOf(map.Offset + bytes) - first };
        if (!_committed && map.CommitPages > 0)
        {
            var commit = new PendingCommit { Asker = process, First = first, Pages = Math.Min(map.CommitPages, view.Pages), Bytes = bytes, View = view };
            Commit(commit, outbox);
            return;
        }

        AddView(view, bytes, outbox);
    }

    private NtStatus CheckView(in MapView map, out ulong bytes)
    {
        bytes = 0;
        ref SectionObject mapped = ref _objects[map.Object];
        if (!mapped.IsOpen)
        {
            return NtStatus.InvalidHandle;
        }

        // The sections of an image have protections of their own, whatever is asked for.
        bool reserves = (map.Type & AllocationType.Reserve) != 0;
        bool within = _kind == SegmentKind.Image || SectionChecks.AllowsView(mapped.Protection, map.Protection);
        if (!within || (reserves && !SectionChecks.Writes(mapped.Protection)))
        {
            return NtStatus.SectionProtection;
        }

        bool ofFile = _kind != SegmentKind.PagingFile;
        bool fits = map.Offset < mapped.Bytes && map.Size <= mapped.Bytes - map.Offset;
        if (!fits && !(reserves && ofFile && map.Size > 0))
        {
            return NtStatus.InvalidViewSize;
        }

        if (ofFile ? map.CommitPages > 0 && !reserves : map.CommitPages > _pages)
        {
            return NtStatus.InvalidParameter5;
        }

        bytes = map.Size == 0 ? mapped.Bytes - map.Offset : map.Size;
        return reserves && !ofFile ? NtStatus.InvalidParameter9 : NtStatus.Success;
    }

    private void AddView(in SegmentView view, ulong bytes, Outbox outbox)
    {
        if (_viewCount == _views.Length)
        {
            Array.Resize(ref _views, Math.Max(2, _viewCount * 2));
        }

        _views[_viewCount++] = view;
        ulong at = _base == 0 ? 0 : _base + (view.First << PageSize.Shift);
        outbox.Send(view.Process, new ViewMapped(at, bytes, NtStatus.Success, _attributes, _runCount, _kind, IsOrdered, 0));
        TellRuns(view.Process, outbox);
        StateUse(outbox);
    }

    /// <summary>Whether somebody may store to pages that others see.</summary>
    private bool IsOrdered => _kind != SegmentKind.Image;

    private void UnmapView(ActorId process, UnmapView unmap, Outbox outbox)
    {
        int at = 0;
        while (_views[at].Process != process || _views[at].First != unmap.First || _views[at].Pages != unmap.Pages)
        {
            at++;
            Invariant.Holds(at < _viewCount, "only a view that was mapped is unmapped");
        }

        _views[at] = _views[--_viewCount];
        StateUse(outbox);
    }

    private void CommitPrototypes(ActorId asker, CommitPrototypes commit, Outbox outbox) =>
        Commit(new PendingCommit { Asker = asker, Request = commit.Request, First = commit.First, Pages = commit.Pages }, outbox);

    /// <summary>Charges pages that are not committed yet (fact book §13.4); until the answer others may commit some of them too.</summary>
    private void Commit(in PendingCommit commit, Outbox outbox)
    {
        ulong missing = Uncommitted(commit);
        if (missing == 0)
        {
            Committed(commit, 0, outbox);
            return;
        }

        int place = 0;
        while (place < _pendingCount && _pending[place].Open)
        {
            place++;
        }

        if (place == _pending.Length)
        {
            Array.Resize(ref _pending, Math.Max(2, place * 2));
        }

        _pendingCount = Math.Max(_pendingCount, place + 1);
        _pending[place] = commit;
        _pending[place].Open = true;
        _charging++;
        outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit(missing, FormRequest - 1 - place, CommitKind.Shared));
    }

    private void CommitAnswered(CommitAnswered answer, Outbox outbox)
    {
        if (answer.Request >= 0)
        {
            TableCharged(answer, outbox);
        }
        else if (answer.Request == FormRequest)
        {
            FormCharged(answer, outbox);
        }
        else
        {
            PagesCharged(answer, outbox);
        }
    }

    private void TableCharged(CommitAnswered answer, Outbox outbox)
    {
        Vpn table = _blocks[answer.Request].Page;
        if (answer.Status != NtStatus.Success)
        {
            _blocks.Close(answer.Request);
            RefuseAllIn(table, answer.Status, outbox);
            return;
        }

        _blocks.Credits++;
        StateCommit(outbox);
        AskFrame(answer.Request, outbox);
    }

    private void PagesCharged(CommitAnswered answer, Outbox outbox)
    {
        ref PendingCommit pending = ref _pending[FormRequest - 1 - answer.Request];
        PendingCommit commit = pending;
        pending = default;
        _charging--;
        if (answer.Status == NtStatus.Success)
        {
            ulong missing = Uncommitted(commit);
            Committed(commit, missing, outbox);
            ReturnCommit(answer.Pages - missing, CommitKind.Shared, outbox);
        }
        else if (commit.View.Pages > 0)
        {
            outbox.Send(commit.Asker, new ViewMapped(0, commit.Bytes, answer.Status, _attributes, 0, _kind, false, 0));
        }
        else
        {
            outbox.Send(commit.Asker, new SectionAnswered(0, commit.Request, answer.Status, 0, 0));
        }
    }

    private void Committed(in PendingCommit commit, ulong pages, Outbox outbox)
    {
        if (pages > 0)
        {
            (_commits ??= new PageMarks()).Set(new Vpn(commit.First), new Vpn(commit.First + commit.Pages - 1));
            _sharedCommit += pages;
            StateCommit(outbox);
        }

        if (commit.View.Pages > 0)
        {
            AddView(commit.View, commit.Bytes, outbox);
        }
        else
        {
            outbox.Send(commit.Asker, new SectionAnswered(pages, commit.Request, NtStatus.Success, 1, 0));
        }
    }

    private ulong Uncommitted(in PendingCommit commit) => _committed
        ? 0
        : commit.Pages - (_commits?.Count(new Vpn(commit.First), new Vpn(commit.First + commit.Pages - 1)) ?? 0);

    private bool IsCommitted(Vpn page) => _committed || (_commits?.Count(page, page) ?? 0) > 0;

    private void QueryPrototypes(ActorId asker, QueryPrototypes query, Outbox outbox)
    {
        bool committed = IsCommitted(new Vpn(query.First));
        ulong alike = _committed || _commits is null
            ? query.Pages
            : _commits.Alike(new Vpn(query.First), new Vpn(query.First + query.Pages - 1));
        outbox.Send(asker, new SectionAnswered(alike, query.Request, NtStatus.Success, committed ? 1 : 0, 0));
    }

    private void ReturnCommit(ulong pages, CommitKind kind, Outbox outbox)
    {
        if (pages > 0)
        {
            outbox.Send(_machine.Cast.SystemSpace, new ReturnCommit(pages, kind, 0));
        }
    }

    /// <summary>Pages that are being charged, and what for.</summary>
    private struct PendingCommit : IEncodable
    {
        public ActorId Asker;
        public uint Request;
        public bool Open;
        public ulong First;
        public ulong Pages;

        /// <summary>Bytes of the view.</summary>
        public ulong Bytes;

        /// <summary>The view that is mapped when they are; of no pages when there is none.</summary>
        public SegmentView View;

        public void Encode(StateCodec codec)
        {
            codec.Field("asker", ref Asker);
            codec.Field("request", ref Request);
            codec.Field("open", ref Open);
            codec.Field("first", ref First);
            codec.Field("pages", ref Pages);
            codec.Field("bytes", ref Bytes);
            View.Encode(codec);
        }
    }
}
