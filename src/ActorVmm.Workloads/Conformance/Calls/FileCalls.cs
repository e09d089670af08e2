namespace ActorVmm.Workloads.Conformance.Calls;

/// <summary>A new file.</summary>
/// <param name="Size">Its length; null where the contents decide.</param>
/// <param name="Access">What its handle may do.</param>
public sealed record CreateFileCall(ulong? Size, FileAccessRights Access) : ConformanceCall
{
    /// <summary>ASCII characters at offset 0.</summary>
    public string Data { get; init; } = "";

    /// <summary>The executable it holds; null for a data file.</summary>
    public ImageFile? Image { get; init; }
}

/// <summary>What a file handle may do; deleting is always allowed.</summary>
[Flags]
public enum FileAccessRights : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,
}

/// <summary>A small valid executable.</summary>
/// <param name="ImageBase">Preferred base; null is the session's choice.</param>
/// <param name="SectionAlignment">Of sections in memory.</param>
/// <param name="FileAlignment">Of raw data.</param>
/// <param name="Sections">Null for one READ|EXECUTE and one READ|WRITE page.</param>
public sealed record ImageFile(ulong? ImageBase, ulong SectionAlignment, ulong FileAlignment, IReadOnlyList<ImageSection>? Sections);

/// <summary>A section of an executable.</summary>
public sealed record ImageSection(ulong Rva, ulong VirtualSize, ulong RawSize, ImageRights Rights)
{
    /// <summary>First byte of the raw data.</summary>
    public ulong FirstByte { get; init; }

    /// <summary>Place of the raw data in the file: null where there is room, 0 for none.</summary>
    public ulong? RawPointer { get; init; }
}

/// <summary>Characteristics of a section of an executable; NOLOAD has no effect.</summary>
[Flags]
public enum ImageRights : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,
    NoLoad = 8,
}

/// <summary>Bytes of a file.</summary>
public sealed record ReadFileCall(HandleValue File, ulong Offset, ulong Width) : ConformanceCall;

/// <summary>Ordinary file I/O at the handle's position with simulated memory as buffer.</summary>
/// <param name="File">The file.</param>
/// <param name="Address">The buffer.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsWrite">From memory to the file.</param>
public sealed record TransferFileCall(HandleValue File, ulong Address, ulong Size, bool IsWrite) : ConformanceCall;

/// <summary>Sets the end of a file.</summary>
public sealed record SetFileSizeCall(HandleValue File, ulong Size) : ConformanceCall;

/// <summary>Sets or clears the delete disposition.</summary>
public sealed record SetDeleteOnCloseCall(HandleValue File, bool Delete) : ConformanceCall;

/// <summary>Opens a file again by name: to be deleted at the last close, or else to be replaced by an empty one.</summary>
public sealed record ReopenFileCall(HandleValue File, bool DeleteOnClose) : ConformanceCall;
