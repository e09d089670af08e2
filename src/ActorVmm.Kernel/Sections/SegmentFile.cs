using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// A segment and its file (fact book §13.3, §13.5): what it is told of the file, what the file asks it, which pages are where in the file. The
/// file asks before it takes something away; what is beyond its end is then gone here too.
/// </summary>
public sealed partial class Section
{
    private ulong _askSize;
    private ControlAreaPurpose _askPurpose;
    private uint _askRequest;
    private bool _asked;

    private void FormFile(ActorId file, FormFile form)
    {
        _file = file;
        _kind = form.Pages > 0 ? SegmentKind.Image : SegmentKind.Data;
        _base = form.Base;
        _pages = form.Pages;
        _bytes = form.Pages << PageSize.Shift;
        _entryPoint = form.EntryPoint;
        _runsExpected = form.Runs;
        _committed = true;
    }

    private void FormImageRun(FormImageRun run, Outbox outbox)
    {
        if (_runCount == _runs.Length)
        {
            Array.Resize(ref _runs, Math.Max(4, _runCount * 2));
        }

        _runs[_runCount++] = new ImageRun { Offset = run.Offset, First = run.First, Pages = run.Pages, Bytes = run.Bytes, Protection = run.Protection };
        for (int place = 0; place < _objectCount; place++)
        {
            Announce(place, outbox);
        }
    }

    private void TellRuns(ActorId process, Outbox outbox)
    {
        for (int run = 0; run < _runCount; run++)
        {
            outbox.Send(process, new ViewRun(_runs[run].First, _runs[run].Pages, _runs[run].Protection, run));
        }
    }

    /// <summary>Where a page is in the file; false when none of it is, but memory is (what an image wants zeroed).</summary>
    private bool TryPlaceInFile(Vpn page, out ulong offset, out ulong bytes)
    {
        if (_kind == SegmentKind.Data)
        {
            offset = page.Value << PageSize.Shift;
            bytes = PageSize.Bytes;
            return true;
        }

        int run = RunOf(page);
        ulong before = run < 0 ? 0 : (page.Value - _runs[run].First) << PageSize.Shift;
        offset = run < 0 ? 0 : _runs[run].Offset + before;
        bytes = run < 0 || before >= _runs[run].Bytes ? 0 : Math.Min(_runs[run].Bytes - before, PageSize.Bytes);
        return bytes > 0;
    }

    private int RunOf(Vpn page)
    {
        for (int run = 0; run < _runCount; run++)
        {
            if (page.Value >= _runs[run].First && page.Value - _runs[run].First < _runs[run].Pages)
            {
                return run;
            }
        }

        return -1;
    }

    private void AskControlArea(AskControlArea ask)
    {
        _askSize = ask.Size;
        _askPurpose = ask.Purpose;
        _askRequest = ask.Request;
        _asked = true;
    }

    /// <summary>The file waits until no page is on its way that it would take away (R2).</summary>
    private void AnswerFile(Outbox outbox)
    {
        if (!_asked || (_askSize < _bytes && IsAnyOnItsWay(PageSize.PagesOf(_askSize))))
        {
            return;
        }

        _asked = false;
        bool used = _viewCount > 0 || HasObjects;
        NtStatus refusal = _askPurpose switch
        {
            ControlAreaPurpose.Resize => _askSize < _bytes ? NtStatus.UserMappedFile : NtStatus.Success,
            ControlAreaPurpose.Delete => NtStatus.CannotDelete,
            ControlAreaPurpose.Overwrite => _kind == SegmentKind.Image ? NtStatus.SharingViolation : NtStatus.UserMappedFile,
        };
        NtStatus status = used ? refusal : NtStatus.Success;
        if (status == NtStatus.Success && _kind == SegmentKind.Data && _askPurpose != ControlAreaPurpose.Delete)
        {
            Resize(_askSize, outbox);
        }

        outbox.Send(_file, new ControlAreaAnswered(_askRequest, status));
    }

    private bool IsAnyOnItsWay(ulong first)
    {
        for (int block = 0; block < _blocks.Count; block++)
        {
            if (_blocks[block].Phase != PrototypePhase.Closed && _blocks[block].First.Value + (_blocks[block].Count - 1UL) >= first)
            {
                return true;
            }
        }

        return false;
    }

    private void Resize(ulong bytes, Outbox outbox)
    {
        ulong pages = PageSize.PagesOf(bytes);
        for (int cell = 0; cell < _prototypes.ChunkCount * PageTables.ChunkLength && bytes < _bytes; cell++)
        {
            Vpn page = _prototypes.PageOf(cell);
            if (page.Value >= pages && _prototypes.Pte(cell) != Pte.Zero)
            {
                Delete(page, _prototypes.Pte(cell), outbox);
                _prototypes.Write(cell, Pte.Zero);
                _prototypes.Stamp(cell) = 0;
            }
        }

        FlushDeleted(outbox);
        _bytes = bytes;
        _pages = pages;
    }
}
