using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;

namespace ActorVmm.Specifications.Tests.Histories;

/// <summary>The PFN database and the zero-page thread of a played machine.</summary>
public sealed class PlayedFrames(PlayedMachine machine, uint count)
{
    private readonly Frame[] _frames = [.. Enumerable.Range(0, (int)count).Select(_ => new Frame())];
    private readonly Dictionary<(ActorId, ulong), PagingFileSlot> _remembered = [];
    private readonly Queue<(ActorId Process, Action<uint> Serve)> _waiters = [];
    private readonly List<Told> _said = [];

    public int Waiting => _waiters.Count;

    public ulong ContentOf(uint pfn) => _frames[pfn].Content;

    public PageLocation LocationOf(uint pfn) => _frames[pfn].Location;

    public void SetContent(uint pfn, ulong stamp) => _frames[pfn].Content = stamp;

    public void TakeFrame(PlayedProcess process, Action<uint> granted) => Hear(process.Id, () => Serve(process.Id, pfn =>
    {
        _frames[pfn].Content = 0;
        Move(pfn, PageLocation.Active, process.Id, 0);
        machine.Post(Database, process.Id, () => granted(pfn));
    }));

    public void ReturnFrame(PlayedProcess process, uint pfn) => Hear(process.Id, () => Move(pfn, PageLocation.Zeroed));

    public void TakeReadFrame(PlayedProcess process, ulong vpn, PagingFileSlot slot, Action<uint> granted) => Hear(process.Id, () => Serve(process.Id, pfn =>
    {
        Move(pfn, PageLocation.Transition, process.Id, vpn);
        Attach(slot, pfn);
        machine.Post(Database, process.Id, () => granted(pfn));
    }));

    public void Trim(PlayedProcess process, ulong vpn, uint pfn, bool dirty) => Hear(process.Id, () =>
    {
        var frame = _frames[pfn];
        frame.Dirty |= dirty;
        if (frame.Dirty && !frame.Writing && !frame.Slot.IsNone)
        {
            GiveUpSlot(pfn);
        }

        Move(pfn, frame.Writing ? PageLocation.Transition : frame.Dirty ? PageLocation.Modified : PageLocation.Standby, process.Id, vpn);
    });

    public void Delete(PlayedProcess process, ulong vpn, uint pfn, bool wasHint) => Hear(process.Id, () =>
    {
        if (wasHint && _remembered.Remove((process.Id, vpn), out var slot))
        {
            if (!slot.IsNone)
            {
                machine.FreeSlot(Database, slot);
            }

            return;
        }

        var frame = _frames[pfn];
        frame.Deleted = true;
        if (!frame.Writing)
        {
            Free(pfn);
        }
        else if (frame.Location == PageLocation.Active)
        {
            Move(pfn, PageLocation.Transition, process.Id, vpn);
        }
    });

    public void SoftFault(PlayedProcess process, ulong vpn, uint pfn, Action<PagingFileSlot?> answered) => Hear(process.Id, () =>
    {
        if (_remembered.Remove((process.Id, vpn), out var slot))
        {
            machine.Post(Database, process.Id, () => answered(slot));
            return;
        }

        Move(pfn, PageLocation.Active, process.Id, vpn, _frames[pfn].Writing ? 2 : 1);
        machine.Post(Database, process.Id, () => answered(null));
    });

    public void ReadDone(PlayedProcess process, ulong vpn, uint pfn, bool deleted, bool failed) => Hear(process.Id, () =>
    {
        if (deleted || failed)
        {
            if (!deleted)
            {
                _said.Add(Detached(_frames[pfn].Slot, pfn, handed: true));
                _frames[pfn].Slot = default;
            }

            Free(pfn);
        }
        else
        {
            Move(pfn, PageLocation.Active, process.Id, vpn);
        }
    });

    /// <summary>The modified-page writer writes the first modified page, if there is one.</summary>
    public void WriteOne(bool fails)
    {
        var at = Array.FindIndex(_frames, frame => frame.Location == PageLocation.Modified);
        if (at < 0 || machine.TakeSlot() is not { } slot)
        {
            return;
        }

        var (pfn, frame) = ((uint)at, _frames[at]);
        Act(() =>
        {
            if (!frame.Slot.IsNone)
            {
                GiveUpSlot(pfn);
            }

            Attach(slot, pfn);
            _said.Add(WriteStarted(frame.Vpn, slot, pfn, frame.Owner));
            (frame.Writing, frame.Dirty) = (true, false);
            Move(pfn, PageLocation.Transition, frame.Owner, frame.Vpn);
        });
        machine.Write(slot, frame.Content, fails, () => Act(() => WriteDone(slot, pfn, fails)));
    }

