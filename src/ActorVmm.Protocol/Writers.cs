namespace ActorVmm.Protocol;

// What the ModifiedPageWriter hears.

/// <summary>The modified list is long enough, or memory low enough, that pages should be written.</summary>
public readonly record struct ModifiedPagesAvailable(int Modified) : IMessage
{
    public const int Kind = 400;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="ReserveSlots"/>: Count adjacent slots from First on; none when the paging file is full.</summary>
public readonly record struct SlotsReserved(PagingFileSlot First, int Count, int File) : IMessage
{
    public const int Kind = 401;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="TakeModified"/>: the row lists the frames, in slot order, with their contents as of this turn.</summary>
/// <param name="First">The first slot, as offered.</param>
/// <param name="Mdl">The row; <see cref="MdlId.None"/> when no page was to be written.</param>
/// <param name="Count">How many of the offered slots are used.</param>
/// <param name="Offered">How many were offered.</param>
public readonly record struct ModifiedTaken(PagingFileSlot First, MdlId Mdl, int Count, int Offered) : IMessage
{
    public const int Kind = 402;

    static int IMessage.Kind => Kind;
}

/// <summary>A paging file has written the pages of a row, or failed to.</summary>
public readonly record struct PagesWritten(MdlId Mdl, NtStatus Status) : IMessage
{
    public const int Kind = 403;

    static int IMessage.Kind => Kind;
}

/// <summary>A paging file that was full has free slots again, or has grown.</summary>
public readonly record struct SlotsAvailable(int File) : IMessage
{
    public const int Kind = 404;

    static int IMessage.Kind => Kind;
}

// What the MappedPageWriter hears.

/// <summary>There are modified pages of files; Urgent when memory is short, or there are many.</summary>
public readonly record struct MappedPagesAvailable(int Modified, int Urgent) : IMessage
{
    public const int Kind = 410;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="TakeMapped"/>.</summary>
/// <param name="First">The first page.</param>
/// <param name="Section">Whose pages.</param>
/// <param name="Mdl">The row; of pages that nobody maps with their contents as of this turn. <see cref="MdlId.None"/> when there is nothing to write.</param>
/// <param name="Count">How many pages, one after the other.</param>
/// <param name="Request">As asked.</param>
public readonly record struct MappedTaken(ulong First, ActorId Section, MdlId Mdl, int Count, uint Request) : IMessage
{
    public const int Kind = 411;

    static int IMessage.Kind => Kind;
}

/// <summary>Pages that were stored to have waited long enough.</summary>
public readonly record struct MappedWriteDue : IMessage
{
    public const int Kind = 412;

    static int IMessage.Kind => Kind;
}

// What the ModifiedPageWriter states.

/// <summary>A write of Count pages has been started.</summary>
public readonly record struct WriteIssued(PagingFileSlot First, int Count, int InFlight) : IFact
{
    public const int Kind = 400;

    static int IFact.Kind => Kind;
}

/// <summary>No paging file has a free slot: modified pages stay in memory.</summary>
public readonly record struct PagingFilesFull(int Files) : IFact
{
    public const int Kind = 401;

    static int IFact.Kind => Kind;
}
