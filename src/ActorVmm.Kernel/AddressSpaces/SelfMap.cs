namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// Where page tables are found in the address space itself: entry 0x1ED of the top table points to that table, so every table is a
/// page of the region from 0xFFFFF680_00000000 on (fact book §2.2, before Windows 10 1607). A table page therefore has a page
/// number like any other page, and its own PTE in the table one level up.
/// </summary>
public static class SelfMap
{
    private const ulong PageNumberMask = (1UL << 36) - 1;
    private const int IndexBits = 9;

    /// <summary>PTE_BASE as a page number.</summary>
    private const ulong FirstPage = 0xFFFF_F680_0000_0000 >> PageSize.Shift;

    private const ulong LastPage = 0xFFFF_F6FF_FFFF_FFFF >> PageSize.Shift;

    /// <summary>Entries in one table.</summary>
    public const int EntriesPerTable = 1 << IndexBits;

    /// <summary>The top table (PXE page): the only page that is its own table.</summary>
    public static readonly Vpn Root = new(0xFFFF_F6FB_7DBE_D000 >> PageSize.Shift);

    public static bool Contains(Vpn page) => page.Value is >= FirstPage and <= LastPage;

    /// <summary>The table page that holds the PTE of <paramref name="page"/>.</summary>
    public static Vpn TableOf(Vpn page) => new(FirstPage + ((page.Value & PageNumberMask) >> IndexBits));

    /// <summary>
    /// The four indices of a page walk, top table first: PXE, PPE, PDE, PTE.
    /// </summary>
    public static (int Pxe, int Ppe, int Pde, int Pte) Indices(Vpn page)
    {
        const ulong Mask = EntriesPerTable - 1;
        return ((int)((page.Value >> 27) & Mask), (int)((page.Value >> 18) & Mask), (int)((page.Value >> 9) & Mask), (int)(page.Value & Mask));
    }
}
