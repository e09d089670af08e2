using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>The accesses of a thread, one after the other: what nearly all of a run's time is spent on.</summary>
public sealed partial class Process
{
    /// <summary>Accesses up to the first operation that is none, that has to wait, or that raised an exception.</summary>
    /// <returns>How many of the operations are done.</returns>
    private int RunAccesses(int thread, ReadOnlySpan<Operation> operations, Outbox outbox)
    {
        if (!operations[0].IsAccess)
        {
            return 0;
        }

        AddressSpace space = Space;
        long position = _threads[thread].Position;
        long missesBefore = space.Tlb.Misses;

        // An access that is retried after a fault is followed to its end, so that its fault is seen to be over; a visitor's, so that it
        // is answered.
        bool follow = _threads[thread].Fault != FaultProgress.None || thread >= _plan.Threads.Count;
        bool watch = IsWatched;
        bool shares = space.Views is { Ordered: > 0 };
        bool ordered = _plan.Replacement == Replacement.Lru;
        int done = 0;
        ReadOnlySpan<ulong> tlb = space.Tlb.Entries;
        for (; done < operations.Length; done++)
        {
            ref readonly Operation operation = ref operations[done];
            if (!operation.IsAccess)
            {
                break;
            }

            ulong page = operation.Address >> PageSize.Shift;
            ulong needed = 1 | ((ulong)operation.Kind << 1);
            if (!(watch | follow) && Tlb.Hits(tlb[(int)(page & (uint)(tlb.Length - 1))], page, needed))
            {
                if (ordered)
                {
                    space.WorkingSet.MakeLast(space.Tlb.Noted(page));
                }

                continue;
            }

            if (follow || (shares && IsOrdered(new Vpn(page))) || !Walk(thread, new Vpn(page), (AccessKind)operation.Kind, position + done, watch, outbox))
            {
                if (Access(thread, operation, position + done, outbox) == AccessOutcome.Waits)
                {
                    break;
                }

                follow = false;
            }

            tlb = space.Tlb.Entries;
        }

        Counters.Accesses += done;
        outbox.Spend(new Ticks((done * _machine.Costs.Access) + ((space.Tlb.Misses - missesBefore) * _machine.Costs.PageWalk)));
        return done;
    }

    /// <summary>Whether somebody must see every access with its position and its contents, so that none may hit the TLB.</summary>
    private bool IsWatched => _machine.Policy.CheckEveryAccess || _plan.Replacement == Replacement.Opt;
}
