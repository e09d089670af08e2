using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// NtAllocateVirtualMemory, NtFreeVirtualMemory and NtProtectVirtualMemory for private memory, with their checks in Windows' order
/// (fact book §6 to §8). One call at a time per process, as under the address-creation mutex: 1. it is checked (CallChecks.cs); 2. what it
/// promises is charged, and the page tables it will write are made valid, which may fault and wait (MemoryCallWaits.cs); 3. it takes effect
/// in one turn.
/// </summary>
public sealed partial class Process
{
    private void Call(int thread, Operation operation, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase != CallPhase.None && space.Call.Thread != thread)
        {
            _threads[thread].Wait = ThreadWait.AddressCreation;
            return;
        }

        outbox.Spend(new Ticks(_machine.Costs.Call));
        switch (operation.Kind)
        {
            case OperationKind.Reserve or OperationKind.ReserveCommit: Reserve(thread, operation, outbox); break;
            case OperationKind.Commit when operation.Address == 0: Reserve(thread, operation, outbox); break;
            case OperationKind.Commit: Commit(thread, operation, outbox); break;
            case OperationKind.Decommit: Decommit(thread, operation, outbox); break;
            case OperationKind.Release: Release(thread, operation, outbox); break;
            case OperationKind.Protect: Protect(thread, operation, outbox); break;
            case OperationKind.Read or OperationKind.Write or OperationKind.Execute or OperationKind.Idle or OperationKind.Exit:
            default:
                throw new BugCheckException(0, FormattableString.Invariant($"{operation.Kind} is no memory call"));
        }
    }

    private void Reserve(int thread, Operation operation, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.Reserve(operation, space.Vads, out Vpn start, out Vpn end);
            if (status != NtStatus.Success)
            {
                EndCall(thread, operation, default, default, status, outbox);
                return;
            }

            BeginCall(thread, start, end);
            if (operation.Kind != OperationKind.Reserve && !Charge(thread, end.Value - start.Value + 1, operation, outbox))
            {
                return;
            }
        }

        MemoryCall call = space.Call;
        if (call.Refused != NtStatus.Success)
        {
            EndCall(thread, operation, default, default, call.Refused, outbox);
            return;
        }

        _ = ProtectionCode.TryFrom(operation.Protection, out ProtectionCode protection);
        var vad = new Vad
        {
            Start = call.Start,
            End = call.End,
            CommitCharge = call.Charged,
            AllocationProtection = operation.Protection,
            Protection = protection,
            MemCommit = operation.Kind != OperationKind.Reserve,
        };
        space.Vads.Insert(vad);
        space.VirtualPages += vad.Pages;
        space.PeakVirtualPages = Math.Max(space.PeakVirtualPages, space.VirtualPages);
        space.PrivateCommit += call.Charged;
        StateVad(vad, outbox);
        EndCall(thread, operation, call.Start, call.End, NtStatus.Success, outbox);
    }

    private void Commit(int thread, Operation operation, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.Commit(operation, space.Vads, out Vpn first, out Vpn last);
            if (status != NtStatus.Success)
            {
                EndCall(thread, operation, default, default, status, outbox);
                return;
            }

            BeginCall(thread, first, last);
            ulong committed = CommittedPages.Count(space.Vads[space.Vads.Find(first)], first, last, space.Tables);
            if (!Charge(thread, last.Value - first.Value + 1 - committed, operation, outbox))
            {
                return;
            }
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (!BuildTables(thread, operation, outbox))
        {
            return;
        }

        _ = ProtectionCode.TryFrom(operation.Protection, out ProtectionCode protection);
        ref Vad vad = ref space.Vads[space.Vads.Find(start)];
        for (ulong page = start.Value; page <= end.Value; page++)
        {
            int cell = space.Tables.CellOf(new Vpn(page));
            if (CommittedPages.IsCommitted(vad, space.Tables.Pte(cell)))
            {
                SetProtection(cell, protection, outbox);
            }
            else
            {
                space.Tables.Write(cell, Pte.ForDemandZero(protection));
            }
        }

        vad.CommitCharge += space.Call.Charged;
        space.PrivateCommit += space.Call.Charged;
        StateVad(vad, outbox);
        EndCall(thread, operation, start, end, NtStatus.Success, outbox);
    }

    private void Decommit(int thread, Operation operation, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.Free(operation, space.Vads, out Vpn first, out Vpn last);
            if (status != NtStatus.Success)
            {
                EndCall(thread, operation, default, default, status, outbox);
                return;
            }

            BeginCall(thread, first, last);
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        ref Vad vad = ref space.Vads[space.Vads.Find(start)];
        bool whole = vad.Start == start && vad.End == end;
        if (AwaitsSoftFault(thread, start, end) || (!whole && !HasTables(vad.MemCommit, thread, operation, outbox)))
        {
            return;
        }

        ulong committed = CommittedPages.Count(vad, start, end, space.Tables);
        DeletePages(start, end, whole ? Pte.Zero : Pte.Decommitted, vad.MemCommit && !whole, outbox);
        vad.MemCommit &= !whole;
        vad.CommitCharge -= committed;
        space.PrivateCommit -= committed;
        StateVad(vad, outbox);
        FlushDeleted(outbox);
        if (whole)
        {
            FreeEmptyTables(outbox);
        }

        ReturnCommit(committed, CommitKind.Private, outbox);

        // Windows since 10 reports size 0 when the caller said 0 (fact book §7).
        Vpn reported = operation.Argument == 0 ? new Vpn(start.Value - 1) : end;
        EndCall(thread, operation, start, reported, NtStatus.Success, outbox);
    }

    private void Release(int thread, Operation operation, Outbox outbox)
    {
        AddressSpace space = Space;
        NtStatus status = CallChecks.Free(operation, space.Vads, out Vpn start, out Vpn end);
        if (status != NtStatus.Success)
        {
            EndCall(thread, operation, default, default, status, outbox);
            return;
        }

        BeginCall(thread, start, end);
        if (AwaitsSoftFault(thread, start, end))
        {
            return;
        }

        int index = space.Vads.Find(start);
        ulong committed = CommittedPages.Count(space.Vads[index], start, end, space.Tables);
        DeletePages(start, end, Pte.Zero, false, outbox);
        FlushDeleted(outbox);
        CutOut(index, start, end, committed, outbox);
        space.VirtualPages -= end.Value - start.Value + 1;
        space.PrivateCommit -= committed;
        FreeEmptyTables(outbox);
        ReturnCommit(committed, CommitKind.Private, outbox);
        EndCall(thread, operation, start, end, NtStatus.Success, outbox);
    }

    private void Protect(int thread, Operation operation, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.Protect(operation, space, out Vpn first, out Vpn last);
            if (status != NtStatus.Success)
            {
                EndCall(thread, operation, default, default, status, outbox);
                return;
            }

            BeginCall(thread, first, last);
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (!BuildTables(thread, operation, outbox))
        {
            return;
        }

        PageProtection old = CommittedPages.ProtectionOf(space.Vads[space.Vads.Find(start)], start, space).ToPageProtection();
        _ = ProtectionCode.TryFrom(operation.Protection, out ProtectionCode protection);
        for (ulong page = start.Value; page <= end.Value; page++)
        {
            SetProtection(space.Tables.CellOf(new Vpn(page)), protection, outbox);
        }

        EndCall(thread, operation, start, end, NtStatus.Success, outbox, old);
    }

    /// <summary>
    /// A resident page that may not be accessed, or not without notice, leaves the working set (fact book §4.3); undoing that brings
    /// it back by a soft fault.
    /// </summary>
    private void SetProtection(int cell, ProtectionCode protection, Outbox outbox)
    {
        AddressSpace space = Space;
        ref Pte pte = ref space.Tables.Pte(cell);
        if (!pte.IsValid)
        {
            space.Tables.Write(cell, pte == Pte.Zero ? Pte.ForDemandZero(protection) : pte.WithProtection(protection));
            return;
        }

        if (protection.IsNoAccess || protection.IsGuard)
        {
            UnmapPage(cell, UnmapCause.ProtectionChanged, protection, outbox);
            return;
        }

        ref WorkingSetEntry entry = ref space.WorkingSet[(int)space.Tables.WorkingSetIndex(cell)];
        entry.Protection = protection;
        pte = pte.WithRights(protection);
        space.Tlb.Flush(entry.Page);
    }

    private void DeletePages(Vpn start, Vpn end, Pte replacement, bool alsoUntouched, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        if (alsoUntouched)
        {
            for (ulong page = start.Value; page <= end.Value; page++)
            {
                DeletePage(tables.CellOf(new Vpn(page)), replacement, UnmapCause.Deleted, outbox);
            }

            return;
        }

        foreach (int cell in new CellsInRange(tables, start, end))
        {
            if (tables.Pte(cell) != Pte.Zero)
            {
                DeletePage(cell, replacement, UnmapCause.Deleted, outbox);
            }
        }
    }

    /// <summary>Takes a range out of a VAD: all of it, its head, its tail, or its middle, which leaves two.</summary>
    private void CutOut(int index, Vpn start, Vpn end, ulong committed, Outbox outbox)
    {
        VadTree vads = Space.Vads;
        Vad old = vads[index];
        vads.RemoveAt(index);
        outbox.State(new VadCommitChanged(old.Start, 0, 0));
        Vad head = old;
        head.End = new Vpn(start.Value - 1);
        Vad tail = old;
        tail.Start = new Vpn(end.Value + 1);
        bool hasHead = old.Start.Value < start.Value;
        bool hasTail = old.End.Value > end.Value;
        head.CommitCharge = hasHead ? CommittedPages.Count(head, head.Start, head.End, Space.Tables) : 0;
        tail.CommitCharge = old.CommitCharge - committed - head.CommitCharge;
        if (hasHead)
        {
            vads.Insert(head);
            StateVad(head, outbox);
        }

        if (hasTail)
        {
            vads.Insert(tail);
            StateVad(tail, outbox);
        }
    }

    private static void StateVad(in Vad vad, Outbox outbox) => outbox.State(new VadCommitChanged(vad.Start, vad.Pages, vad.CommitCharge));

    private void BeginCall(int thread, Vpn start, Vpn end) =>
        Space.Call = new MemoryCall { Thread = thread, Phase = CallPhase.BuildingTables, Start = start, End = end };

    private void EndCall(int thread, Operation operation, Vpn start, Vpn end, NtStatus status, Outbox outbox, PageProtection old = PageProtection.None)
    {
        Space.Call = default;
        ref ThreadState state = ref _threads[thread];
        state.Position++;
        state.Wait = ThreadWait.None;
        ulong size = status == NtStatus.Success ? (end.Value + 1 - start.Value) << PageSize.Shift : 0;
        if (state.ShortOfMemory)
        {
            state.ShortOfMemory = false;
            outbox.State(new MemoryWait(thread, 0));
        }

        StateCommit(outbox);
        outbox.State(new CallCompleted(start.Start.Value, size, status, thread, operation.Kind, 0, 0, 0));
        Answer(thread, start.Start.Value, size, status, old, outbox);
        Wake(ThreadWait.AddressCreation);
    }
}
