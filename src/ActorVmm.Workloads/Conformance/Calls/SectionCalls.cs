namespace ActorVmm.Workloads.Conformance.Calls;

/// <summary>NtCreateSection, or CreateFileMapping.</summary>
/// <param name="File">A NULL handle for a section backed by paging files.</param>
/// <param name="Size">Null for a NULL pointer.</param>
/// <param name="Protect">PAGE_ bits.</param>
/// <param name="Attributes">SEC_ bits.</param>
public sealed record CreateSectionCall(HandleValue File, ulong? Size, ulong Protect, ulong Attributes) : ConformanceCall
{
    /// <summary>Rights of the handle; null where none are named.</summary>
    public ulong? Access { get; init; }

    /// <summary>Its name, or "".</summary>
    public string Name { get; init; } = "";
}

/// <summary>NtOpenSection.</summary>
public sealed record OpenSectionCall(string Name, ulong Access) : ConformanceCall;

/// <summary>A second handle with exactly these rights.</summary>
public sealed record DuplicateHandleCall(HandleValue Handle, ulong Access) : ConformanceCall;

/// <summary>NtClose.</summary>
public sealed record CloseCall(HandleValue Handle) : ConformanceCall;

/// <summary>NtQuerySection, basic or image information.</summary>
public sealed record QuerySectionCall(HandleValue Section, bool Image) : ConformanceCall;

/// <summary>NtMapViewOfSection, its Ex form, or MapViewOfFile.</summary>
/// <param name="Section">What is mapped.</param>
/// <param name="Base">0 for NULL.</param>
/// <param name="Size">0 for all from Offset on.</param>
public sealed record MapViewCall(HandleValue Section, ulong Base, ulong Size) : ConformanceCall
{
    /// <summary>Native protection; null when <see cref="Access"/> is given.</summary>
    public ulong? Protect { get; init; }

    /// <summary>FILE_MAP_ bits of the Win32 function.</summary>
    public ulong? Access { get; init; }

    public ulong Offset { get; init; }

    public ulong CommitSize { get; init; }

    /// <summary>Whether children get the view (ViewShare).</summary>
    public bool Shared { get; init; } = true;

    /// <summary>MEM_ bits.</summary>
    public ulong Type { get; init; }

    public ulong ZeroBits { get; init; }

    /// <summary>Null for the plain call.</summary>
    public ExtendedParameters? Extended { get; init; }

    /// <summary>The kernel's internal call, which does not look at the alignment of base and offset.</summary>
    public bool UncheckedAlignment { get; init; }
}

/// <summary>NtUnmapViewOfSection; with flags its Ex form.</summary>
public sealed record UnmapViewCall(ulong Base, ulong? Flags) : ConformanceCall;

/// <summary>Writes dirty pages of a data view to its file.</summary>
public sealed record FlushViewCall(ulong Base, ulong Size) : ConformanceCall;

/// <summary>NtAreMappedFilesTheSame.</summary>
public sealed record SameMappedFileCall(ulong First, ulong Second) : ConformanceCall;

/// <summary>A driver maps locked pages of its own into the process.</summary>
public sealed record MapMdlCall(ulong Base, ulong Size) : ConformanceCall;

/// <summary>It removes them again.</summary>
public sealed record UnmapMdlCall(ulong Base) : ConformanceCall;
