using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// NtQueryVirtualMemory (fact book §9): what the pages from an address on have in common, and what is known of one page or one
/// allocation. It reads the process's own accounting, and so never faults and never waits.
/// </summary>
public sealed partial class Process
{
    private void QueryMemory(ActorId asker, QueryMemory query, Outbox outbox) =>
        outbox.Send(asker, Query(query.Address));

    private void Query(int thread, in MemoryRequest request, Outbox outbox)
    {
        _threads[thread].Position++;
        outbox.Spend(new Ticks(_machine.Costs.Call));
        bool counts = request.Service == CallService.QueryCounters;
        NtStatus status = request.HandleStatus != NtStatus.Success ? request.HandleStatus
            : !counts && request.Base > Limits.HighestUser ? NtStatus.InvalidParameter
            : NtStatus.Success;
        if (status != NtStatus.Success)
        {
            Answer(thread, 0, 0, status, PageProtection.None, outbox);
            return;
        }

        if (counts)
        {
            AnswerCounters(thread, outbox);
        }
        else if (request.Service == CallService.QueryBasic)
        {
            MemoryQueried found = Query(new VirtualAddress(request.Base));
            uint type = found.AllocationBase == 0 ? 0 : (uint)RegionType.Private;
            AnswerWords(thread, found.Base, found.Size, (uint)found.State | type, [found.AllocationBase, found.Protection, found.AllocationProtection], outbox);
        }
        else if (request.Service == CallService.QueryWorkingSet)
        {
            AnswerWords(thread, request.Base, PageSize.Bytes, AttributesOf(new VirtualAddress(request.Base).Page), [], outbox);
        }
        else
        {
            QueryAllocation(thread, request, outbox);
        }
    }

    /// <summary>Classes that describe a whole allocation; where there is none, they have nothing to say.</summary>
    private void QueryAllocation(int thread, in MemoryRequest request, Outbox outbox)
    {
        const ulong PrivateRegion = 1;
        int index = Space.Vads.Find(new VirtualAddress(request.Base).Page);
        if (index < 0 || request.Service == CallService.QueryMappedName)
        {
            // Private memory has no name.
            Answer(thread, 0, 0, NtStatus.InvalidAddress, PageProtection.None, outbox);
            return;
        }

        if (request.Service == CallService.QueryImage)
        {
            AnswerWords(thread, 0, 0, 0, [], outbox);
            return;
        }

        ref Vad vad = ref Space.Vads[index];
        ulong committed = CommittedPages.Count(vad, vad.Start, vad.End, Space.Tables) << PageSize.Shift;
        AnswerWords(thread, vad.Start.Start.Value, BytesOf(vad.Start, vad.End), (uint)vad.AllocationProtection, [PrivateRegion, committed], outbox);
    }

    private uint AttributesOf(Vpn page)
    {
        int cell = Space.Tables.FindCell(page);
        if (cell < 0 || !Space.Tables.Pte(cell).IsValid)
        {
            return 0;
        }

        WorkingSetEntry entry = Space.WorkingSet[(int)Space.Tables.WorkingSetIndex(cell)];
        return PageAttributes.Valid
            | (((uint)entry.Protection.ToPageProtection() & PageAttributes.ProtectionMask) << PageAttributes.ProtectionShift)
            | (entry.Locked ? PageAttributes.Locked : 0)
            | ((uint)_plan.MemoryPriority << PageAttributes.PriorityShift);
    }

    private void AnswerCounters(int thread, Outbox outbox)
    {
        AddressSpace space = Space;
        ReadOnlySpan<ulong> pages =
        [
            space.VirtualPages, space.PeakVirtualPages, space.PrivateCommit,
            (ulong)space.WorkingSet.Count, (ulong)space.WorkingSet.Peak, space.PrivateCommit,
        ];
        Span<ulong> bytes = stackalloc ulong[pages.Length];
        for (int counter = 0; counter < pages.Length; counter++)
        {
            bytes[counter] = pages[counter] << PageSize.Shift;
        }

        AnswerWords(thread, 0, 0, 0, bytes, outbox);
    }

    private MemoryQueried Query(VirtualAddress address)
    {
        Vpn page = address.Page;
        if (address.Value > Limits.HighestUser)
        {
            return new MemoryQueried(page.Start.Value, 0, 0, RegionState.Free, (ushort)PageProtection.NoAccess, 0);
        }

        VadTree vads = Space.Vads;
        int index = vads.Find(page);
        if (index < 0 && address.Value > Limits.HighestVad)
        {
            // Windows keeps the last granule for itself, but for the page that it may share there.
            return new MemoryQueried(
                page.Start.Value,
                Limits.HighestVad + 1,
                Limits.HighestUser + 1 - page.Start.Value,
                RegionState.Reserve,
                (ushort)PageProtection.NoAccess,
                0);
        }

        if (index < 0)
        {
            int next = vads.FirstNotBelow(page);
            ulong limit = new VirtualAddress(Limits.HighestVad).Page.Value + 1;
            limit = next < vads.Count ? Math.Min(limit, vads[next].Start.Value) : limit;
            return new MemoryQueried(page.Start.Value, 0, (limit - page.Value) << PageSize.Shift, RegionState.Free, (ushort)PageProtection.NoAccess, 0);
        }

        ref Vad vad = ref vads[index];
        (RegionState state, PageProtection protection) = Describe(vad, page);
        ulong end = EndOfRun(vad, page, (state, protection));
        return new MemoryQueried(
            page.Start.Value,
            vad.Start.Start.Value,
            (end - page.Value) << PageSize.Shift,
            state,
            (ushort)protection,
            (ushort)vad.AllocationProtection);
    }

    /// <summary>
    /// The first page after <paramref name="first"/> that differs, or the one after the VAD. Pages without PTEs are all alike: they end
    /// the run or are passed over together, however many they are.
    /// </summary>
    private ulong EndOfRun(in Vad vad, Vpn first, (RegionState State, PageProtection Protection) alike)
    {
        ulong end = vad.End.Value + 1;
        if (first == vad.End)
        {
            return end;
        }

        PageTables tables = Space.Tables;
        if (Describe(vad, Pte.Zero, default) == alike)
        {
            foreach (int cell in new CellsInRange(tables, new Vpn(first.Value + 1), vad.End))
            {
                Vpn page = tables.PageOf(cell);
                if (page.Value < end && Describe(vad, page) != alike)
                {
                    end = page.Value;
                }
            }

            return end;
        }

        Vpn next = new(first.Value + 1);
        while (next.Value < end && tables.FindCell(next) >= 0 && Describe(vad, next) == alike)
        {
            next = new Vpn(next.Value + 1);
        }

        return next.Value;
    }

    private (RegionState State, PageProtection Protection) Describe(in Vad vad, Vpn page) => Describe(vad, Space.Tables.Read(page), page);

    private (RegionState State, PageProtection Protection) Describe(in Vad vad, Pte pte, Vpn page) => !CommittedPages.IsCommitted(vad, pte)
        ? (RegionState.Reserve, PageProtection.None)
        : (RegionState.Commit, (pte == Pte.Zero ? vad.Protection : CommittedPages.ProtectionOf(vad, page, Space)).ToPageProtection());
}
