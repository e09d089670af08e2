using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Frames;

/// <summary>
/// What comes from outside the life of a page: the operator purges standby lists (fact book §22); a memory module fails (§15.3, any → Bad);
/// programs are told how much memory is available (§1).
/// </summary>
public sealed partial class PfnDatabase
{
    /// <summary>At most this many available pages: the low-memory notification is signalled.</summary>
    public int LowNotification => _thresholds.LowNotification;

    /// <summary>At least this many: the high-memory notification is.</summary>
    public int HighNotification => _thresholds.LowNotification * 3;

    /// <summary>Pages lose their frames without anybody's need; their owners keep hints, and learn of it when they ask.</summary>
    private void PurgeStandby(int highest, Outbox outbox)
    {
        int purged = 0;
        for (int priority = 0; priority <= Math.Min(highest, Priorities - 1); priority++)
        {
            while (_standby[priority].Count > 0)
            {
                Pfn frame = _standby[priority].Head;
                Unlink(frame);
                Remember(frame, outbox);
                FreeFrame(frame, outbox);
                purged++;
            }
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * purged));
        outbox.State(new StandbyPurged(purged, highest));
    }

    /// <summary>By then the page may have left the frame, and perhaps another one has come.</summary>
    private void SetFramePriority(ActorId process, SetFramePriority word)
    {
        ref PfnEntry entry = ref _entries[word.Pfn.Value];
        if (entry.Owner == process && entry.Location == PageLocation.Active)
        {
            entry.Priority = (byte)Math.Clamp(word.Priority, 0, Priorities - 1);
        }
    }

    /// <summary>A frame is to be retired. It leaves its list at once when its contents exist elsewhere, otherwise when they do.</summary>
    private void MarkBad(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        entry.Set(PfnFlags.RemovalRequested);
        switch (entry.Location)
        {
            case PageLocation.Zeroed or PageLocation.Free:
                Unlink(frame);
                FreeFrame(frame, outbox);
                break;
            case PageLocation.Standby:
                LeaveIfBad(frame, outbox);
                break;
            case PageLocation.Modified or PageLocation.ModifiedNoWrite or PageLocation.Active or PageLocation.Transition or PageLocation.Bad:
                break;
        }
    }

    /// <summary>
    /// A frame has failed, and its contents with it. Clean pages are where they always were, in their slots; a page on the modified list is
    /// lost; whose page is in a working set is told and decides. What is being written has been copied before, and what is being read
    /// arrives, and is then read again. A frame that holds a page table is retired when the table goes: without it the process could not
    /// be taken down in order.
    /// </summary>
    private void FailFrame(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        if (entry.Location == PageLocation.Bad || entry.Has(PfnFlags.Failed))
        {
            return;
        }

        outbox.State(new FrameFailed(frame, entry.Location, entry.Has(PfnFlags.Modified) ? (byte)1 : (byte)0, 0));
        MarkBad(frame, outbox);
        bool emptied = entry.Location == PageLocation.Bad;
        if (emptied)
        {
            return;
        }

        entry.Set(PfnFlags.Failed);
        if (entry.Location == PageLocation.Active)
        {
            outbox.Send(entry.Owner, new FrameHasFailed(frame));
        }
        else if (entry.Location == PageLocation.Modified && IsLost(in entry))
        {
            Unlink(frame);
            Lose(frame, outbox);
        }
    }

    private static bool IsLost(in PfnEntry entry) =>
        (entry.Flags & (PfnFlags.Failed | PfnFlags.Modified)) == (PfnFlags.Failed | PfnFlags.Modified) && !SelfMap.Contains(entry.Page);

    /// <summary>The page existed here only. Its owner learns it when it asks.</summary>
    private void Lose(Pfn frame, Outbox outbox)
    {
        ref PfnEntry entry = ref _entries[frame.Value];
        DetachSlot(frame, outbox);
        _repurposed.Add(entry.Owner, entry.Page, entry.Generation, PagingFileSlot.Lost);
        outbox.State(new PageLost(entry.Page, frame, entry.Owner));
        FreeFrame(frame, outbox);
    }

    /// <summary>States which notifications this turn has signalled or reset.</summary>
    private void StateConditions(int before, Outbox outbox)
    {
        int now = Available;
        if ((before <= LowNotification) != (now <= LowNotification))
        {
            outbox.State(new MemoryConditionChanged(now, LowNotification, MemoryCondition.Low, now <= LowNotification ? 1 : 0));
        }

        if ((before >= HighNotification) != (now >= HighNotification))
        {
            outbox.State(new MemoryConditionChanged(now, HighNotification, MemoryCondition.High, now >= HighNotification ? 1 : 0));
        }
    }
}
