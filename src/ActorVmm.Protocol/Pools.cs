namespace ActorVmm.Protocol;

// Pools and system PTEs: what SystemSpace hears and states about the parts of system space that are given out by it (fact book §23).

/// <summary>The two pools that the system and its drivers allocate from.</summary>
public enum PoolKind
{
    /// <summary>Always in memory: its pages have frames from the first moment on.</summary>
    NonPaged,

    /// <summary>Pages like any others: they come by a fault, and can be trimmed and paged out.</summary>
    Paged,
}

/// <summary>
/// Asks for pool, before commitment is charged for it. Answered by <see cref="PoolAnswered"/>: INSUFFICIENT_RESOURCES when the pool is at its
/// limit, QUOTA_EXCEEDED when the process it is for is at its.
/// </summary>
/// <param name="Base">Where it will be; names it from then on.</param>
/// <param name="Pages">How much.</param>
/// <param name="Pool">Of which pool.</param>
/// <param name="QuotaOf">1 + the serial number of the process that is charged for it; 0 for nobody.</param>
/// <param name="Request">Comes back with the answer.</param>
public readonly record struct AllocatePool(Vpn Base, ulong Pages, PoolKind Pool, int QuotaOf, int Request, int Reserved) : IMessage
{
    public const int Kind = 730;

    static int IMessage.Kind => Kind;
}

/// <summary>Gives pool back.</summary>
public readonly record struct FreePool(Vpn Base) : IMessage
{
    public const int Kind = 731;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="AllocatePool"/>.</summary>
public readonly record struct PoolAnswered(Vpn Base, int Request, NtStatus Status) : IMessage
{
    public const int Kind = 171;

    static int IMessage.Kind => Kind;
}

/// <summary>Pool was allocated; Total is what is allocated of it now.</summary>
public readonly record struct PoolAllocated(Vpn Base, ulong Pages, ulong Total, PoolKind Pool, int QuotaOf) : IFact
{
    public const int Kind = 730;

    static int IFact.Kind => Kind;
}

/// <summary>Pool was given back; Total is what is allocated of it now.</summary>
public readonly record struct PoolFreed(Vpn Base, ulong Pages, ulong Total, PoolKind Pool, int QuotaOf) : IFact
{
    public const int Kind = 731;

    static int IFact.Kind => Kind;
}

/// <summary>Pool was refused: the pool, or the process that it was for, is at its limit.</summary>
public readonly record struct PoolRefused(ulong Pages, ulong Charged, ulong Limit, PoolKind Pool, NtStatus Status) : IFact
{
    public const int Kind = 732;

    static int IFact.Kind => Kind;
}
