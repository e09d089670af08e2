using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// Giving up pages when the working-set manager asks (fact book §18): old pages first, then table pages that map nothing. A table
/// whose entries are all hints may be free to go without knowing it, because nobody told the process that the pages behind its hints
/// were repurposed; so it peeks.
/// </summary>
public sealed partial class Process
{
    private const int PeeksPerTrim = 8;
    private const int PeekingPass = 3;
    private const int LastPass = 4;

    private void TrimWorkingSet(TrimWorkingSet trim, Outbox outbox)
    {
        if (_space is null || _state != ProcessState.Running)
        {
            if (_state != ProcessState.Exiting)
            {
                outbox.Send(_machine.Cast.WorkingSetManager, new WorkingSetTrimmed(0, 0, 0));
            }

            return;
        }

        RecallFrames(outbox);
        int trimmed = TrimPages(trim, outbox);
        if (trimmed < trim.Goal && _space.Call.Phase == CallPhase.None)
        {
            trimmed += TrimTables(trim, trim.Goal - trimmed, outbox);
        }

        outbox.Spend(new Ticks(trimmed * _machine.Costs.TrimmedPage));
        _space.ReportedPages = _space.WorkingSet.Count;
        _space.ReportedKept = 0;
        outbox.Send(_machine.Cast.WorkingSetManager, new WorkingSetTrimmed(trimmed, _space.WorkingSet.Count, 0));
    }

    private int TrimPages(TrimWorkingSet trim, Outbox outbox)
    {
        WorkingSet set = _space!.WorkingSet;
        int floor = trim.BelowMinimum != 0 && !_plan.WorkingSet.HardMinimum ? 0 : _plan.WorkingSet.Minimum;
        int leastAge = trim.Pass >= LastPass ? -1 : 3 - trim.Pass;
        int remaining = set.Limit - 1;
        int trimmed = 0;
        while (trimmed < trim.Goal && set.Count > floor)
        {
            int index = set.NextToTrim(leastAge, ref remaining, _space.Tables, _space.Tlb);
            if (index == WorkingSet.None)
            {
                break;
            }

            UnmapPage(set[index].Cell, UnmapCause.Trimmed, set[index].Protection, outbox);
            trimmed++;
        }

        return trimmed;
    }

    private int TrimTables(TrimWorkingSet trim, int goal, Outbox outbox)
    {
        PageTables tables = _space!.Tables;
        int trimmed = 0;
        int peeks = trim.Pass >= PeekingPass ? PeeksPerTrim - _space.SoftFaultCount : 0;
        for (int row = tables.TableCount - 1; row >= 0 && trimmed < goal; row--)
        {
            ref TablePage table = ref tables.Table(row);
            if (!table.Entry.IsValid || table.Valid > 0 || table.Used == 0)
            {
                continue;
            }

            if (table.Resident > 0)
            {
                peeks -= PeekThrough(row, peeks, outbox);
                continue;
            }

            TrimTable(row, outbox);
            trimmed++;
        }

        return trimmed;
    }

    /// <summary>Asks whether the hints of one table are still good.</summary>
    private int PeekThrough(int row, int most, Outbox outbox)
    {
        PageTables tables = _space!.Tables;
        int asked = 0;
        for (int chunk = 0; chunk < tables.ChunkCount && asked < most; chunk++)
        {
            if (tables.TableRowOfChunk(chunk) != row)
            {
                continue;
            }

            int first = chunk * PageTables.ChunkLength;
            for (int cell = first; cell < first + PageTables.ChunkLength && asked < most; cell++)
            {
                asked += Peek(tables.PageOf(cell), tables.Pte(cell), outbox) ? 1 : 0;
            }
        }

        for (int child = 0; child < tables.TableCount && asked < most; child++)
        {
            if (tables.Table(child).Parent == row)
            {
                asked += Peek(tables.TablePageOf(child), tables.Table(child).Entry, outbox) ? 1 : 0;
            }
        }

        return asked;
    }

    private bool Peek(Vpn page, Pte pte, Outbox outbox)
    {
        if (pte.Form != PteForm.Transition || _space!.FindSoftFault(page) >= 0 || _space.FindBlock(page) >= 0)
        {
            return false;
        }

        _space.AddSoftFault(page, -1);
        outbox.Send(_machine.Cast.PfnDatabase, new SoftFault(page, pte.Pfn, pte.Generation, true, 0));
        return true;
    }
}
