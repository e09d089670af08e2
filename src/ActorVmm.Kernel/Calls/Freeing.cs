using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>NtFreeVirtualMemory (fact book §7): pages are decommitted, or a range leaves its VAD; placeholders have a file of their own.</summary>
public sealed partial class Process
{
    private void Free(int thread, in MemoryRequest request, Outbox outbox)
    {
        if (Space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.Free(request, Space, Limits, _machine.Platform.Version, out Vpn start, out Vpn end);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, start, end);
        }

        if (request.Has(AllocationType.Decommit))
        {
            Decommit(thread, request, outbox);
        }
        else if (request.Has(AllocationType.CoalescePlaceholders))
        {
            Coalesce(thread, request, outbox);
        }
        else if (request.Has(AllocationType.PreservePlaceholder))
        {
            Preserve(thread, request, outbox);
        }
        else
        {
            Release(thread, request, outbox);
        }
    }

    private void Decommit(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        ref Vad vad = ref space.Vads[space.Vads.Find(start)];
        bool whole = vad.Start == start && vad.End == end;
        if (AwaitsSoftFault(thread, start, end) || (!whole && !HasTables(vad.MemCommit, thread, request, outbox)))
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

        // Windows since 10 1803 reports size 0 when the caller said 0 (fact book §7).
        bool saysNothing = request.Size == 0 && _machine.Platform.Version >= WindowsVersion.Windows10Release1803;
        EndCall(thread, request, start.Start.Value, saysNothing ? 0 : BytesOf(start, end), NtStatus.Success, outbox);
    }

    private void Release(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (AwaitsSoftFault(thread, start, end))
        {
            return;
        }

        int index = space.Vads.Find(start);
        ReturnPool(space.Vads[index], outbox);
        if (space.Vads[index].Kind == VadKind.LargePages)
        {
            ReleaseLarge(thread, index, request, outbox);
            return;
        }

        ulong committed = DeleteCommitted(space.Vads[index], start, end, outbox);
        space.Written?.Clear(start, end);
        CutOut(index, start, end, committed, outbox);
        space.VirtualPages -= end.Value - start.Value + 1;
        space.PrivateCommit -= committed;
        FreeEmptyTables(outbox);
        ReturnCommit(committed, CommitKind.Private, outbox);
        EndCall(thread, request, start, end, outbox);
    }

    private void ReleaseLarge(int thread, int index, in MemoryRequest request, Outbox outbox)
    {
        Vad vad = Space.Vads[index];
        DeleteLarge(vad, UnmapCause.Deleted, outbox);
        RemoveVad(index, outbox);
        Space.PrivateCommit -= vad.CommitCharge;
        FreeEmptyTables(outbox);
        ReturnCommit(vad.CommitCharge, CommitKind.Private, outbox);
        EndCall(thread, request, vad.Start, vad.End, outbox);
    }

    /// <summary>Deletes the pages of a range whose VAD goes too; returns how many were committed.</summary>
    private ulong DeleteCommitted(in Vad vad, Vpn start, Vpn end, Outbox outbox)
    {
        ulong committed = CommittedPages.Count(vad, start, end, Space.Tables);
        DeletePages(start, end, Pte.Zero, false, outbox);
        FlushDeleted(outbox);
        return committed;
    }

    private void DeletePages(Vpn start, Vpn end, Pte replacement, bool alsoUntouched, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        Space.Resets?.Clear(start, end);
        Space.Lost?.Clear(start, end);
        Space.Failed?.Clear(start, end);
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
        ulong headCharge = 0;
        if (old.Start.Value < start.Value)
        {
            Vad head = old;
            head.End = new Vpn(start.Value - 1);
            headCharge = CommittedPages.Count(head, head.Start, head.End, Space.Tables);
            head.CommitCharge = headCharge;
            vads.Insert(head);
            StateVad(head, outbox);
        }

        if (old.End.Value > end.Value)
        {
            Vad tail = old;
            tail.Start = new Vpn(end.Value + 1);
            tail.CommitCharge = old.CommitCharge - committed - headCharge;
            vads.Insert(tail);
            StateVad(tail, outbox);
        }
    }
}
