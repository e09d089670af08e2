using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>A run of pages of an image with one protection and one place in its file (fact book §13.3): its headers, or one of its sections.</summary>
/// <param name="FirstPage">Pages from the start of the image.</param>
/// <param name="Pages">Pages in memory, at least 1.</param>
/// <param name="Protection">What views of it get, whatever protection they ask for.</param>
/// <param name="FileOffset">Where its data begin in the file, in bytes; no multiple of anything.</param>
/// <param name="FileBytes">Bytes of data, at most those of its pages; what lies behind them is zero.</param>
public readonly record struct ImageSubsection(uint FirstPage, uint Pages, ProtectionCode Protection, uint FileOffset, uint FileBytes)
{
    /// <summary>The page behind its last one.</summary>
    public uint EndPage => FirstPage + Pages;

    /// <summary>Bytes of data that a page of it has; the rest of the page is zero.</summary>
    /// <param name="page">From the start of the image; within this subsection.</param>
    public int BytesOf(uint page)
    {
        ulong before = (ulong)(page - FirstPage) << PageSize.Shift;
        return before >= FileBytes ? 0 : (int)Math.Min(FileBytes - before, PageSize.Bytes);
    }

    /// <summary>Where in the file the data of a page begin.</summary>
    public ulong OffsetOf(uint page) => FileOffset + ((ulong)(page - FirstPage) << PageSize.Shift);
}
