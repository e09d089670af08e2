namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>A thread's user stack as its TEB describes it (fact book §12). From low to high: reserved pages, guard pages, committed pages.</summary>
internal struct UserStack : IEncodable
{
    /// <summary>StackBase: one past the highest byte; 0 for a thread whose stack nobody models.</summary>
    public ulong Base;

    /// <summary>StackLimit: lowest byte that can be used without growing.</summary>
    public ulong Limit;

    /// <summary>DeallocationStack: lowest byte of the allocation.</summary>
    public ulong Deallocation;

    public readonly bool Contains(ulong address) => address >= Deallocation && address < Base;

    public void Encode(StateCodec codec)
    {
        codec.Field("stack base", ref Base);
        codec.Field("stack limit", ref Limit);
        codec.Field("deallocation stack", ref Deallocation);
    }
}
