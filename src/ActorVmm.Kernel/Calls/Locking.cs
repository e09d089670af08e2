using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// NtLockVirtualMemory and NtUnlockVirtualMemory (fact book §10): locked pages stay in the working set while the process is in memory.
/// There is no counting. Emptying a working set leaves them where they are.
/// </summary>
public sealed partial class Process
{
    /// <summary>Pages of the working set that must stay unlocked.</summary>
    private const int LockOverhead = 8;

    private void Lock(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.Lock(request, space, Limits, out Vpn first, out Vpn last);
            if (status != NtStatus.Success || IsOverLockLimit(first, last))
            {
                Refuse(thread, request, status != NtStatus.Success ? status : NtStatus.WorkingSetQuota, outbox);
                return;
            }

            BeginCall(thread, first, last);
        }

        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        if (!BringIn(thread, start, end, outbox, out NtStatus failure))
        {
            return;
        }

        if (failure != NtStatus.Success)
        {
            Refuse(thread, request, failure, outbox);
            return;
        }

        bool fresh = false;
        for (ulong page = start.Value; page <= end.Value; page++)
        {
            ref WorkingSetEntry entry = ref space.WorkingSet[(int)space.Tables.WorkingSetIndex(space.Tables.FindCell(new Vpn(page)))];
            fresh |= !entry.Locked;
            entry.Locked = true;
        }

        EndCall(thread, request, start.Start.Value, BytesOf(start, end), fresh ? NtStatus.Success : NtStatus.WasLocked, outbox);
    }

    /// <summary>Touches pages until all of them are in memory at once: bringing one in may have put another out.</summary>
    private bool BringIn(int thread, Vpn start, Vpn end, Outbox outbox, out NtStatus failure, AccessKind access = AccessKind.Read)
    {
        failure = NtStatus.Success;
        bool touched = true;
        while (touched)
        {
            touched = false;
            for (ulong page = start.Value; page <= end.Value; page++)
            {
                Pte pte = Space.Tables.Read(new Vpn(page));
                if (pte.IsValid && pte.Permits(access))
                {
                    EndFaultOn(thread, new Vpn(page), access, outbox);
                    continue;
                }

                touched = true;
                if (!Touch(thread, new Vpn(page), access, outbox, out failure))
                {
                    return false;
                }

                if (failure != NtStatus.Success)
                {
                    return true;
                }
            }
        }

        return true;
    }

    /// <summary>A fault of this thread on this page has been answered while it waited.</summary>
    private void EndFaultOn(int thread, Vpn page, AccessKind access, Outbox outbox)
    {
        if (_threads[thread].Fault != FaultProgress.None && _threads[thread].FaultPage == page)
        {
            EndFault(thread, page, access, NtStatus.Success, outbox);
        }
    }

    private bool IsOverLockLimit(Vpn start, Vpn end)
    {
        WorkingSet set = Space.WorkingSet;
        ulong locked = end.Value - start.Value + 1;
        for (int index = 1; index < set.Limit; index++)
        {
            ref WorkingSetEntry entry = ref set[index];
            bool outside = entry.Page.Value < start.Value || entry.Page.Value > end.Value;
            locked += entry.Valid && entry.Locked && outside ? 1UL : 0;
        }

        int most = Math.Min(_plan.WorkingSet.Minimum, _plan.WorkingSet.Maximum) - LockOverhead;
        return locked > (ulong)Math.Max(0, most);
    }

    /// <summary>A page of the range that is not locked leaves the working set, and the others stay locked: what programs use it for.</summary>
    private void Unlock(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        NtStatus status = CallChecks.Lock(request, space, Limits, out Vpn start, out Vpn end);
        if (status != NtStatus.Success)
        {
            Refuse(thread, request, status, outbox);
            return;
        }

        ulong locked = 0;
        foreach (int cell in new CellsInRange(space.Tables, start, end))
        {
            locked += IsLocked(cell) ? 1UL : 0;
        }

        bool all = locked == end.Value - start.Value + 1;
        foreach (int cell in new CellsInRange(space.Tables, start, end))
        {
            if (!space.Tables.Pte(cell).IsValid)
            {
                continue;
            }

            ref WorkingSetEntry entry = ref space.WorkingSet[(int)space.Tables.WorkingSetIndex(cell)];
            if (all)
            {
                entry.Locked = false;
            }
            else if (!entry.Locked)
            {
                UnmapPage(cell, UnmapCause.Trimmed, entry.Protection, outbox);
            }
        }

        EndCall(thread, request, start.Start.Value, BytesOf(start, end), all ? NtStatus.Success : NtStatus.NotLocked, outbox);
    }

    private bool IsLocked(int cell) =>
        Space.Tables.Pte(cell).IsValid && Space.WorkingSet[(int)Space.Tables.WorkingSetIndex(cell)].Locked;

    private void EmptyWorkingSet(int thread, in MemoryRequest request, Outbox outbox)
    {
        WorkingSet set = Space.WorkingSet;
        int limit = request.HandleStatus == NtStatus.Success ? set.Limit : 0;
        for (int index = 1; index < limit; index++)
        {
            ref WorkingSetEntry entry = ref set[index];
            if (entry.Valid && !entry.Locked)
            {
                UnmapPage(entry.Cell, UnmapCause.Trimmed, entry.Protection, outbox);
            }
        }

        Refuse(thread, request, request.HandleStatus, outbox);
    }
}
