namespace ActorVmm.Protocol;

// What comes to the PfnDatabase from outside the life of a page, and what it states about that.

/// <summary>By order of the operator: standby pages of priority 0 to Highest lose their frames (fact book §22).</summary>
public readonly record struct PurgeStandby(int Highest) : IMessage
{
    public const int Kind = 230;

    static int IMessage.Kind => Kind;
}

/// <summary>The page that the sender has just put into a frame is of another priority than its process's pages: its thread's.</summary>
public readonly record struct SetFramePriority(Pfn Pfn, int Priority) : IMessage
{
    public const int Kind = 231;

    static int IMessage.Kind => Kind;
}

/// <summary>A frame has failed, and what is in it is gone. Clean pages are read again; a modified one is lost.</summary>
public readonly record struct FailFrame(Pfn Pfn) : IMessage
{
    public const int Kind = 232;

    static int IMessage.Kind => Kind;
}

/// <summary>What Windows tells of available memory by notification objects (fact book §1).</summary>
public enum MemoryCondition
{
    /// <summary>No more pages are available than the low threshold.</summary>
    Low,

    /// <summary>At least three times the low threshold are available.</summary>
    High,
}

/// <summary>A memory-resource notification was signalled, or reset.</summary>
public readonly record struct MemoryConditionChanged(int Available, int Threshold, MemoryCondition Condition, int Signalled) : IFact
{
    public const int Kind = 230;

    static int IFact.Kind => Kind;
}

/// <summary>Standby lists were purged by order of the operator.</summary>
public readonly record struct StandbyPurged(int Pages, int Highest) : IFact
{
    public const int Kind = 231;

    static int IFact.Kind => Kind;
}

/// <summary>A frame has failed while it was in this state.</summary>
public readonly record struct FrameFailed(Pfn Pfn, PageLocation Location, byte Modified, ushort Reserved) : IFact
{
    public const int Kind = 232;

    static int IFact.Kind => Kind;
}

/// <summary>A modified page that no working set held was in a frame that failed: nobody has its contents any more.</summary>
public readonly record struct PageLost(Vpn Vpn, Pfn Pfn, ActorId Owner) : IFact
{
    public const int Kind = 233;

    static int IFact.Kind => Kind;
}
