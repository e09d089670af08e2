namespace ActorVmm.Protocol;

// Kernel stacks, as a process hears and tells of them (fact book §18, §23).

/// <summary>The swapper's word to a process: this thread has waited for so long that its kernel stack may leave memory.</summary>
public readonly record struct OutswapStack(int Thread, int Wait) : IMessage
{
    public const int Kind = 173;

    static int IMessage.Kind => Kind;
}

/// <summary>The kernel stack of a thread has come into memory (Resident 1), or left it.</summary>
public readonly record struct KernelStackMoved(int Thread, int Resident, int Pages) : IFact
{
    public const int Kind = 173;

    static int IFact.Kind => Kind;
}

/// <summary>The stacks of all threads of a process are out, and its working set has followed.</summary>
public readonly record struct ProcessOutswapped(int Serial, int Pages) : IFact
{
    public const int Kind = 174;

    static int IFact.Kind => Kind;
}
