namespace ActorVmm.Protocol;

/// <summary>
/// Where the parts of system space lie (fact book §2.4). Windows moves them from boot to boot; here each has a fixed place, so that an address
/// tells what it is.
/// </summary>
public sealed record SystemRegions(VirtualAddress NonPagedPool, VirtualAddress PagedPool, VirtualAddress SystemPtes, ulong PagesEach)
{
    private static readonly SystemRegions _wide = new(
        new VirtualAddress(0xFFFF_C000_0000_0000), new VirtualAddress(0xFFFF_A000_0000_0000), new VirtualAddress(0xFFFF_D000_0000_0000), 1UL << 31);

    /// <summary>32-bit addresses are written with their sign extended. 256 MB each.</summary>
    private static readonly SystemRegions _narrow = new(
        new VirtualAddress(0xFFFF_FFFF_8400_0000), new VirtualAddress(0xFFFF_FFFF_E100_0000), new VirtualAddress(0xFFFF_FFFF_9400_0000), 1UL << 16);

    public static SystemRegions Of(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        return platform.Is64Bit ? _wide : _narrow;
    }

    /// <summary>Whether a page lies in paged pool.</summary>
    public bool IsPagedPool(Vpn page) => IsIn(PagedPool, page);

    /// <summary>Whether a page lies in non-paged pool.</summary>
    public bool IsNonPagedPool(Vpn page) => IsIn(NonPagedPool, page);

    private bool IsIn(VirtualAddress region, Vpn page) => page.Value >= region.Page.Value && page.Value - region.Page.Value < PagesEach;
}
