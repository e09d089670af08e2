namespace ActorVmm.Protocol;

// Large pages: runs of frames, aligned to their length, that the PfnDatabase assembles (fact book §1, §11).

/// <summary>Asks for so many frames in a row, beginning at a multiple of their number. Answered by <see cref="LargePageGranted"/>, perhaps with none.</summary>
public readonly record struct TakeLargePage(uint Frames, int Thread) : IMessage
{
    public const int Kind = 234;

    static int IMessage.Kind => Kind;
}

/// <summary>Gives a large page back.</summary>
public readonly record struct DeleteLargePage(Pfn First, uint Frames) : IMessage
{
    public const int Kind = 235;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="TakeLargePage"/>: zeroed frames from First on; <see cref="Pfn.None"/> when there is no such run.</summary>
public readonly record struct LargePageGranted(Pfn First, uint Frames, int Thread) : IMessage
{
    public const int Kind = 172;

    static int IMessage.Kind => Kind;
}

/// <summary>A run of frames was assembled; FromStandby of them had to be taken from pages that were still there.</summary>
public readonly record struct LargePageAssembled(Pfn First, uint Frames, uint FromStandby, ActorId Process) : IFact
{
    public const int Kind = 234;

    static int IFact.Kind => Kind;
}

/// <summary>No run of so many frames could be assembled, although Available pages were available: memory is fragmented, or short.</summary>
public readonly record struct LargePageRefused(uint Frames, int Available, ActorId Process) : IFact
{
    public const int Kind = 235;

    static int IFact.Kind => Kind;
}
