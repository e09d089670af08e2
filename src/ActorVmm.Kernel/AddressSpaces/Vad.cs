namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// A virtual address descriptor: one allocation (fact book §3). Sections, images and the other kinds of VAD come with their issue;
/// until then every VAD is private.
/// </summary>
internal struct Vad : IEncodable
{
    /// <summary>First page.</summary>
    public Vpn Start;

    /// <summary>Last page.</summary>
    public Vpn End;

    /// <summary>Pages charged to this allocation.</summary>
    public ulong CommitCharge;

    /// <summary>Protection given when it was reserved; what a query calls AllocationProtect.</summary>
    public PageProtection AllocationProtection;

    /// <summary>The same as a 5-bit code.</summary>
    public ProtectionCode Protection;

    /// <summary>The whole range was committed when it was made: a zero PTE means demand zero with <see cref="Protection"/>.</summary>
    public bool MemCommit;

    public readonly ulong Pages => End.Value - Start.Value + 1;

    public readonly bool Contains(Vpn page) => page.Value >= Start.Value && page.Value <= End.Value;

    public void Encode(StateCodec codec)
    {
        codec.Field("start", ref Start);
        codec.Field("end", ref End);
        codec.Field("commit charge", ref CommitCharge);
        codec.Field("allocation protection", ref AllocationProtection);
        codec.Field("protection", ref Protection);
        codec.Field("mem commit", ref MemCommit);
    }
}
