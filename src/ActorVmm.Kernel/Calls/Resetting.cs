using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// MEM_RESET and MEM_RESET_UNDO (fact book §11): the program does not need what some pages contain. What is not in the working set goes
/// at once, with its slot; what is in it stays as it is until it would have to be saved, and is zeros from then on. Taking the reset back
/// succeeds while nothing was lost.
/// </summary>
public sealed partial class Process
{
    private void Reset(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = AllocationChecks.Within(request, space.Vads, out Vpn first, out Vpn last);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, first, last);
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (AwaitsSoftFault(thread, start, end) || !BringTables(thread, request, outbox))
        {
            return;
        }

        if (request.Has(AllocationType.ResetUndo))
        {
            UndoReset(thread, request, start, end, outbox);
            return;
        }

        space.Resets ??= new PageMarks();
        space.Lost ??= new PageMarks();
        Vad vad = space.Vads[space.Vads.Find(start)];
        if (vad.MemCommit)
        {
            space.Resets.Set(start, end);
        }

        foreach (int cell in new CellsInRange(space.Tables, start, end))
        {
            ResetPage(cell, vad, outbox);
        }

        FlushDeleted(outbox);
        EndCall(thread, request, start, end, outbox);
    }

    private void ResetPage(int cell, in Vad vad, Outbox outbox)
    {
        AddressSpace space = Space;
        Vpn page = space.Tables.PageOf(cell);
        Pte pte = space.Tables.Pte(cell);
        if (!CommittedPages.IsCommitted(vad, pte))
        {
            space.Resets!.Clear(page);
            return;
        }

        space.Resets!.Set(page);
        if (pte.IsShared)
        {
            // Others may need it: what it contains stays, which a reset permits (R24).
            return;
        }

        if (pte.IsValid)
        {
            ClearDirty(cell, outbox);
            ref WorkingSetEntry entry = ref space.WorkingSet[(int)space.Tables.WorkingSetIndex(cell)];
            entry.Modified = false;
            entry.Reset = true;
        }
        else if (pte.Form is PteForm.Transition or PteForm.PagingFile)
        {
            Lose(cell, page, pte.Protection, outbox);
        }
    }

    /// <summary>A page whose contents nobody needs is not saved: it is zeros from now on.</summary>
    private void Lose(int cell, Vpn page, ProtectionCode protection, Outbox outbox)
    {
        DeletePage(cell, Pte.ForDemandZero(protection), UnmapCause.Deleted, outbox);
        Space.Lost!.Set(page);
    }

    private void UndoReset(int thread, in MemoryRequest request, Vpn start, Vpn end, Outbox outbox)
    {
        AddressSpace space = Space;
        Vad vad = space.Vads[space.Vads.Find(start)];
        bool reset = space.Resets?.Count(start, end) == CommittedPages.Count(vad, start, end, space.Tables);
        bool lost = space.Lost?.Count(start, end) > 0;
        foreach (int cell in new CellsInRange(space.Tables, start, end))
        {
            if (!space.Tables.Pte(cell).IsValid)
            {
                continue;
            }

            ref WorkingSetEntry entry = ref space.WorkingSet[(int)space.Tables.WorkingSetIndex(cell)];
            entry.Modified |= entry.Reset;
            entry.Reset = false;
        }

        space.Resets?.Clear(start, end);
        space.Lost?.Clear(start, end);
        EndCall(thread, request, start.Start.Value, BytesOf(start, end), reset && !lost ? NtStatus.Success : NtStatus.ConflictingAddresses, outbox);
    }
}
