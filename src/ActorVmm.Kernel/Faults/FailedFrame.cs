using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// A frame of the process has failed: 1. a clean page leaves it as if it were trimmed, and the next access reads it again from its slot;
/// 2. a modified page is lost, and every access to it raises IN_PAGE_ERROR until the program gives the page up; 3. a frame kept ready goes
/// back. A page that is on its way out of the working set already, the PFN database deals with when it arrives.
/// </summary>
public sealed partial class Process
{
    private void FrameHasFailed(Pfn frame, Outbox outbox)
    {
        if (_space is null || _state != ProcessState.Running || WasKept(frame, outbox))
        {
            return;
        }

        WorkingSet set = _space.WorkingSet;
        for (int index = 1; index < set.Limit; index++)
        {
            WorkingSetEntry entry = set[index];
            if (entry.Valid && _space.Tables.Pte(entry.Cell).Pfn == frame)
            {
                LeaveFrame(entry, outbox);
                FlushDeleted(outbox);
                return;
            }
        }
    }

    private bool WasKept(Pfn frame, Outbox outbox)
    {
        var kept = default(FrameBatch);
        var failed = default(FrameBatch);
        for (int i = 0; i < _space!.Kept.Count; i++)
        {
            if (_space.Kept[i] == frame)
            {
                failed.Add(frame);
            }
            else
            {
                kept.Add(_space.Kept[i]);
            }
        }

        if (failed.Count == 0)
        {
            return false;
        }

        _space.Kept = kept;
        outbox.State(new FramesKept(kept.Count));
        outbox.Send(_machine.Cast.PfnDatabase, new ReturnFrames(failed));
        return true;
    }

    private void LeaveFrame(WorkingSetEntry entry, Outbox outbox)
    {
        Pte pte = Space.Tables.Pte(entry.Cell);
        if (!pte.IsDirty && !entry.Modified)
        {
            UnmapPage(entry.Cell, UnmapCause.FrameFailed, entry.Protection, outbox);
            return;
        }

        DeletePage(entry.Cell, Pte.ForDemandZero(entry.Protection), UnmapCause.Deleted, outbox);
        LoseContents(entry.Page, pte.Pfn, outbox);
    }

    private void LoseContents(Vpn page, Pfn frame, Outbox outbox)
    {
        (Space.Failed ??= new PageMarks()).Set(page);
        outbox.State(new ContentsLost(page, frame, 0));
    }

    /// <summary>A page was modified, on no working set, and in a frame that failed: the hint leads nowhere.</summary>
    private void ForgetLost(int cell, SoftFaultAnswered answer, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        Pte hint = tables.Pte(cell);
        tables.Stamp(cell) = 0;
        tables.Write(cell, Pte.ForDemandZero(hint.Protection));
        outbox.State(new HintDropped(answer.Vpn, PagingFileSlot.None, hint.Pfn, 0));
        LoseContents(answer.Vpn, hint.Pfn, outbox);
    }

    /// <summary>Whether the contents of a page went with their frame.</summary>
    private bool IsLost(Vpn page) => Space.Failed is { } failed && failed.Count(page, page) > 0;
}
