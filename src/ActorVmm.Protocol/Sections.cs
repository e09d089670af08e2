namespace ActorVmm.Protocol;

// What a Section hears. A Section is one segment with its control area: one for each section backed by paging files, and for each file
// one for its data and one for its image. Its pages are counted from the first page of the segment; section objects are rows of it.

/// <summary>SEC_ bits of NtCreateSection (fact book §13.1).</summary>
[Flags]
public enum SectionAttributes : uint
{
    None = 0,

    /// <summary>It is mapped at one address everywhere, chosen when it is created.</summary>
    Based = 0x20_0000,
    NoChange = 0x40_0000,

    /// <summary>Never given; a query says it of a section backed by a file.</summary>
    File = 0x80_0000,
    Image = 0x100_0000,
    Reserve = 0x400_0000,
    Commit = 0x800_0000,
    NoCache = 0x1000_0000,
    WriteCombine = 0x4000_0000,
    LargePages = 0x8000_0000,
}

/// <summary>
/// Makes a section object on this segment; its handle count is 1. SystemSpace sends it to a new section backed by paging files, a
/// DataFile to one on itself, after <see cref="FormFile"/> when the segment is new. Answered to the asker by <see cref="SectionCreated"/>.
/// </summary>
/// <param name="Size">Bytes, checked, not 0; of an image its size in memory.</param>
/// <param name="Asker">Who is answered.</param>
/// <param name="Request">The asker's number.</param>
/// <param name="Name">Its name, by number; 0 for none. A name is inserted before the asker is answered.</param>
/// <param name="Attributes">As given.</param>
/// <param name="Protection">As given.</param>
/// <param name="Form">Of a file: how many of these messages the file has sent to this segment, with this one. Else 1 when a <see cref="PlaceSegment"/> belongs to it.</param>
public readonly record struct FormSection(
    ulong Size, ActorId Asker, uint Request, uint Name, SectionAttributes Attributes, PageProtection Protection, uint Form) : IMessage
{
    public const int Kind = 900;

    static int IMessage.Kind => Kind;
}

/// <summary>A file has made this segment, and is its sender.</summary>
/// <param name="Base">Preferred base of an image; 0 for data.</param>
/// <param name="Pages">Pages of an image in memory; 0 for data, whose length is that of the file.</param>
/// <param name="Runs">How many <see cref="FormImageRun"/> belong to it.</param>
/// <param name="EntryPoint">Of an image, from its base.</param>
public readonly record struct FormFile(ulong Base, ulong Pages, int Runs, uint EntryPoint) : IMessage
{
    public const int Kind = 901;

    static int IMessage.Kind => Kind;
}

/// <summary>One subsection of an image: pages of one protection, and where in the file they are.</summary>
/// <param name="Offset">First byte in the file.</param>
/// <param name="First">First page in memory.</param>
/// <param name="Pages">Pages in memory.</param>
/// <param name="Bytes">Bytes in the file; the rest is zeros.</param>
/// <param name="Protection">As memory shows it: NOACCESS, READONLY, WRITECOPY, EXECUTE, EXECUTE_READ or EXECUTE_WRITECOPY.</param>
/// <param name="Run">Which one, from 0.</param>
public readonly record struct FormImageRun(ulong Offset, uint First, uint Pages, uint Bytes, PageProtection Protection, int Run, uint Reserved) : IMessage
{
    public const int Kind = 902;

    static int IMessage.Kind => Kind;
}

/// <summary>One more handle of a section object, for somebody who found it by name. Answered to the asker by <see cref="SectionCreated"/>.</summary>
public readonly record struct OpenSectionObject(int Object, uint Request, ActorId Asker, NtStatus Status) : IMessage
{
    public const int Kind = 903;

    static int IMessage.Kind => Kind;
}

/// <summary>One handle more (1) or one less (−1) of a section object; at none it is gone, and its name with it.</summary>
public readonly record struct CountHandle(int Object, int Change) : IMessage
{
    public const int Kind = 904;

    static int IMessage.Kind => Kind;
}

/// <summary>NtQuerySection. Answered by <see cref="SectionQueried"/>.</summary>
public readonly record struct QuerySectionObject(int Object, uint Request) : IMessage
{
    public const int Kind = 905;

    static int IMessage.Kind => Kind;
}

