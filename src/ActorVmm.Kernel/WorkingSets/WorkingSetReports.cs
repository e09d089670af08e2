using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>Who hears of the size of a working set: facts always, the working-set manager when it matters.</summary>
public sealed partial class Process
{
    private void StateWorkingSet(Outbox outbox)
    {
        if (_workingSetMoved && _space is not null)
        {
            _workingSetMoved = false;
            Counters.PeakWorkingSetPages = _space.WorkingSet.Peak;
            outbox.State(new WorkingSetCounted(_space.WorkingSet.Count, _space.WorkingSet.Peak));
        }
    }

    /// <summary>
    /// The working-set manager hears from a process when its numbers have changed by an eighth, or when nothing but a timer or a grant
    /// of memory will make it run again.
    /// </summary>
    private void Report(bool rests, Outbox outbox)
    {
        AddressSpace space = _space!;
        int pages = space.WorkingSet.Count;
        int kept = space.Kept.Count;
        int change = Math.Abs(pages - space.ReportedPages);
        bool matters = change >= Math.Max(8, space.ReportedPages / 8) || (rests && (change != 0 || kept != space.ReportedKept));
        if (!matters)
        {
            return;
        }

        _reported = true;
        space.ReportedPages = pages;
        space.ReportedKept = kept;
        WorkingSetLimits limits = _plan.WorkingSet;
        int flags = (limits.HardMinimum ? 1 : 0) | (_plan.Replacement != Replacement.Windows ? 2 : 0);
        outbox.Send(_machine.Cast.WorkingSetManager, new WorkingSetChanged(pages, limits.Minimum, limits.Maximum, kept, space.Dispatched, flags));
    }
}
