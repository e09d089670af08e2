namespace ActorVmm.Kernel.Inspection;

/// <summary>A paging file and its device as they stand between two turns.</summary>
/// <param name="File">0 to 15.</param>
/// <param name="Pages">Size now, in pages, the header included.</param>
/// <param name="Minimum">Size at the start.</param>
/// <param name="Maximum">Size it may grow to.</param>
public sealed record PagingFileView(int File, uint Pages, uint Minimum, uint Maximum)
{
    /// <summary>Slots in use.</summary>
    public required uint Used { get; init; }

    public required uint PeakUsed { get; init; }

    /// <summary>Slots that could be given out.</summary>
    public uint Free => Math.Max(Pages, 1) - 1 - Used;

    /// <summary>Transfers the device works on at once.</summary>
    public required int QueueDepth { get; init; }

    public required int UnderWay { get; init; }

    public required int Waiting { get; init; }

    /// <summary>Latencies are multiplied by this, by order of the scenario.</summary>
    public required int Slowness { get; init; }

    /// <summary>Reads of which so many in a thousand fail.</summary>
    public required int ReadFailures { get; init; }

    /// <summary>Writes of which so many in a thousand fail.</summary>
    public required int WriteFailures { get; init; }

    /// <summary>The device is gone.</summary>
    public required bool Offline { get; init; }

    /// <summary>The file cannot be extended.</summary>
    public required bool CannotExtend { get; init; }

    public required IReadOnlyList<TransferView> Transfers { get; init; }
}

/// <summary>One read or write of adjacent slots.</summary>
/// <param name="Slot">The first.</param>
/// <param name="Count">Slots.</param>
/// <param name="IsWrite">To the file; otherwise from it.</param>
/// <param name="UnderWay">The device works on it; otherwise it waits.</param>
/// <param name="Asker">Who is told when it has ended.</param>
/// <param name="Mdl">The row that lists the frames.</param>
public sealed record TransferView(PagingFileSlot Slot, int Count, bool IsWrite, bool UnderWay, ActorId Asker, MdlId Mdl)
{
    public IReadOnlyList<Pfn> Frames { get; init; } = [];
}
