using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// Pages of prototype PTEs, which are paged pool themselves (R23): 1. one is charged and comes from a zeroed frame when the first of its pages is
/// faulted on; 2. while prototype PTEs in it are valid or in transition, or about to be, it stays; 3. the working-set manager hears of those
/// that nobody maps a page through, and asks for them; 4. where only hints are left, the section looks whether they are still good; 5. one
/// without any leaves memory like any page, and the next fault on one of its pages brings it in first: a fault inside a fault.
/// </summary>
public sealed partial class Section
{
    private const int PeeksPerTrim = 8;
    private const int PeekingPass = 3;

    private int _reportedTables;
    private uint _faults;
    private bool _reported;

    private void EncodeTables(StateCodec codec)
    {
        codec.Field("reported tables", ref _reportedTables);
        codec.Field("faults", ref _faults);
        codec.Field("reported", ref _reported);
    }

    /// <summary>A page of prototype PTEs is paged pool: charged, from a zeroed frame, and out of memory when nothing in it is in use (R23).</summary>
    private void BringInTable(Vpn table, int row, Outbox outbox)
    {
        Pte entry = _prototypes.Table(row).Entry;
        switch (entry.Form)
        {
            case PteForm.Zero:
                int block = _blocks.Add(table, PrototypePhase.Charge);
                outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit(1, block, CommitKind.Prototype));
                break;
            case PteForm.Transition:
                AskSoftFault(table, entry, outbox);
                break;
            case PteForm.PagingFile:
                OpenRead(table, entry.Slot, outbox);
                break;
            case PteForm.Valid or PteForm.Prototype or PteForm.DemandZero or PteForm.NoAccess or PteForm.Decommitted:
            default:
                throw new BugCheckException(0x1A, FormattableString.Invariant($"the PTE of prototype page {table} is {entry.Form}"));
        }
    }

    /// <summary>A page of prototype PTEs is there: those whose prototype PTEs are in it go on.</summary>
    private void GoOn(Vpn table, Outbox outbox)
    {
        for (int block = 0; block < _blocks.Count; block++)
        {
            PrototypeBlock waiting = _blocks[block];
            if (waiting.Phase == PrototypePhase.Table && SelfMap.Prototypes.TableOf(waiting.Page) == table)
            {
                _blocks.Close(block);
                BringIn(waiting.Page, waiting.Found, outbox);
            }
        }
    }

    /// <summary>Pages that cannot be had because the page of their prototype PTEs cannot.</summary>
    private void RefuseAllIn(Vpn table, NtStatus status, Outbox outbox)
    {
        for (int block = 0; block < _blocks.Count; block++)
        {
            Vpn page = _blocks[block].Page;
            if (_blocks[block].Phase == PrototypePhase.Table && SelfMap.Prototypes.TableOf(page) == table)
            {
                _blocks.Close(block);
                Refuse(page, status, outbox);
            }
        }
    }

    private void MapTable(Vpn table, Pfn frame, Outbox outbox)
    {
        int row = _prototypes.FindTable(table);
        ref ulong stamp = ref _prototypes.Table(row).Stamp;
        Compare(table, frame, stamp);
        if (stamp == 0)
        {
            // It is written as soon as it exists; from now on a lost one would be noticed.
            ContentStamp written = NewStamp();
            stamp = written.Value;
            _machine.Contents[frame] = written;
        }

        _prototypes.WriteTable(row, Pte.ForValid(frame, ProtectionCode.ReadWrite).WithDirty);
        outbox.State(new PageMapped(table, new ContentStamp(stamp), frame, FaultKind.PageTable, true, 0));
    }

    /// <summary>Tells the working-set manager of tables that may go, when there are more than it knows of.</summary>
    private void ReportTables(Outbox outbox)
    {
        int idle = CountIdleTables();
        if (idle > _reportedTables)
        {
            _reported = true;
            _reportedTables = idle;
            outbox.Send(_machine.Cast.WorkingSetManager, new WorkingSetChanged(idle, 0, 0, 0, _faults, 0));
        }
    }

    private int CountIdleTables()
    {
        int idle = 0;
        for (int row = 0; row < _prototypes.TableCount; row++)
        {
            idle += _prototypes.Table(row) is { Entry.IsValid: true, Valid: 0 } ? 1 : 0;
        }

        return idle;
    }

    private void TrimWorkingSet(TrimWorkingSet trim, Outbox outbox)
    {
        int trimmed = 0;
        int peeks = trim.Pass >= PeekingPass ? PeeksPerTrim : 0;
        for (int row = 0; row < _prototypes.TableCount && trimmed < trim.Goal && _state == SegmentState.Alive; row++)
        {
            ref TablePage table = ref _prototypes.Table(row);
            if (table is not { Entry.IsValid: true, Valid: 0 } || _blocks.Needs(_prototypes.TablePageOf(row)))
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

        outbox.Spend(new Ticks(trimmed * _machine.Costs.TrimmedPage));
        _reportedTables = CountIdleTables();
        outbox.Send(_machine.Cast.WorkingSetManager, new WorkingSetTrimmed(trimmed, _reportedTables, 0));
    }

    private void TrimTable(int row, Outbox outbox)
    {
        ref TablePage table = ref _prototypes.Table(row);
        Invariant.Holds(table.Resident == 0, "a page of prototype PTEs stays while one of them is valid or in transition");
        Vpn page = _prototypes.TablePageOf(row);
        Pfn frame = table.Entry.Pfn;
        Compare(page, frame, table.Stamp);
        ContentStamp stored = NewStamp();
        table.Stamp = stored.Value;
        _machine.Contents[frame] = stored;
        outbox.State(new PageStored(page, stored, frame, 0));
        Generation generation = NextGeneration();
        _prototypes.WriteTable(row, Pte.ForTransition(frame, ProtectionCode.ReadWrite, generation));
        outbox.State(new PageUnmapped(page, stored, frame, generation, UnmapCause.Trimmed, true));
        outbox.Send(_machine.Cast.PfnDatabase, new TrimPage(page, frame, generation, ProtectionCode.ReadWrite.Value, true));
    }

    /// <summary>Asks whether the hints of one table are still good: nobody has told the section of those that are not.</summary>
    private int PeekThrough(int row, int most, Outbox outbox)
    {
        int asked = 0;
        for (int chunk = 0; chunk < _prototypes.ChunkCount && asked < most; chunk++)
        {
            int first = chunk * PageTables.ChunkLength;
            for (int cell = first; _prototypes.TableRowOfChunk(chunk) == row && cell < first + PageTables.ChunkLength && asked < most; cell++)
            {
                Pte hint = _prototypes.Pte(cell);
                if (hint.Form == PteForm.Transition)
                {
                    Vpn page = _prototypes.PageOf(cell);
                    _ = _blocks.Add(page, PrototypePhase.Peek);
                    outbox.Send(_machine.Cast.PfnDatabase, new SoftFault(page, hint.Pfn, hint.Generation, true, 0));
                    asked++;
                }
            }
        }

        return asked;
    }
}
