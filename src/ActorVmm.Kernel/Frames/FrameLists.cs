namespace ActorVmm.Kernel.Frames;

/// <summary>
/// The lists of frames, and every move onto and off them (fact book §15.2, §15.3). A frame is on a list only when nobody refers to
/// it.
/// </summary>
public sealed partial class PfnDatabase
{
    private const int Priorities = 8;

    private readonly PageList[] _standby = new PageList[Priorities];
    private readonly int[] _standbyRepurposed = new int[Priorities];
    private PageList _zeroed = PageList.Empty;
    private PageList _free = PageList.Empty;
    private PageList _modified = PageList.Empty;
    private PageList _bad = PageList.Empty;
    private int _standbyCount;
    private int _active;
    private int _transition;

    /// <summary>Frames in a state, each frame in exactly one; their sum is all of memory (I1).</summary>
    public int CountOf(PageLocation location) => location switch
    {
        PageLocation.Zeroed => _zeroed.Count,
        PageLocation.Free => _free.Count,
        PageLocation.Standby => _standbyCount,
        PageLocation.Modified => _modified.Count + _mapped.Count,
        PageLocation.ModifiedNoWrite => 0,
        PageLocation.Bad => _bad.Count,
        PageLocation.Active => _active,
        PageLocation.Transition => _transition,
    };

    /// <summary>Standby pages of one priority, 0 to 7.</summary>
    public int StandbyOf(int priority) => _standby[priority].Count;

    /// <summary>How often a standby page of this priority lost its frame.</summary>
    public int RepurposedOf(int priority) => _standbyRepurposed[priority];

    private void InitializeLists()
    {
        for (int priority = 0; priority < Priorities; priority++)
        {
            _standby[priority] = PageList.Empty;
        }

        for (uint frame = 0; frame < _entries.Length; frame++)
        {
            _entries[frame].Next = Pfn.None;
            _entries[frame].Previous = Pfn.None;
            _entries[frame].Location = PageLocation.Zeroed;
            _zeroed.AddTail(_entries, new Pfn(frame));
        }
    }

    private void EncodeLists(StateCodec codec)
    {
        codec.Group("zeroed", ref _zeroed);
        codec.Group("free", ref _free);
        codec.Group("modified", ref _modified);
        codec.Group("bad", ref _bad);
        codec.Rows("standby", _standby);
        codec.Values("standby repurposed", _standbyRepurposed);
        codec.Field("standby count", ref _standbyCount);
        codec.Field("active", ref _active);
        codec.Field("transition", ref _transition);
    }

    /// <summary>A frame that must be zero: zeroed, else free, else standby, the latter two zeroed now (fact book §20).</summary>
    private Pfn TakeZeroed(Outbox outbox)
    {
        if (_zeroed.Count > 0)
        {
            Pfn zeroed = _zeroed.Head;
            Unlink(zeroed);
            Invariant.Holds(_contents[zeroed] == ContentStamp.Zeros, "a frame on the zeroed list is zero");
            return zeroed;
        }

        Pfn frame = _free.Count > 0 ? TakeFreeFrame() : Repurpose(outbox);
        _contents[frame] = ContentStamp.Zeros;
        outbox.Spend(new Ticks(_costs.ZeroPage));
        return frame;
    }

    /// <summary>A frame whose contents do not matter: free, else zeroed, else standby.</summary>
    private Pfn TakeAny(Outbox outbox)
    {
        if (_free.Count > 0)
        {
            return TakeFreeFrame();
        }

        if (_zeroed.Count == 0)
        {
            return Repurpose(outbox);
        }

        Pfn zeroed = _zeroed.Head;
        Unlink(zeroed);
        return zeroed;
    }

    private Pfn TakeFreeFrame()
    {
        Pfn frame = _free.Head;
        Unlink(frame);
        return frame;
    }

    /// <summary>Takes the oldest standby page of the lowest priority; its owner keeps a hint and learns of it when it asks.</summary>
    private Pfn Repurpose(Outbox outbox)
    {
        for (int priority = 0; priority < Priorities; priority++)
        {
            if (_standby[priority].Count == 0)
            {
                continue;
            }

            Pfn frame = _standby[priority].Head;
            Unlink(frame);
            _standbyRepurposed[priority] = unchecked(_standbyRepurposed[priority] + 1);
            Remember(frame, outbox);
            return frame;
        }

        throw new BugCheckException(0x4D, "frames were promised that are not available");
    }

    private void Remember(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        _repurposed.Add(entry.Owner, entry.Page, entry.Generation, entry.Slot);
        outbox.State(new PageRepurposed(entry.Page, entry.Slot, frame, entry.Owner));
        if (!entry.Slot.IsNone)
        {
            outbox.State(new SlotDetached(entry.Slot, frame, 1));
        }

        Forget(frame);
    }

