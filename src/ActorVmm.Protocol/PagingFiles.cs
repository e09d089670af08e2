namespace ActorVmm.Protocol;

// What a PagingFile hears.

/// <summary>Asks for adjacent free slots: Count of them if there is such a run, otherwise the longest run found. Answered by <see cref="SlotsReserved"/>.</summary>
public readonly record struct ReserveSlots(int Count) : IMessage
{
    public static int Kind => 600;
}

/// <summary>Gives slots back; a transfer that is still using one is finished first (R19).</summary>
public readonly record struct FreeSlots(PagingFileSlot First, uint Count) : IMessage
{
    public static int Kind => 601;
}

/// <summary>Reads adjacent slots into the frames of a row. Answered by <see cref="PageRead"/>.</summary>
public readonly record struct ReadPages(PagingFileSlot First, MdlId Mdl, int Block) : IMessage
{
    public static int Kind => 602;
}

/// <summary>Writes the contents copied into a row to adjacent slots. Answered by <see cref="PagesWritten"/>.</summary>
public readonly record struct WritePages(PagingFileSlot First, MdlId Mdl) : IMessage
{
    public static int Kind => 603;
}

/// <summary>The device's own timer: a transfer is over.</summary>
public readonly record struct TransferDone(int Transfer) : IMessage
{
    public static int Kind => 604;
}

/// <summary>By order of the scenario: latencies change, or transfers fail, for a while.</summary>
/// <param name="Duration">How long.</param>
/// <param name="Injection">DeviceSlow, ReadError or WriteError.</param>
/// <param name="Factor">Latency times this, or failures in a thousand.</param>
public readonly record struct Disturb(Ticks Duration, InjectionCode Injection, int Factor) : IMessage
{
    public static int Kind => 605;
}

/// <summary>What <see cref="Disturb"/> disturbs.</summary>
public enum InjectionCode
{
    Slow,
    ReadError,
    WriteError,
}

/// <summary>A disturbance is over.</summary>
public readonly record struct DisturbanceEnds(InjectionCode Injection, int Number) : IMessage
{
    public static int Kind => 606;
}

/// <summary>Grow by as many pages, if the file may. Answered by <see cref="PagingFileGrown"/>.</summary>
public readonly record struct GrowPagingFile(uint Pages) : IMessage
{
    public static int Kind => 607;
}

// What a PagingFile states.

/// <summary>Slots were reserved.</summary>
public readonly record struct SlotsTaken(PagingFileSlot First, uint Count) : IFact
{
    public static int Kind => 600;
}

/// <summary>Slots were freed.</summary>
public readonly record struct SlotsFreed(PagingFileSlot First, uint Count) : IFact
{
    public static int Kind => 601;
}

/// <summary>A transfer has been started on the device.</summary>
public readonly record struct TransferStarted(PagingFileSlot First, int Count, int Write, int Queued) : IFact
{
    public static int Kind => 602;
}

/// <summary>A transfer has ended.</summary>
public readonly record struct TransferEnded(PagingFileSlot First, int Count, int Write, NtStatus Status) : IFact
{
    public static int Kind => 603;
}
