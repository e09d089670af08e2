namespace ActorVmm.Protocol;

// What SystemSpace hears. It holds the ledger of commitment: every page promised is entered here before the promise is given.

/// <summary>What a charge is for.</summary>
public enum CommitKind
{
    /// <summary>Private memory of a process.</summary>
    Private,

    /// <summary>Page tables.</summary>
    PageTable,
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
