using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>What there is to be shared: committed memory, reserved memory, and two section objects on one file, which are the same pages.</summary>
internal static class SharedSections
{
    /// <summary>Places in each process where a section can be mapped; behind them is private memory.</summary>
    public const int Slots = 3;

    public const int PrivatePages = 20;
    public const int Count = 4;
    public const int Backings = 3;
    public const int FileBacking = 2;

    /// <summary>The file ends in its last page.</summary>
    public const ulong FileBytes = (17UL << PageSize.Shift) + 100;

    private const int ReservedBacking = 1;
    private const ulong FirstSlot = 0x3000_0000;
    private const ulong Apart = 0x10_0000;

    /// <summary>Which pages a section has; those of one file share them.</summary>
    public static int BackingOf(int section) => Math.Min(section, FileBacking);

    public static int PagesOf(int section) => section switch { 0 => 12, 1 => 20, _ => (int)PageSize.PagesOf(FileBytes) };

    public static ulong BytesOf(int section) => BackingOf(section) == FileBacking ? FileBytes : (ulong)PagesOf(section) << PageSize.Shift;

    public static bool IsReserved(int backing) => backing == ReservedBacking;

    public static SectionAttributes AttributesOf(int section) => section == ReservedBacking ? SectionAttributes.Reserve : SectionAttributes.Commit;

    public static ulong AddressOf(int slot) => FirstSlot + ((ulong)slot * Apart);
}