/// <summary>A process wants a view. Answered by <see cref="ViewMapped"/>; from then on the view counts, until <see cref="UnmapView"/>.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Size">Bytes; 0 for all from Offset on.</param>
/// <param name="Object">Which section object.</param>
/// <param name="Protection">Of the view.</param>
/// <param name="Type">MEM_ bits.</param>
/// <param name="CommitPages">Pages to commit at once, no more than fit.</param>
public readonly record struct MapView(ulong Offset, ulong Size, int Object, PageProtection Protection, AllocationType Type, uint CommitPages) : IMessage
{
    public const int Kind = 906;

    static int IMessage.Kind => Kind;
}

/// <summary>A view is gone; its shares have been given back before.</summary>
public readonly record struct UnmapView(ulong First, ulong Pages, int Object, int Reserved) : IMessage
{
    public const int Kind = 907;

    static int IMessage.Kind => Kind;
}

/// <summary>A fault on a page of a view. Answered by <see cref="PrototypeMapped"/>: the page is valid, and the process holds a share of it.</summary>
/// <param name="Page">Page of the section.</param>
/// <param name="Vpn">Page of the process.</param>
/// <param name="Request">The process's number for the fault.</param>
/// <param name="Access">What for.</param>
/// <param name="Priority">Page priority, 0 to 7.</param>
public readonly record struct FaultPrototype(ulong Page, Vpn Vpn, uint Request, AccessKind Access, byte Priority, ushort Reserved) : IMessage
{
    public const int Kind = 908;

    static int IMessage.Kind => Kind;
}

