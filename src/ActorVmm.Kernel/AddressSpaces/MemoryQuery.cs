using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>
/// NtQueryVirtualMemory, class Basic (fact book §9): what the pages from an address on have in common. It reads the process's own
/// accounting and so never faults.
/// </summary>
public sealed partial class Process
{
    private void QueryMemory(ActorId asker, QueryMemory query, Outbox outbox) =>
        outbox.Send(asker, Query(query.Address));

    private MemoryQueried Query(VirtualAddress address)
    {
        Vpn page = address.Page;
        if (address.Value > VirtualAddress.HighestUser.Value)
        {
            return new MemoryQueried(page.Start.Value, 0, 0, RegionState.Free, (ushort)PageProtection.NoAccess, 0);
        }

        if (address.Value > CallChecks.HighestVadAddress)
        {
            // Windows keeps the last granule for itself.
            return new MemoryQueried(
                page.Start.Value,
                CallChecks.HighestVadAddress + 1,
                VirtualAddress.HighestUser.Value + 1 - page.Start.Value,
                RegionState.Reserve,
                (ushort)PageProtection.NoAccess,
                0);
        }

        VadTree vads = Space.Vads;
        int index = vads.Find(page);
        if (index < 0)
        {
            int next = vads.FirstNotBelow(page);
            ulong limit = next < vads.Count ? vads[next].Start.Value : new VirtualAddress(CallChecks.HighestVadAddress).Page.Value + 1;
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
