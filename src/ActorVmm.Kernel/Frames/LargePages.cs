namespace ActorVmm.Kernel.Frames;

/// <summary>
/// Runs of frames for large pages (fact book §1, §11). A run is taken where all of its frames are available: one without standby pages if there is
/// any, the lowest; otherwise the lowest one at all, whose standby pages lose their frames. Frames in use are not moved: a machine whose memory
/// is fragmented refuses, however much of it is available.
/// </summary>
public sealed partial class PfnDatabase
{
    private void TakeLargePage(ActorId process, TakeLargePage wish, Outbox outbox)
    {
        Invariant.Holds(wish.Frames > 0, "a large page is of some frames");
        uint first = FindRun(wish.Frames, alsoStandby: false);
        first = first == uint.MaxValue ? FindRun(wish.Frames, alsoStandby: true) : first;
        outbox.Spend(new Ticks(_costs.FrameOperation * ((_entries.Length / wish.Frames) + 1)));
        if (first == uint.MaxValue)
        {
            outbox.State(new LargePageRefused(wish.Frames, Available, process));
            outbox.Send(process, new LargePageGranted(Pfn.None, 0, wish.Thread));
            return;
        }

        uint fromStandby = 0;
        for (uint frame = first; frame < first + wish.Frames; frame++)
        {
            fromStandby += Assemble(new Pfn(frame), process, outbox) ? 1U : 0;
        }

        outbox.State(new LargePageAssembled(new Pfn(first), wish.Frames, fromStandby, process));
        outbox.Send(process, new LargePageGranted(new Pfn(first), wish.Frames, wish.Thread));
    }

    /// <returns>Whether a page had to go for it.</returns>
    private bool Assemble(Pfn frame, ActorId process, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        PageLocation from = entry.Location;
        Unlink(frame);
        if (from == PageLocation.Standby)
        {
            _standbyRepurposed[entry.Priority] = unchecked(_standbyRepurposed[entry.Priority] + 1);
            Remember(frame, outbox);
        }

        if (from != PageLocation.Zeroed)
        {
            _contents[frame] = ContentStamp.Zeros;
            outbox.Spend(new Ticks(_costs.ZeroPage));
        }

        entry.Owner = process;
        entry.ShareCount = 1;
        entry.ReferenceCount = 1;
        Move(frame, PageLocation.Active, outbox);
        return from == PageLocation.Standby;
    }

    private void DeleteLargePage(ActorId process, DeleteLargePage word, Outbox outbox)
    {
        for (uint frame = word.First.Value; frame < word.First.Value + word.Frames; frame++)
        {
            ref PfnEntry entry = ref _entries[frame];
            Invariant.Holds(entry.Owner == process && entry.Location == PageLocation.Active, "only the owner of a large page deletes it");
            entry.ShareCount--;
            entry.ReferenceCount--;
            Delete(new Pfn(frame), outbox);
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * word.Frames));
    }

    /// <summary>The first frame of the lowest aligned run of available frames; the largest number when there is none.</summary>
    private uint FindRun(uint frames, bool alsoStandby)
    {
        for (uint first = 0; frames <= _entries.Length - first; first += frames)
        {
            uint count = 0;
            while (count < frames && IsFree(first + count, alsoStandby))
            {
                count++;
            }

            if (count == frames)
            {
                return first;
            }
        }

        return uint.MaxValue;
    }

    private bool IsFree(uint frame, bool alsoStandby)
    {
        PageLocation location = _entries[frame].Location;
        return location is PageLocation.Zeroed or PageLocation.Free || (alsoStandby && location == PageLocation.Standby);
    }
}
