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
        ulong end = page.Value + 1;
        while (end <= vad.End.Value && Describe(vad, new Vpn(end)) == (state, protection))
        {
            end = Space.Tables.FindCell(new Vpn(end)) >= 0 ? end + 1 : SkipAbsent(end, vad.End.Value);
        }

        return new MemoryQueried(
            page.Start.Value,
            vad.Start.Start.Value,
            (end - page.Value) << PageSize.Shift,
            state,
            (ushort)protection,
            (ushort)vad.AllocationProtection);
    }

    /// <summary>Pages without PTEs are all alike.</summary>
    private static ulong SkipAbsent(ulong page, ulong last) => Math.Min((page | (PageTables.ChunkLength - 1)) + 1, last + 1);

    private (RegionState State, PageProtection Protection) Describe(in Vad vad, Vpn page) =>
        CommittedPages.IsCommitted(vad, Space.Tables.Read(page))
            ? (RegionState.Commit, CommittedPages.ProtectionOf(vad, page, Space).ToPageProtection())
            : (RegionState.Reserve, PageProtection.None);
}
