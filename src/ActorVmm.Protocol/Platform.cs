namespace ActorVmm.Protocol;

/// <summary>How the processor translates addresses (fact book §2.3).</summary>
public enum ProcessorArchitecture : byte
{
    /// <summary>Four levels of tables, 64-bit entries, 128 TB for processes.</summary>
    X64,

    /// <summary>Two levels, 32-bit entries, 2 GB for processes.</summary>
    X86,

    /// <summary>Three levels, 64-bit entries, the address space of <see cref="X86"/>.</summary>
    X86Pae,
}

/// <summary>Generations of Windows between which behaviour differs, oldest first.</summary>
public enum WindowsVersion : byte
{
    Server2003,
    Vista,
    Windows7,
    Windows8,
    Windows81,
    Windows10Release1507,
    Windows10Release1803,
    Windows10Release1809,
    Windows10Release1903,
}

/// <summary>The processor and the Windows that a machine is (fact book §2, version profile).</summary>
public sealed record Platform
{
    /// <summary>What 32-bit Windows gives a process that knows no more, and the least of <see cref="UserMegabytes"/>.</summary>
    public const int LeastUserMegabytes = 2048;

    public ProcessorArchitecture Architecture { get; init; }

    public WindowsVersion Version { get; init; } = WindowsVersion.Windows10Release1903;

    /// <summary>
    /// The boot option <c>increaseuserva</c>: MB of user space on x86 for images that know large addresses, 2048 to 3072.
    /// </summary>
    public int UserMegabytes { get; init; } = LeastUserMegabytes;

    /// <summary>TB of user space on x64: 128, or the 8 from before Windows 8.1.</summary>
    public int UserTerabytes { get; init; } = 128;

    /// <summary>Whether fetching an instruction from a page that is not executable faults.</summary>
    public bool DataExecutionPrevention { get; init; } = true;

    /// <summary>
    /// Whether pages that may only be executed cannot be read. The page tables of x86 and x64 have no such right; processors with protection keys
    /// can be made to refuse.
    /// </summary>
    public bool EnforcesExecuteOnly { get; init; }

    /// <summary>Highest user address that a process may name; above it lies a no-access strip of 64 KB (fact book §2).</summary>
    /// <param name="largeAddressAware">Whether its image knows large addresses.</param>
    public ulong HighestUserAddress(bool largeAddressAware)
    {
        const int MegabyteShift = 20;
        const int TerabyteShift = 40;
        ulong megabytes = (ulong)(largeAddressAware ? UserMegabytes : LeastUserMegabytes);
        return (Is64Bit ? (ulong)UserTerabytes << TerabyteShift : megabytes << MegabyteShift) - PageSize.GranularityBytes - 1;
    }

    public bool Is64Bit => Architecture == ProcessorArchitecture.X64;
}
