namespace ActorVmm.Protocol;

// What SystemSpace hears. It holds the ledger of commitment: every page promised is entered here before the promise is given.

/// <summary>What a charge is for.</summary>
public enum CommitKind
{
    /// <summary>Private memory of a process.</summary>
    Private,

    /// <summary>Page tables.</summary>
    PageTable,

    /// <summary>Pages of sections backed by paging files: charged once, whoever maps them (fact book §13.4).</summary>
    Shared,

    /// <summary>Pages of paged pool that hold prototype PTEs.</summary>
    Prototype,
}

/// <summary>Charges commitment, all or nothing. Answered by <see cref="CommitAnswered"/> with the same Request.</summary>
public readonly record struct ChargeCommit(ulong Pages, int Request, CommitKind For) : IMessage
{
    public const int Kind = 700;

    static int IMessage.Kind => Kind;
}

/// <summary>Returns commitment.</summary>
public readonly record struct ReturnCommit(ulong Pages, CommitKind For, int Reserved) : IMessage
{
    public const int Kind = 701;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="GrowPagingFile"/>: Added pages, possibly none.</summary>
public readonly record struct PagingFileGrown(uint Added, uint Pages) : IMessage
{
    public const int Kind = 702;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// NtCreateSection. SystemSpace checks its arguments, makes the section or lets the file make it, and is answered for it by whoever
/// ends it: <see cref="SectionCreated"/> goes to the sender.
/// </summary>
/// <param name="Size">Bytes; with no file and a NULL pointer 0.</param>
/// <param name="Name">Its name, by number; 0 for none.</param>
/// <param name="Attributes">SEC_ bits.</param>
/// <param name="Protection">PAGE_ bits.</param>
/// <param name="Request">The asker's number.</param>
/// <param name="File">The file; outside for a section backed by paging files.</param>
/// <param name="Rights">Of the file handle.</param>
/// <param name="Handle">What became of the file handle.</param>
/// <param name="Malformed">The name is no path.</param>
public readonly record struct CreateSection(
    ulong Size, uint Name, SectionAttributes Attributes, PageProtection Protection, uint Request, ActorId File, FileRights Rights, HandleResolution Handle, bool Malformed, byte Reserved) : IMessage
{
    public const int Kind = 710;

    static int IMessage.Kind => Kind;
}

/// <summary>NtOpenSection: a handle of the section with this name. Answered by <see cref="SectionCreated"/>.</summary>
public readonly record struct OpenSection(uint Name, uint Request) : IMessage
{
    public const int Kind = 711;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// A new section object wants its name, before its asker is answered. When the name is taken, the asker gets the section that has it, with
/// OBJECT_NAME_EXISTS, and the new one loses its handle.
/// </summary>
public readonly record struct InsertSection(ulong Base, uint Name, int Object, uint Request, ActorId Asker) : IMessage
{
    public const int Kind = 712;

    static int IMessage.Kind => Kind;
}

/// <summary>The last handle of a named section is closed: its name is free.</summary>
public readonly record struct RemoveSection(uint Name, int Object) : IMessage
{
    public const int Kind = 713;

    static int IMessage.Kind => Kind;
}

// What SystemSpace states.

/// <summary>The ledger after a charge was entered for a process.</summary>
public readonly record struct CommitCharged(ulong Pages, ulong Total, ulong Limit, ActorId Process, CommitKind For) : IFact
{
    public const int Kind = 700;

    static int IFact.Kind => Kind;
}

/// <summary>The ledger after a charge was returned.</summary>
public readonly record struct CommitReturned(ulong Pages, ulong Total, ulong Limit, ActorId Process, CommitKind For) : IFact
{
    public const int Kind = 701;

    static int IFact.Kind => Kind;
}

/// <summary>A charge was refused: it did not fit below the limit, and no paging file could grow enough.</summary>
public readonly record struct CommitRefused(ulong Pages, ulong Total, ulong Limit, ActorId Process, CommitKind For) : IFact
{
    public const int Kind = 702;

    static int IFact.Kind => Kind;
}

/// <summary>The limit has moved because a paging file has grown (R20).</summary>
public readonly record struct CommitLimitChanged(ulong Limit, ulong Total) : IFact
{
    public const int Kind = 703;

    static int IFact.Kind => Kind;
}
