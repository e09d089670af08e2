using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// Write watch (fact book §10): which pages of an allocation were stored to. As long as a page is valid its dirty bit knows; when it
/// leaves its PTE the mark is kept beside the page tables, and outlives even a decommit.
/// </summary>
public sealed partial class Process
{
    private void GetWriteWatch(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        NtStatus status = CallChecks.WriteWatch(request, space, Limits, out Vpn start, out Vpn end);
        if (status != NtStatus.Success)
        {
            Refuse(thread, request, status, outbox);
            return;
        }

        foreach (int cell in new CellsInRange(space.Tables, start, end))
        {
            if (space.Tables.Pte(cell) is { IsValid: true, IsDirty: true })
            {
                space.Written!.Set(space.Tables.PageOf(cell));
            }
        }

        List<Vpn> pages = space.Written!.In(start, end, (uint)request.Protection);
        if (request.Type != AllocationType.None)
        {
            pages.ForEach(page => Unmark(page, outbox));
        }

        ConcludeCall(thread, request, start.Start.Value, BytesOf(start, end), NtStatus.Success, outbox);
        AnswerWords(thread, start.Start.Value, BytesOf(start, end), (uint)pages.Count, [.. pages.Select(page => page.Start.Value)], outbox);
    }

    private void ResetWriteWatch(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        NtStatus status = CallChecks.WriteWatch(request, space, Limits, out Vpn start, out Vpn end);
        if (status != NtStatus.Success)
        {
            Refuse(thread, request, status, outbox);
            return;
        }

        space.Written!.Clear(start, end);
        foreach (int cell in new CellsInRange(space.Tables, start, end))
        {
            ClearDirty(cell, outbox);
        }

        EndCall(thread, request, start, end, outbox);
    }

    private void Unmark(Vpn page, Outbox outbox)
    {
        Space.Written!.Clear(page);
        int cell = Space.Tables.FindCell(page);
        if (cell >= 0)
        {
            ClearDirty(cell, outbox);
        }
    }

    /// <summary>
    /// The dirty bit of a page goes, so that the next store is seen. That the page differs from its copy in a paging file is remembered in
    /// the working set.
    /// </summary>
    private void ClearDirty(int cell, Outbox outbox)
    {
        AddressSpace space = Space;
        ref Pte pte = ref space.Tables.Pte(cell);
        if (!pte.IsValid || !pte.IsDirty)
        {
            return;
        }

        Vpn page = space.Tables.PageOf(cell);
        if (!_machine.Policy.CheckEveryAccess)
        {
            Restamp(page, pte.Pfn, ref space.Tables.Stamp(cell), outbox);
        }

        space.WorkingSet[(int)space.Tables.WorkingSetIndex(cell)].Modified = true;
        pte = pte.WithoutDirty;
        space.Tlb.Flush(page);
    }

    /// <summary>A page that was stored to leaves its PTE; if somebody watches it, that must not be forgotten.</summary>
    private void KeepMark(Vpn page)
    {
        AddressSpace space = Space;
        if (space.Written is null)
        {
            return;
        }

        int vad = space.Vads.Find(page);
        if (vad >= 0 && space.Vads[vad].Kind == VadKind.WriteWatch)
        {
            space.Written.Set(page);
        }
    }
}
