namespace ActorVmm.Protocol;

// What the WorkingSetManager hears.

/// <summary>Its one-second timer.</summary>
public readonly record struct ManagerTick : IMessage
{
    public const int Kind = 300;

    static int IMessage.Kind => Kind;
}

/// <summary>The PFN database is short of available pages, or has requests waiting.</summary>
public readonly record struct LowMemory(int Available, int Modified, int Waiters) : IMessage
{
    public const int Kind = 301;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="ReportAvailable"/>.</summary>
/// <param name="Available">Zeroed, free and standby pages.</param>
/// <param name="Modified">Modified pages and pages being written.</param>
/// <param name="Waiters">Requests for frames that wait.</param>
public readonly record struct AvailableReported(int Available, int Modified, int Waiters) : IMessage
{
    public const int Kind = 302;

    static int IMessage.Kind => Kind;
}

/// <summary>A process's numbers have changed enough to matter.</summary>
/// <param name="Pages">Its working set.</param>
/// <param name="Minimum">Its working-set minimum.</param>
/// <param name="Maximum">Its working-set maximum.</param>
/// <param name="Kept">Frames it keeps ready.</param>
/// <param name="Faults">Faults it has taken so far, modulo 2^32.</param>
/// <param name="Flags">1: its minimum is hard; 2: it chooses its own victims and is not trimmed.</param>
public readonly record struct WorkingSetChanged(int Pages, int Minimum, int Maximum, int Kept, uint Faults, int Flags) : IMessage
{
    public const int Kind = 303;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="TrimWorkingSet"/>.</summary>
public readonly record struct WorkingSetTrimmed(int Trimmed, int Pages, int Kept) : IMessage
{
    public const int Kind = 304;

    static int IMessage.Kind => Kind;
}

/// <summary>A process is exiting; it is not to be trimmed any more.</summary>
public readonly record struct ProcessLeaves : IMessage
{
    public const int Kind = 305;

    static int IMessage.Kind => Kind;
}

/// <summary>Ask every process to give up its whole working set.</summary>
public readonly record struct EmptyWorkingSets : IMessage
{
    public const int Kind = 306;

    static int IMessage.Kind => Kind;
}

/// <summary>The scenario has ended: no more ticks.</summary>
public readonly record struct StopTicking : IMessage
{
    public const int Kind = 307;

    static int IMessage.Kind => Kind;
}

// What the WorkingSetManager states.

/// <summary>A round of trimming has begun.</summary>
public readonly record struct TrimRoundBegan(int Goal, int Pass, int Processes, int Available) : IFact
{
    public const int Kind = 300;

    static int IFact.Kind => Kind;
}

/// <summary>A round of trimming has ended: all processes have answered.</summary>
public readonly record struct TrimRoundEnded(int Trimmed, int Goal, int Pass) : IFact
{
    public const int Kind = 301;

    static int IFact.Kind => Kind;
}
