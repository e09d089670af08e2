using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;

namespace ActorVmm.Specifications.Tests.Histories;

/// <summary>A process of a played machine: pages, one fault at a time, and whatever frames it keeps ready.</summary>
public sealed class PlayedProcess(PlayedMachine machine, ActorId id, ulong pages)
{
    /// <summary>The one table page of a process, by its number in the self-map.</summary>
    public const ulong Table = 0xFFFFF68000000;

    private readonly SortedDictionary<ulong, Page> _pages = [];
    private readonly List<uint> _kept = [];
    private int _asked;
    private int _block;
    private int _peak;
    private bool _exiting;

    private enum Form
    {
        Valid,
        Hint,
        Asking,
        PagedOut,
        Reading,
    }

    public ActorId Id => id;

    public bool Gone { get; private set; }

    public bool Busy { get; private set; }

    public uint FrameOf(ulong vpn) => _pages[vpn].Frame;

    /// <summary>An access to a page; a store changes what it contains.</summary>
    public void Touch(ulong vpn, bool store = false, bool readFails = false)
    {
        if (Busy || _exiting)
        {
            return;
        }

        if (!_pages.TryGetValue(vpn, out var page))
        {
            Open(vpn, FaultKind.DemandZero);
            WithFrame(pfn => MapFresh(vpn, pfn));
        }
        else if (page.Form == Form.Valid)
        {
            if (store && vpn != Table)
            {
                var stamp = machine.NewStamp();
                machine.Frames.SetContent(page.Frame, stamp);
                page.Dirty = true;
                machine.History.Turn(id, Stored(vpn, page.Frame, stamp));
            }
            else
            {
                machine.History.Turn(id, Loaded(vpn, page.Frame, machine.Frames.ContentOf(page.Frame)));
            }
        }
        else if (page.Form == Form.Hint)
        {
            Open(vpn, FaultKind.Transition);
            Ask(vpn, page, readFails);
        }
        else if (page.Form == Form.PagedOut)
        {
            Open(vpn, FaultKind.Hard);
            Read(vpn, page, readFails);
        }
    }

    /// <summary>Asks for a frame to keep ready.</summary>
    public void AskForFrame()
    {
        if (!_exiting)
        {
            WithFrame(null);
        }
    }

    public void ReturnFrame()
    {
        if (_kept.Count != 0)
        {
            machine.Frames.ReturnFrame(this, _kept[^1]);
            _kept.RemoveAt(_kept.Count - 1);
            machine.History.Turn(id, Kept(_kept.Count));
        }
    }

    /// <summary>Trims the nth valid page.</summary>
    public void TrimOne(int which)
    {
        var valid = _pages.Where(page => page.Value.Form == Form.Valid).ToList();
        if (valid.Count != 0 && !_exiting)
        {
            var (vpn, page) = valid[which % valid.Count];
            page.Form = Form.Hint;
            machine.Frames.Trim(this, vpn, page.Frame, page.Dirty);
            machine.History.Turn(id, Unmapped(vpn, page.Frame, machine.Frames.ContentOf(page.Frame), page.Dirty), CountWorkingSet());
        }
    }

    /// <summary>Deletes a page, whatever has become of it; one that is asked for only when the answer is there.</summary>
    public void Delete(ulong vpn)
    {
        if (!_exiting && vpn != Table && _pages.TryGetValue(vpn, out var page) && page.Form != Form.Asking)
        {
            machine.History.Turn(id, [.. Drop(vpn, UnmapCause.Deleted), CountWorkingSet()]);
        }
    }

    public void Exit()
    {
        _exiting = true;
        TryLeave();
    }

    private void Open(ulong vpn, FaultKind kind)
    {
        Busy = true;
        machine.History.Turn(id, Fault(vpn), Counted(vpn, kind));
    }

    private void WithFrame(Action<uint>? use)
    {
        if (use is not null && _kept.Count != 0)
        {
            var kept = _kept[^1];
            _kept.RemoveAt(_kept.Count - 1);
            use(kept);
            return;
        }

        _asked++;
        machine.Frames.TakeFrame(this, pfn =>
        {
            _asked--;
            if (use is not null && !_exiting)
            {
                use(pfn);
                return;
            }

            _kept.Add(pfn);
            machine.History.Turn(id, Kept(_kept.Count));
            TryLeave();
        });
    }

    private void MapFresh(ulong vpn, uint pfn)
    {
        _pages[vpn] = new Page { Form = Form.Valid, Frame = pfn };
        machine.History.Turn(id, Mapped(vpn, pfn, 0, FaultKind.DemandZero, vpn != Table), CountWorkingSet(), Kept(_kept.Count), Answer(vpn));
    }