/// <summary>A PTE has let go of a page: its share goes back.</summary>
/// <param name="Page">Page of the section.</param>
/// <param name="Pfn">Its frame.</param>
/// <param name="Dirty">Not 0 when it was stored to through this PTE.</param>
public readonly record struct ReleaseShare(ulong Page, Pfn Pfn, int Dirty) : IMessage
{
    public const int Kind = 909;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Copy-on-write: copy the page into a frame that the process was granted. Answered by <see cref="PrototypeCopied"/>; the share stays.
/// </summary>
public readonly record struct CopyPrototype(ulong Page, Vpn Vpn, Pfn Source, Pfn Target, uint Request, uint Reserved) : IMessage
{
    public const int Kind = 910;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// A load or store to a page that several may change: here its order is made (architecture.md, decision 3). Answered by
/// <see cref="SharedAccessed"/>. A process asks while it holds a share; a file, for ordinary I/O on data that is mapped, need not.
/// </summary>
/// <param name="Page">Page of the section.</param>
/// <param name="Value">What a store stores, little-endian.</param>
/// <param name="Request">The asker's number.</param>
/// <param name="Offset">First byte in the page.</param>
/// <param name="Width">0 to 8 bytes; 0 when nobody looks at them.</param>
/// <param name="Access">Read or write.</param>
public readonly record struct SharedAccess(ulong Page, ulong Value, uint Request, ushort Offset, byte Width, AccessKind Access) : IMessage
{
    public const int Kind = 911;

    static int IMessage.Kind => Kind;
}

/// <summary>MEM_COMMIT on a view: pages that are not committed are charged and become demand zero. Answered by <see cref="SectionAnswered"/>.</summary>
public readonly record struct CommitPrototypes(ulong First, ulong Pages, uint Request, int Object) : IMessage
{
    public const int Kind = 912;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// From First on, how many of these pages are alike, and whether they are committed. Answered by <see cref="SectionAnswered"/>.
/// </summary>
public readonly record struct QueryPrototypes(ulong First, ulong Pages, uint Request, int Reserved) : IMessage
{
    public const int Kind = 913;

    static int IMessage.Kind => Kind;
}

/// <summary>Writes modified pages to the file. Answered by <see cref="SectionAnswered"/> when they are there.</summary>
public readonly record struct FlushSection(ulong First, ulong Pages, uint Request, int Reserved) : IMessage
{
    public const int Kind = 914;

    static int IMessage.Kind => Kind;
}

/// <summary>The mapped-page writer has taken adjacent modified pages, copied into a row. Answered by <see cref="PagesWritten"/>.</summary>
public readonly record struct WriteSectionPages(ulong First, MdlId Mdl, int Reserved) : IMessage
{
    public const int Kind = 915;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="ReadFilePages"/>.</summary>
public readonly record struct FilePagesRead(int Block, NtStatus Status) : IMessage
{
    public const int Kind = 916;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="WriteFilePages"/>.</summary>
public readonly record struct FilePagesWritten(uint Request, NtStatus Status) : IMessage
{
    public const int Kind = 917;

    static int IMessage.Kind => Kind;
}

/// <summary>What a file is about to do, and asks its segments about.</summary>
public enum ControlAreaPurpose
{
    /// <summary>Its length changes: refused with USER_MAPPED_FILE when a view would lose pages; else pages beyond the end are gone.</summary>
    Resize,

    /// <summary>It is to be deleted: CANNOT_DELETE while there is a section object or a view.</summary>
    Delete,

    /// <summary>It is replaced by an empty one: USER_MAPPED_FILE while its data is in use, SHARING_VIOLATION while its image is.</summary>
    Overwrite,
}

/// <summary>A file asks one of its segments whether it may. Answered by <see cref="ControlAreaAnswered"/>.</summary>
public readonly record struct AskControlArea(ulong Size, ControlAreaPurpose Purpose, uint Request) : IMessage
{
    public const int Kind = 918;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// Answers <see cref="ControlAreaIdle"/>: the file has forgotten this segment, and will make another when it needs one.
/// </summary>
public readonly record struct EndControlArea : IMessage
{
    public const int Kind = 919;

    static int IMessage.Kind => Kind;
}

/// <summary>SystemSpace has chosen where a based section will be mapped; it comes beside <see cref="FormSection"/>, whose Form is then 1.</summary>
public readonly record struct PlaceSegment(ulong Base) : IMessage
{
    public const int Kind = 920;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="RemoveSection"/>.</summary>
/// <param name="Object">Whose name it was.</param>
/// <param name="Opens">How many <see cref="OpenSectionObject"/> were sent to it: the last of them may still be on their way.</param>
public readonly record struct SectionRemoved(int Object, uint Opens) : IMessage
{
    public const int Kind = 921;

    static int IMessage.Kind => Kind;
}

// What a Section answers to those who asked it something.

/// <summary>Answers whoever creates or opens a section.</summary>
/// <param name="Base">Where a based section is mapped; else 0.</param>
/// <param name="Section">The actor; nobody when it failed.</param>
/// <param name="Object">The object's row in it.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Request">As asked.</param>
public readonly record struct SectionCreated(ulong Base, ActorId Section, int Object, NtStatus Status, uint Request) : IMessage
{
    public const int Kind = 950;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="QuerySectionObject"/>.</summary>
/// <param name="Base">Where a based section is mapped; else 0.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Attributes">As a query shows them.</param>
/// <param name="EntryPoint">Of an image.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Request">As asked.</param>
public readonly record struct SectionQueried(ulong Base, ulong Size, SectionAttributes Attributes, uint EntryPoint, NtStatus Status, uint Request) : IMessage
{
    public const int Kind = 951;

    static int IMessage.Kind => Kind;
}

// What a Section states. Its pages, and those of its prototype PTEs, are stated as a process states its own.

/// <summary>What a segment is backed by.</summary>
public enum SegmentKind : byte
{
    PagingFile,
    Data,
    Image,
}

/// <summary>A segment has come into being.</summary>
public readonly record struct SegmentFormed(ulong Pages, uint Serial, SegmentKind Segment, byte Reserved, ushort Reserved2) : IFact
{
    public const int Kind = 900;

    static int IFact.Kind => Kind;
}

/// <summary>A segment is gone: nobody refers to it, and it has given everything back.</summary>
public readonly record struct SegmentEnded(uint Serial) : IFact
{
    public const int Kind = 901;

    static int IFact.Kind => Kind;
}

/// <summary>What a segment is charged, after a change: its own pages, and those that hold its prototype PTEs.</summary>
public readonly record struct SegmentCommitChanged(ulong SharedPages, ulong PrototypePages) : IFact
{
    public const int Kind = 902;

    static int IFact.Kind => Kind;
}

/// <summary>How many PTEs of processes map a page, or are about to, after a change.</summary>
public readonly record struct SharesCounted(ulong Page, Pfn Pfn, uint Shares) : IFact
{
    public const int Kind = 903;

    static int IFact.Kind => Kind;
}

/// <summary>A page of a file has been read beside one that was wanted: a hint names its frame.</summary>
public readonly record struct PageReadAlong(Vpn Vpn, ContentStamp Stamp, Pfn Pfn, uint Reserved) : IFact
{
    public const int Kind = 906;

    static int IFact.Kind => Kind;
}

/// <summary>Section objects and views of a segment, after a change.</summary>
public readonly record struct SegmentUsed(uint Objects, uint Views) : IFact
{
    public const int Kind = 904;

    static int IFact.Kind => Kind;
}

/// <summary>A page in use has been copied, to be written to its file: until the next store it is the same as there.</summary>
public readonly record struct PageCleaned(Vpn Vpn, Pfn Pfn, uint Reserved) : IFact
{
    public const int Kind = 905;

    static int IFact.Kind => Kind;
}