    /// <summary>The last reference to an existing page has gone: to the modified list, or to standby.</summary>
    private void Retire(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        Invariant.Holds(entry.ReferenceCount == 0 && entry.ShareCount == 0, "a frame on a list is referred to by nobody");
        if (entry.Has(PfnFlags.Modified))
        {
            if (IsLost(in entry))
            {
                Lose(frame, outbox);
                return;
            }

            DetachSlot(frame, outbox);
            Move(frame, PageLocation.Modified, outbox);
            if (entry.Has(PfnFlags.OfFile))
            {
                _mapped.AddTail(_entries, frame);
            }
            else
            {
                _modified.AddTail(_entries, frame);
            }

            return;
        }

        Move(frame, PageLocation.Standby, outbox);
        _standby[entry.Priority].AddTail(_entries, frame);
        _standbyCount++;
    }

    /// <summary>The frame has no page any more: to the free list, or out of use.</summary>
    private void FreeFrame(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        DetachSlot(frame, outbox);
        Forget(frame);
        if (!RetireIfBad(frame, outbox))
        {
            Move(frame, PageLocation.Free, outbox);
            _free.AddTail(_entries, frame);
        }
    }

    private void InsertZeroed(Pfn frame, Outbox outbox)
    {
        if (!RetireIfBad(frame, outbox))
        {
            Move(frame, PageLocation.Zeroed, outbox);
            _zeroed.AddHead(_entries, frame);
        }
    }

    /// <summary>A frame that failed while it was in use leaves use when it would otherwise be given out again.</summary>
    private bool RetireIfBad(Pfn frame, Outbox outbox)
    {
        if (!_entries[frame.Value].Has(PfnFlags.RemovalRequested))
        {
            return false;
        }

        Move(frame, PageLocation.Bad, outbox);
        _bad.AddTail(_entries, frame);
        return true;
    }

    /// <summary>A page that is safe in its paging file leaves a frame that has failed.</summary>
    private void LeaveIfBad(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        if (entry.Location == PageLocation.Standby && entry.Has(PfnFlags.RemovalRequested))
        {
            Unlink(frame);
            Remember(frame, outbox);
            FreeFrame(frame, outbox);
        }
    }

    /// <summary>Takes a frame off the list it is on.</summary>
    private void Unlink(Pfn frame)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        switch (entry.Location)
        {
            case PageLocation.Zeroed: _zeroed.Remove(_entries, frame); break;
            case PageLocation.Free: _free.Remove(_entries, frame); break;
            case PageLocation.Modified when entry.Has(PfnFlags.OfFile): _mapped.Remove(_entries, frame); break;
            case PageLocation.Modified: _modified.Remove(_entries, frame); break;
            case PageLocation.Bad: _bad.Remove(_entries, frame); break;
            case PageLocation.Standby:
                _standby[entry.Priority].Remove(_entries, frame);
                _standbyCount--;
                break;
            case PageLocation.ModifiedNoWrite or PageLocation.Active or PageLocation.Transition:
                throw new BugCheckException(0x4E, FormattableString.Invariant($"frame {frame} is on no list, it is {entry.Location}"));
        }
    }

    /// <summary>Notes a frame's new state, and tells.</summary>
    private void Move(Pfn frame, PageLocation to, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        PageLocation from = entry.Location;
        entry.Location = to;
        _moved = true;
        _active += (to == PageLocation.Active ? 1 : 0) - (from == PageLocation.Active ? 1 : 0);
        _transition += (to == PageLocation.Transition ? 1 : 0) - (from == PageLocation.Transition ? 1 : 0);
        outbox.State(new FrameMoved(frame, entry.Owner, entry.Page, entry.ReferenceCount, (ushort)entry.ShareCount, from, to, entry.Priority, 0));
    }

    /// <summary>The frame belongs to no page; that it has failed stays known.</summary>
    private void Forget(Pfn frame)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        entry.Page = default;
        entry.Slot = PagingFileSlot.None;
        entry.Owner = ActorId.Outside;
        entry.ShareCount = 0;
        entry.ReferenceCount = 0;
        entry.Generation = default;
        entry.Priority = 0;
        entry.ProtectionCode = 0;
        entry.Flags &= PfnFlags.RemovalRequested;
    }

    private void AttachSlot(Pfn frame, PagingFileSlot slot, Outbox outbox)
    {
        _entries[frame.Value].Slot = slot;
        outbox.State(new SlotAttached(slot, frame));
    }

    /// <summary>The page's copy in the paging file is stale or not wanted any more.</summary>
    private void DetachSlot(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        PagingFileSlot slot = entry.Slot;
        if (slot.IsNone)
        {
            return;
        }

        entry.Slot = PagingFileSlot.None;
        outbox.State(new SlotDetached(slot, frame, 0));
        FreeSlot(slot, outbox);
    }

    private void FreeSlot(PagingFileSlot slot, Outbox outbox)
    {
        if (!slot.IsNone)
        {
            outbox.Send(_cast.PagingFiles[(int)slot.File], new FreeSlots(slot, 1));
        }
    }
}