    private void Ask(ulong vpn, Page page, bool readFails)
    {
        page.Form = Form.Asking;
        machine.Frames.SoftFault(this, vpn, page.Frame, answer =>
        {
            if (answer is { } slot)
            {
                machine.History.Turn(id, Dropped(vpn, page.Frame, slot));
                (page.Form, page.Slot, page.Dirty) = (Form.PagedOut, slot, false);
                if (slot.IsNone)
                {
                    _pages.Remove(vpn);
                    machine.History.Turn(id, Answer(vpn));
                }
                else
                {
                    Read(vpn, page, readFails);
                }
            }
            else
            {
                page.Form = Form.Valid;
                machine.History.Turn(
                    id, Mapped(vpn, page.Frame, machine.Frames.ContentOf(page.Frame), FaultKind.Transition, vpn != Table), CountWorkingSet(), Answer(vpn));
            }

            TryLeave();
        });
    }

    private void Read(ulong vpn, Page page, bool fails)
    {
        if (_exiting)
        {
            TryLeave();
            return;
        }

        var block = ++_block;
        (page.Form, page.Block) = (Form.Reading, block);
        machine.History.Turn(id, ReadOpened(vpn, page.Slot, block));
        _asked++;
        machine.Frames.TakeReadFrame(this, vpn, page.Slot, pfn =>
        {
            page.Frame = pfn;
            machine.Read(id, page.Slot, pfn, fails, () => ReadOver(vpn, page, block, fails));
        });
    }

    private void ReadOver(ulong vpn, Page page, int block, bool fails)
    {
        _asked--;
        var deleted = !_pages.TryGetValue(vpn, out var now) || now != page;
        machine.Frames.ReadDone(this, vpn, page.Frame, deleted, fails);
        if (deleted || fails)
        {
            page.Form = Form.PagedOut;
            machine.History.Turn(id, ReadClosed(vpn, block, 0, deleted ? 1 : 0, status: fails ? NtStatus.InPageError : NtStatus.Success), Answer(vpn));
        }
        else
        {
            (page.Form, page.Dirty) = (Form.Valid, false);
            machine.History.Turn(
                id, Mapped(vpn, page.Frame, machine.Frames.ContentOf(page.Frame), FaultKind.Hard, vpn != Table), CountWorkingSet(), ReadClosed(vpn, block, 1),
                Answer(vpn));
        }

        TryLeave();
    }

    private List<Told> Drop(ulong vpn, UnmapCause cause)
    {
        _pages.Remove(vpn, out var page);
        switch (page!.Form)
        {
            case Form.Valid:
                machine.Frames.Delete(this, vpn, page.Frame, wasHint: false);
                return [Unmapped(vpn, page.Frame, machine.Frames.ContentOf(page.Frame), page.Dirty, cause)];
            case Form.Hint:
                machine.Frames.Delete(this, vpn, page.Frame, wasHint: true);
                return [Dropped(vpn, page.Frame, deleted: true)];
            case Form.PagedOut:
                machine.FreeSlot(id, page.Slot);
                return [Told.Of(new PagedOutDeleted(new Vpn(vpn), page.Slot))];
            default:
                return [ChangedUnderRead(vpn, page.Block, deleted: true)];
        }
    }

    private void TryLeave()
    {
        if (!_exiting || Gone || _asked != 0 || Busy)
        {
            return;
        }

        Gone = true;
        List<Told> facts = [.. _pages.Keys.ToList().SelectMany(vpn => Drop(vpn, UnmapCause.Exit))];
        _kept.ForEach(pfn => machine.Frames.ReturnFrame(this, pfn));
        _kept.Clear();
        machine.Return(id, pages, CommitKind.Private);
        machine.Return(id, 1, CommitKind.PageTable);
        machine.History.Turn(id, [.. facts, Kept(0), CountWorkingSet(), Vad(16, 0, 0), Commit(0), Exited(id.Value)]);
    }

    private Told Answer(ulong vpn)
    {
        Busy = false;
        return Answered(vpn);
    }

    private Told CountWorkingSet()
    {
        var count = _pages.Count(page => page.Value.Form == Form.Valid && page.Key != Table);
        _peak = Math.Max(_peak, count);
        return WorkingSet(count, _peak);
    }

    private sealed class Page
    {
        public Form Form { get; set; }

        public uint Frame { get; set; }

        public PagingFileSlot Slot { get; set; }

        public int Block { get; set; }

        public bool Dirty { get; set; }
    }
}