    /// <summary>The zero-page thread takes the first free frame, if there is one.</summary>
    public void ZeroOne()
    {
        var at = Array.FindIndex(_frames, frame => frame.Location == PageLocation.Free);
        if (at >= 0)
        {
            Act(() => Move((uint)at, PageLocation.Transition));
            machine.Post(Database, ZeroThread, () =>
            {
                machine.History.Turn(ZeroThread, Told.Of(new PagesZeroed(1)));
                Hear(ZeroThread, () => Move((uint)at, PageLocation.Zeroed));
            });
        }
    }

    private void WriteDone(PagingFileSlot slot, uint pfn, bool fails)
    {
        var frame = _frames[pfn];
        frame.Writing = false;
        frame.Dirty |= fails;
        var result = frame.Deleted ? WriteBackResult.Deleted
            : fails ? WriteBackResult.Failed
            : frame.Location == PageLocation.Active ? WriteBackResult.Referenced
            : frame.Dirty ? WriteBackResult.DirtiedAgain
            : WriteBackResult.Clean;
        _said.Add(WriteEnded(slot, pfn, result));
        if (frame.Deleted)
        {
            Free(pfn);
            return;
        }

        if (frame.Dirty)
        {
            GiveUpSlot(pfn);
        }

        if (frame.Location == PageLocation.Transition)
        {
            Move(pfn, frame.Dirty ? PageLocation.Modified : PageLocation.Standby, frame.Owner, frame.Vpn);
        }
    }

    private void Serve(ActorId process, Action<uint> serve)
    {
        _waiters.Enqueue((process, serve));
        if (!ServeOne(waited: false))
        {
            _said.Add(WaitsForFrames(process, begins: true));
        }
    }

    private bool ServeOne(bool waited)
    {
        var at = Array.FindIndex(_frames, frame => frame.Location == PageLocation.Zeroed);
        at = at >= 0 ? at : Array.FindIndex(_frames, frame => frame.Location == PageLocation.Free);
        at = at >= 0 ? at : Array.FindIndex(_frames, frame => frame.Location == PageLocation.Standby);
        if (at < 0 || _waiters.Count == 0 || (!waited && _waiters.Count > 1))
        {
            return false;
        }

        var frame = _frames[at];
        if (frame.Location == PageLocation.Standby)
        {
            _remembered[(frame.Owner, frame.Vpn)] = frame.Slot;
            _said.Add(Repurposed(frame.Vpn, frame.Slot, (uint)at, frame.Owner));
            if (!frame.Slot.IsNone)
            {
                _said.Add(Detached(frame.Slot, (uint)at, handed: true));
            }

            frame.Slot = default;
        }

        var (process, serve) = _waiters.Dequeue();
        if (waited)
        {
            _said.Add(WaitsForFrames(process, begins: false));
        }

        serve((uint)at);
        return true;
    }

    private void Free(uint pfn)
    {
        if (!_frames[pfn].Slot.IsNone)
        {
            GiveUpSlot(pfn);
        }

        Move(pfn, PageLocation.Free);
        (_frames[pfn].Deleted, _frames[pfn].Dirty) = (false, false);
    }

    private void Attach(PagingFileSlot slot, uint pfn)
    {
        _frames[pfn].Slot = slot;
        _said.Add(Attached(slot, pfn));
    }

    private void GiveUpSlot(uint pfn)
    {
        _said.Add(Detached(_frames[pfn].Slot, pfn));
        machine.FreeSlot(Database, _frames[pfn].Slot);
        _frames[pfn].Slot = default;
    }

    private void Move(uint pfn, PageLocation to, ActorId owner = default, ulong vpn = 0, int? references = null)
    {
        var frame = _frames[pfn];
        _said.Add(Moved(pfn, frame.Location, to, owner, vpn, references));
        (frame.Location, frame.Owner, frame.Vpn) = (to, owner, vpn);
    }

    private void Hear(ActorId from, Action turn) => machine.Post(from, Database, () => Act(turn));

    private void Act(Action turn)
    {
        turn();
        while (ServeOne(waited: true))
        {
        }

        if (_said.Count != 0)
        {
            int At(PageLocation location) => _frames.Count(frame => frame.Location == location);
            if (_waiters.Count != 0)
            {
                var available = At(PageLocation.Zeroed) + At(PageLocation.Free) + At(PageLocation.Standby);
                _said.Add(Told.Of(new LowMemorySignalled(available, At(PageLocation.Modified), _waiters.Count)));
            }

            _said.Add(Told.Of(new FramesCounted(
                At(PageLocation.Zeroed), At(PageLocation.Free), At(PageLocation.Standby), At(PageLocation.Modified), 0, 0,
                At(PageLocation.Active), At(PageLocation.Transition))));
        }

        machine.History.Turn(Database, [.. _said]);
        _said.Clear();
    }

    private sealed class Frame
    {
        public PageLocation Location { get; set; }

        public ActorId Owner { get; set; }

        public ulong Vpn { get; set; }

        public ulong Content { get; set; }

        public PagingFileSlot Slot { get; set; }

        public bool Dirty { get; set; }

        public bool Writing { get; set; }

        public bool Deleted { get; set; }
    }
}
