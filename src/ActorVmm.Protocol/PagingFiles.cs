namespace ActorVmm.Protocol;

// What a PagingFile hears.

/// <summary>Asks for adjacent free slots: Count of them if there is such a run, otherwise the longest run found. Answered by <see cref="SlotsReserved"/>.</summary>
public readonly record struct ReserveSlots(int Count) : IMessage
{
    public const int Kind = 600;

    static int IMessage.Kind => Kind;
}

/// <summary>Gives slots back; a transfer that is still using one is finished first (R19).</summary>
public readonly record struct FreeSlots(PagingFileSlot First, uint Count) : IMessage
{
    public const int Kind = 601;

    static int IMessage.Kind => Kind;
}

/// <summary>Reads adjacent slots into the frames of a row. Answered by <see cref="PageRead"/>.</summary>
public readonly record struct ReadPages(PagingFileSlot First, MdlId Mdl, int Block) : IMessage
{
    public const int Kind = 602;

    static int IMessage.Kind => Kind;
}

/// <summary>Writes the contents copied into a row to adjacent slots. Answered by <see cref="PagesWritten"/>.</summary>
public readonly record struct WritePages(PagingFileSlot First, MdlId Mdl) : IMessage
{
    public const int Kind = 603;

    static int IMessage.Kind => Kind;
}

/// <summary>The device's own timer: a transfer is over.</summary>
public readonly record struct TransferDone(int Transfer) : IMessage
{
    public const int Kind = 604;

    static int IMessage.Kind => Kind;
}

/// <summary>By order of the scenario: latencies change, or transfers fail, for a while.</summary>
/// <param name="Duration">How long.</param>
/// <param name="Injection">What it disturbs.</param>
/// <param name="Factor">Latency times this, or failures in a thousand; 1 for what is there or not.</param>
public readonly record struct Disturb(Ticks Duration, InjectionCode Injection, int Factor) : IMessage
{
    public const int Kind = 605;

    static int IMessage.Kind => Kind;
}

/// <summary>What <see cref="Disturb"/> disturbs.</summary>
public enum InjectionCode
{
    Slow,
    ReadError,
    WriteError,

    /// <summary>The device is gone: it gives no slots, every transfer fails, and the file cannot be extended.</summary>
    Offline,

    /// <summary>The file cannot be extended.</summary>
    ExtensionError,
}

/// <summary>A disturbance is over.</summary>
public readonly record struct DisturbanceEnds(InjectionCode Injection, int Number) : IMessage
{
    public const int Kind = 606;

    static int IMessage.Kind => Kind;
}

/// <summary>Grow by as many pages, if the file may. Answered by <see cref="PagingFileGrown"/>.</summary>
public readonly record struct GrowPagingFile(uint Pages) : IMessage
{
    public const int Kind = 607;

    static int IMessage.Kind => Kind;
}

/// <summary>The file system's own timer: an extension of the file that was asked for by Asker has been carried out, or has failed.</summary>
public readonly record struct ExtensionDone(ActorId Asker, uint Pages) : IMessage
{
    public const int Kind = 608;

    static int IMessage.Kind => Kind;
}

// What a PagingFile states.

/// <summary>Slots were reserved.</summary>
public readonly record struct SlotsTaken(PagingFileSlot First, uint Count) : IFact
{
    public const int Kind = 600;

    static int IFact.Kind => Kind;
}

/// <summary>Slots were freed.</summary>
public readonly record struct SlotsFreed(PagingFileSlot First, uint Count) : IFact
{
    public const int Kind = 601;

    static int IFact.Kind => Kind;
}

/// <summary>A transfer has been started on the device.</summary>
public readonly record struct TransferStarted(PagingFileSlot First, int Count, int Write, int Queued) : IFact
{
    public const int Kind = 602;

    static int IFact.Kind => Kind;
}

/// <summary>A transfer has ended.</summary>
public readonly record struct TransferEnded(PagingFileSlot First, int Count, int Write, NtStatus Status) : IFact
{
    public const int Kind = 603;

    static int IFact.Kind => Kind;
}

/// <summary>A paging file was to be extended, and could not be: its volume is full, or its device fails.</summary>
/// <param name="File">Which, 0 to 15.</param>
/// <param name="Asked">By how many pages.</param>
/// <param name="Pages">Its size, unchanged.</param>
public readonly record struct PagingFileExtensionFailed(int File, uint Asked, uint Pages) : IFact
{
    public const int Kind = 604;

    static int IFact.Kind => Kind;
}

/// <summary>A device went away, or came back.</summary>
public readonly record struct DeviceConnection(int File, int Connected) : IFact
{
    public const int Kind = 605;

    static int IFact.Kind => Kind;
}
