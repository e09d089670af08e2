namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>Where the memory of a process may lie (fact book §2.1, §2.2): what differs between architectures, generations and images.</summary>
internal sealed class AddressLimits
{
    /// <summary>The page that Windows shares with every process, at one address everywhere.</summary>
    public static readonly Vpn SharedUserData = new VirtualAddress(0x7FFE_0000).Page;

    /// <summary>Bytes below the highest user address that no allocation may contain.</summary>
    private const ulong StripBytes = PageSize.GranularityBytes;

    public AddressLimits(Platform platform, bool largeAddressAware)
    {
        HighestUser = platform.HighestUserAddress(largeAddressAware);
        HighestVad = HighestUser - StripBytes;
        TakesNullGranule = platform.Version <= WindowsVersion.Windows7;
    }

    /// <summary>Highest user address; above it lies a no-access strip of 64 KB.</summary>
    public ulong HighestUser { get; }

    /// <summary>Highest address an allocation may contain: one granule below the highest user address.</summary>
    public ulong HighestVad { get; }

    /// <summary>Whether the first 64 KB can be allocated by a base that is not NULL but rounds down to it, as up to Windows 7.</summary>
    public bool TakesNullGranule { get; }

    /// <summary>Lowest page that the system chooses by itself.</summary>
    public static Vpn Lowest => VirtualAddress.LowestUser.Page;
}
