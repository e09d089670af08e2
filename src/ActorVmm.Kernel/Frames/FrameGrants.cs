namespace ActorVmm.Kernel.Frames;

/// <summary>
/// Frames given out: a request is served at once, or waits in the order it came, first for a row of the table of transfers if it is a
/// read, then for memory (R11). What is not used comes back.
/// </summary>
public sealed partial class PfnDatabase
{
    private void TakeFrames(ActorId process, TakeFrames take, Outbox outbox)
    {
        var request = new FrameRequest
        {
            Process = process,
            Needed = take.Needed,
            Wanted = take.Wanted,
            Priority = (byte)take.Priority,
        };
        Request(request, outbox);
    }

    private void TakeReadFrames(ActorId process, TakeReadFrames take, Outbox outbox)
    {
        var request = new FrameRequest
        {
            Process = process,
            Needed = 1,
            Block = take.Block,
            First = take.First,
            Slot = take.Slot,
            Generation = take.Generation,
            ReadCount = take.Count,
            Fault = take.Fault,
            Priority = (byte)take.Priority,
        };
        Request(request, outbox);
    }

    /// <summary>
    /// A request that cannot be served waits: for frames, which the working-set manager is told of, or, a read, first for one of the
    /// transfers that can be under way at once, which says nothing about memory.
    /// </summary>
    private void Request(in FrameRequest request, Outbox outbox)
    {
        if (request.NeedsRow && (_transferWaiters.Count > 0 || !HasReadRow))
        {
            _transferWaiters.Add(request);
            return;
        }

        Admit(request, outbox);
    }

    private void Admit(in FrameRequest request, Outbox outbox)
    {
        if (request.RowOnly)
        {
            outbox.Send(request.Process, new RowGranted(TakeRow(), (uint)request.Block));
            return;
        }

        if (_waiters.Count == 0 && Available >= request.Needed)
        {
            Serve(request, outbox);
            return;
        }

        _waiters.Add(request);
        _rowsPromised += request.ReadCount > 0 ? 1 : 0;
        _lowSignalled &= !_reportedSinceLow;
        outbox.State(new FrameWait(request.Process, request.Needed, 1, _waiters.Count));
    }

    /// <summary>Whoever waited longest is served first, as soon as there is enough for it.</summary>
    private void ServeWaiters(Outbox outbox)
    {
        while (_waiters.Count > 0 && Available >= _waiters.First.Needed)
        {
            FrameRequest request = _waiters.First;
            _waiters.RemoveFirst();
            _rowsPromised -= request.ReadCount > 0 ? 1 : 0;
            Serve(request, outbox);
            outbox.State(new FrameWait(request.Process, request.Needed, 0, _waiters.Count));
        }

        while (_transferWaiters.Count > 0 && HasReadRow)
        {
            FrameRequest request = _transferWaiters.First;
            _transferWaiters.RemoveFirst();
            Admit(request, outbox);
        }
    }

    private void Serve(in FrameRequest request, Outbox outbox)
    {
        if (request.ReadCount > 0)
        {
            GrantReadFrames(request, outbox);
        }
        else
        {
            GrantFrames(request, outbox);
        }
    }

    /// <summary>Zeroed frames: those needed, and those wanted while there are plenty.</summary>
    private void GrantFrames(in FrameRequest request, Outbox outbox)
    {
        var frames = default(FrameBatch);
        while (frames.Count < request.Needed || (frames.Count < request.Wanted && Available > _thresholds.Plenty))
        {
            Pfn frame = TakeZeroed(outbox);
            ref PfnEntry entry = ref _entries[frame.Value];
            entry.Owner = request.Process;
            entry.ShareCount = 1;
            entry.ReferenceCount = 1;
            entry.Priority = request.Priority;
            Move(frame, PageLocation.Active, outbox);
            frames.Add(frame);
        }

        outbox.Spend(new Ticks(_costs.FrameOperation));
        outbox.Send(request.Process, new FramesGranted(frames));
    }

    private void ReturnFrames(FrameBatch frames, Outbox outbox)
    {
        for (int i = 0; i < frames.Count; i++)
        {
            Pfn frame = frames[i];
            Invariant.Holds(_contents[frame] == ContentStamp.Zeros, "a frame that is returned unused is still zeroed");
            Forget(frame);
            InsertZeroed(frame, outbox);
        }
    }
}
