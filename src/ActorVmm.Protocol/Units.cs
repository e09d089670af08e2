using System.Globalization;

namespace ActorVmm.Protocol;

/// <summary>Sizes fixed by the x64 architecture and by Windows (fact book §1, §2).</summary>
public static class PageSize
{
    /// <summary>Bytes in a small page.</summary>
    public const int Bytes = 4096;

    /// <summary>log₂ of <see cref="Bytes"/>.</summary>
    public const int Shift = 12;

    /// <summary>Bytes between possible starts of an allocation.</summary>
    public const int GranularityBytes = 65_536;

    /// <summary>Pages between possible starts of an allocation.</summary>
    public const int GranularityPages = GranularityBytes / Bytes;

    /// <summary>How many whole pages hold this many bytes.</summary>
    public static ulong PagesOf(ulong bytes) => (bytes >> Shift) + ((bytes & (Bytes - 1)) == 0 ? 0UL : 1UL);
}

/// <summary>A physical page, by its index in the PFN database.</summary>
public readonly record struct Pfn(uint Value)
{
    /// <summary>No frame; the end of a list.</summary>
    public static readonly Pfn None = new(uint.MaxValue);

    public bool IsNone => Value == uint.MaxValue;

    public override string ToString() => Value == uint.MaxValue ? "none" : Value.ToString("x", CultureInfo.InvariantCulture);
}

/// <summary>A virtual page number: a virtual address without its 12 offset bits.</summary>
public readonly record struct Vpn(ulong Value)
{
    public VirtualAddress Start => new(Value << PageSize.Shift);

    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);
}

/// <summary>A 64-bit virtual address; only canonical ones (bits 63 to 48 copy bit 47) can be translated.</summary>
public readonly record struct VirtualAddress(ulong Value)
{
    /// <summary>Lowest address a user process may use: below lies the no-access strip that catches null pointers.</summary>
    public static readonly VirtualAddress LowestUser = new(0x1_0000);

    /// <summary>Highest address a user process may use on x64 Windows since 8.1; above it lies a no-access strip of 64 KB.</summary>
    public static readonly VirtualAddress HighestUser = new(0x7FFF_FFFE_FFFF);

    /// <summary>Where system space starts.</summary>
    public static readonly VirtualAddress SystemStart = new(0xFFFF_8000_0000_0000);

    public Vpn Page => new(Value >> PageSize.Shift);

    public bool IsCanonical => unchecked((ulong)((long)(Value << 16) >> 16)) == Value;

    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}

/// <summary>A page in a paging file: which of the up to 16 files, and the page's number in it. Page 0 of a file is its header and never used.</summary>
/// <param name="File">0 to 15.</param>
/// <param name="Page">Pages from the start of the file.</param>
public readonly record struct PagingFileSlot(uint File, uint Page)
{
    public static readonly PagingFileSlot None;

    /// <summary>No slot, and no zeros either: the page's contents are gone.</summary>
    public static readonly PagingFileSlot Lost = new(uint.MaxValue, 0);

    public bool IsNone => Page == 0;

    public PagingFileSlot Plus(uint pages) => new(File, Page + pages);

    public override string ToString() =>
        Page == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{File}:{Page:x}");
}

/// <summary>
/// What a page contains, as a number that differs whenever contents may differ. 0 is a page of zeros; every store makes a new
/// stamp. Comparing stamps where contents could be lost is how the simulator checks that they are not.
/// </summary>
public readonly record struct ContentStamp(ulong Value)
{
    /// <summary>A page of zeros.</summary>
    public static readonly ContentStamp Zeros;

    public override string ToString() => Value == 0 ? "zeros" : Value.ToString("x", CultureInfo.InvariantCulture);
}

/// <summary>Tells one hint in a transition PTE from another one of the same process (architecture.md, decision 2).</summary>
public readonly record struct Generation(ushort Value)
{
    public Generation Next => new(unchecked((ushort)(Value + 1)));

    /// <summary>Written by hand: the one a record makes prints <see cref="Next"/> too, and so never ends.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// A row of the machine's table of memory descriptor lists. Whoever was handed the number may read and write the row, until
/// it hands the number on.
/// </summary>
public readonly record struct MdlId(int Value)
{
    public static readonly MdlId None = new(-1);
}
