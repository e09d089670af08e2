namespace ActorVmm.Protocol;

// What a Process hears from the Sections that it has views of, and what it states about its views.

/// <summary>Answers <see cref="MapView"/>.</summary>
/// <param name="Base">Where it is to be mapped, of a based section or an image; else 0.</param>
/// <param name="Size">Bytes of the view, when the whole rest was asked for; else as asked.</param>
/// <param name="Status">Whether the view counts.</param>
/// <param name="Attributes">Of the section.</param>
/// <param name="Runs">How many <see cref="ViewRun"/> follow: subsections of an image.</param>
/// <param name="Segment">What it is backed by.</param>
/// <param name="Ordered">Whether loads and stores go through the section, because somebody else may store to its pages.</param>
public readonly record struct ViewMapped(
    ulong Base, ulong Size, NtStatus Status, SectionAttributes Attributes, int Runs, SegmentKind Segment, bool Ordered, ushort Reserved) : IMessage
{
    public const int Kind = 140;

    static int IMessage.Kind => Kind;
}

/// <summary>Pages of an image that have one protection.</summary>
public readonly record struct ViewRun(uint First, uint Pages, PageProtection Protection, int Run) : IMessage
{
    public const int Kind = 141;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="FaultPrototype"/>.</summary>
/// <param name="Vpn">Page of the process.</param>
/// <param name="Stamp">What it contains.</param>
/// <param name="Pfn">Its frame, when it succeeded.</param>
/// <param name="Request">As asked.</param>
/// <param name="Status">Success; ACCESS_VIOLATION for a page that is not committed; IN_PAGE_ERROR.</param>
/// <param name="Found">What the section found: prototype (it was valid), transition, demand zero, hard, or collided.</param>
public readonly record struct PrototypeMapped(Vpn Vpn, ContentStamp Stamp, Pfn Pfn, uint Request, NtStatus Status, FaultKind Found, byte Reserved, ushort Reserved2) : IMessage
{
    public const int Kind = 142;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="CopyPrototype"/>; when the page was not there any more, nothing was copied and the fault is tried again.</summary>
public readonly record struct PrototypeCopied(Vpn Vpn, Pfn Target, uint Request, int Copied, uint Reserved) : IMessage
{
    public const int Kind = 143;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="SharedAccess"/>.</summary>
/// <param name="Value">What a load read.</param>
/// <param name="Request">As asked.</param>
/// <param name="Done">0 when the page was not there any more, and the access is tried again.</param>
public readonly record struct SharedAccessed(ulong Value, uint Request, int Done) : IMessage
{
    public const int Kind = 144;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="CommitPrototypes"/>, <see cref="QueryPrototypes"/> and <see cref="FlushSection"/>.</summary>
/// <param name="Pages">Pages committed now; or how many are alike.</param>
/// <param name="Request">As asked.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Committed">Of a query: whether they are committed.</param>
public readonly record struct SectionAnswered(ulong Pages, uint Request, NtStatus Status, int Committed, int Reserved) : IMessage
{
    public const int Kind = 145;

    static int IMessage.Kind => Kind;
}

// What a Process states.

/// <summary>A PTE has come to map a page of a section.</summary>
public readonly record struct ViewPageMapped(Vpn Vpn, ulong Page, ActorId Section, Pfn Pfn, FaultKind Cause, bool Writable, ushort Reserved, uint Reserved2) : IFact
{
    public const int Kind = 140;

    static int IFact.Kind => Kind;
}

/// <summary>A PTE has let go of a page of a section; its share is on its way back.</summary>
public readonly record struct ViewPageUnmapped(Vpn Vpn, ulong Page, ActorId Section, Pfn Pfn, UnmapCause Cause, bool Dirty, ushort Reserved, uint Reserved2) : IFact
{
    public const int Kind = 141;

    static int IFact.Kind => Kind;
}

/// <summary>A page was copied for this process alone.</summary>
public readonly record struct PageCopiedOnWrite(Vpn Vpn, ActorId Section, Pfn Source, Pfn Target, uint Reserved) : IFact
{
    public const int Kind = 142;

    static int IFact.Kind => Kind;
}
