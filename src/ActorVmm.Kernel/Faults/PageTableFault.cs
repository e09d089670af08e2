using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel;

/// <summary>
/// The fault inside a fault: before a PTE can be looked at, the table page that holds it must be valid, and before that the one
/// above it (fact book §16.2 step 3). A table page that does not exist yet is charged to the system and comes from a zeroed frame; one
/// that was trimmed comes back like any page. Each is counted once, when it becomes valid.
/// </summary>
public sealed partial class Process
{
    /// <summary>Marks a charge as being for page tables.</summary>
    private const int TableRequest = -1;

    /// <summary>Marks a charge as being for the page shared with Windows.</summary>
    private const int SharedDataRequest = -2;

    /// <summary>Makes the tables of a page valid, top table first. False: the thread waits and retries.</summary>
    private bool MakeTablesValid(Vpn page, int thread, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        int bottom = tables.RowOfTable(tables.Map.TableOf(page));
        while (true)
        {
            int upper = UppermostInvalid(bottom, out int depth);
            if (upper < 0)
            {
                return true;
            }

            Vpn table = tables.TablePageOf(upper);
            Pte entry = tables.Table(upper).Entry;
            switch (entry.Form)
            {
                case PteForm.Zero:
                    // Below a table that does not exist nothing exists: all of them are needed, and then the page itself.
                    if (!HaveForTables(depth, thread, outbox))
                    {
                        return false;
                    }

                    Space.TableCredits--;
                    MapTable(upper, table, TakeKept(outbox), outbox);
                    StateCommit(outbox);
                    break;
                case PteForm.Transition when Space.FindBlock(table) < 0:
                    AskSoftFault(thread, table, entry, outbox);
                    return false;
                case PteForm.PagingFile when Space.FindBlock(table) < 0:
                    OpenRead(thread, table, outbox);
                    return false;
                case PteForm.Transition or PteForm.PagingFile:
                    JoinRead(thread, table, outbox);
                    return false;
                case PteForm.Valid or PteForm.Prototype or PteForm.DemandZero or PteForm.NoAccess or PteForm.Decommitted:
                default:
                    throw new BugCheckException(0x1A, FormattableString.Invariant($"the PTE of table page {table} is {entry.Form}"));
            }
        }
    }

    /// <summary>The highest table on the way to this one that is not valid, or −1; and how many levels from there down.</summary>
    private int UppermostInvalid(int bottom, out int depth)
    {
        PageTables tables = Space.Tables;
        int upper = -1;
        depth = 0;
        int level = 0;
        for (int row = bottom; row >= 0; row = tables.Table(row).Parent)
        {
            level++;
            if (!tables.Table(row).Entry.IsValid)
            {
                upper = row;
                depth = level;
            }
        }

        return upper;
    }

    /// <summary>
    /// Whether there are charge and frames for so many new tables; what lacks is asked for, the charge first: frames for tables that are
    /// refused would be waited for in vain, and everybody else would wait behind them.
    /// </summary>
    private bool HaveForTables(int tables, int thread, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.TableCredits < tables)
        {
            WaitForCharge(thread, tables - space.TableCredits, outbox);
            return false;
        }

        if (space.Kept.Count < tables)
        {
            WaitForMemory(thread, tables + 1, outbox);
            return false;
        }

        return true;
    }

    private void MapTable(int row, Vpn page, Pfn frame, Outbox outbox)
    {
        ref TablePage table = ref Space.Tables.Table(row);
        EnterPte(page, frame, table.Stamp);
        if (table.Stamp == 0)
        {
            // A table is written as soon as it exists; from now on a lost one would be noticed.
            table.Stamp = NewStamp();
            _machine.Contents[frame] = new ContentStamp(table.Stamp);
        }

        Space.Tables.WriteTable(row, Pte.ForValid(frame, ProtectionCode.ReadWrite).WithDirty);
        CountKind(FaultKind.PageTable);
        outbox.Spend(new Ticks(_machine.Costs.DemandZeroFault));
        outbox.State(new PageMapped(page, new ContentStamp(table.Stamp), frame, FaultKind.PageTable, true, 0));
    }

    private void TableAnswered(SoftFaultAnswered answer, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        int row = tables.FindTable(answer.Vpn);
        Pte hint = tables.Table(row).Entry;
        Invariant.Holds(
            hint.Form == PteForm.Transition && hint.Pfn == answer.Pfn && hint.Generation == answer.Generation,
            "a table page keeps its hint until the soft fault on it is answered");
        switch (answer.Result)
        {
            case SoftFaultResult.StillThere or SoftFaultResult.Handed:
                return;
            case SoftFaultResult.Repurposed:
                Invariant.Holds(!answer.Slot.IsNone, "a table page is written before its frame is given away");
                tables.WriteTable(row, Pte.ForPagingFile(answer.Slot, hint.Protection));
                outbox.State(new HintDropped(answer.Vpn, answer.Slot, answer.Pfn, 0));
                return;
            case SoftFaultResult.RelinkedFromStandby or SoftFaultResult.RelinkedFromModified:
                MapTable(row, answer.Vpn, answer.Pfn, outbox);
                return;
        }
    }

    /// <summary>A table page that maps nothing leaves memory like any other page; it always differs from its copy.</summary>
    private void TrimTable(int row, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        ref TablePage table = ref tables.Table(row);
        Vpn page = tables.TablePageOf(row);
        Pfn frame = table.Entry.Pfn;
        LeavePte(page, frame, ref table.Stamp, true, outbox);
        Generation generation = NextGeneration();
        tables.WriteTable(row, Pte.ForTransition(frame, ProtectionCode.ReadWrite, generation));
        outbox.State(new PageUnmapped(page, new ContentStamp(table.Stamp), frame, generation, UnmapCause.Trimmed, true));
        outbox.Send(_machine.Cast.PfnDatabase, new TrimPage(page, frame, generation, ProtectionCode.ReadWrite.Value, true));
    }

    /// <summary>Table pages without entries are given back, and their charge with them.</summary>
    private void FreeEmptyTables(Outbox outbox)
    {
        PageTables tables = Space.Tables;
        int freed = 0;
        for (int row = tables.TableCount - 1; row >= 0; row--)
        {
            ref TablePage table = ref tables.Table(row);
            Vpn page = tables.TablePageOf(row);
            if (table.Used > 0 || table.Entry == Pte.Zero || Space.FindSoftFault(page) >= 0 || Space.FindBlock(page) >= 0)
            {
                continue;
            }

            DeleteEntry(page, table.Entry, ref table.Stamp, outbox);
            tables.WriteTable(row, Pte.Zero);
            freed++;
        }

        FlushDeleted(outbox);
        ReturnCommit((ulong)freed, CommitKind.PageTable, outbox);
    }

    private void ReturnUnusedCredits(Outbox outbox)
    {
        if (Space.TableCredits == 0 || _chargeAsked)
        {
            return;
        }

        for (int thread = 0; thread < _threadCount; thread++)
        {
            if (_threads[thread].Wait is ThreadWait.Memory or ThreadWait.TableCharge or ThreadWait.None)
            {
                // Somebody may still be about to use them.
                return;
            }
        }

        var unused = (ulong)Space.TableCredits;
        Space.TableCredits = 0;
        ReturnCommit(unused, CommitKind.PageTable, outbox);
    }
}
