using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>What the processor does when its TLB has no translation: it walks the page tables. What it does not find there is a page fault.</summary>
public sealed partial class Process
{
    /// <summary>Walks the page tables and, when the access is allowed, sets the accessed and dirty bits and caches the translation.</summary>
    /// <param name="thread">Whose access it is.</param>
    /// <param name="page">Which page.</param>
    /// <param name="access">What for.</param>
    /// <param name="position">Of the access in the thread's program.</param>
    /// <param name="watch">Somebody wants to see every access: it is shown, and no translation is cached.</param>
    /// <param name="outbox">The turn's outbox.</param>
    private bool Walk(int thread, Vpn page, AccessKind access, long position, bool watch, Outbox outbox)
    {
        AddressSpace space = _space!;
        int cell = space.Tables.FindCell(page);
        if (cell < 0)
        {
            return false;
        }

        // Its tables need no look: as long as they hold a valid entry they stay in memory.
        ref Pte pte = ref space.Tables.Pte(cell);
        if (!pte.Permits(access) || (pte.IsExecuteOnly && access != AccessKind.Execute))
        {
            return false;
        }

        pte = pte.After(access);
        if (_plan.Replacement == Replacement.Lru)
        {
            space.WorkingSet.MakeLast((int)space.Tables.WorkingSetIndex(cell));
        }

        if (watch)
        {
            Observe(thread, page, cell, access, position, outbox);
        }
        else if (!pte.IsOrdered && !pte.IsExecuteOnly)
        {
            // A translation does not know of protection keys: such pages are walked to each time.
            Cache(page, cell, pte);
        }

        return true;
    }

    private void Cache(Vpn page, int cell, Pte pte)
    {
        Tlb tlb = _space!.Tlb;
        tlb.Fill(page, pte);
        if (_plan.Replacement == Replacement.Lru)
        {
            tlb.Note(page, (int)_space.Tables.WorkingSetIndex(cell));
        }
    }

    /// <summary>For a replacement policy that knows the future, and for checking contents on every access.</summary>
    private void Observe(int thread, Vpn page, int cell, AccessKind access, long position, Outbox outbox)
    {
        AddressSpace space = Space;
        if (_plan.Replacement == Replacement.Opt && thread < _plan.Threads.Count && _plan.Threads[thread] is IForesight foresight)
        {
            space.WorkingSet.SetNextUse((int)space.Tables.WorkingSetIndex(cell), foresight.NextUse(position));
        }

        if (_machine.Policy.CheckEveryAccess && !space.Tables.Pte(cell).IsShared)
        {
            CheckContents(page, cell, access, outbox);
        }
    }
}
