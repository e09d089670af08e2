namespace ActorVmm.Kernel.Frames;

/// <summary>
/// What the machine knows about one frame (fact book §15.1): 40 bytes, linked by index, as in Windows.
/// </summary>
internal struct PfnEntry : IEncodable
{
    /// <summary>The page in this frame: with <see cref="Owner"/>, what Windows keeps as the PTE address.</summary>
    public Vpn Page;

    /// <summary>
    /// Where the page is when it is not here: its slot. None for a page that was never written out.
    /// </summary>
    public PagingFileSlot Slot;

    /// <summary>The process whose page it is.</summary>
    public ActorId Owner;

    /// <summary>Next frame of the list.</summary>
    public Pfn Next;

    /// <summary>Frame before it on the list.</summary>
    public Pfn Previous;

    /// <summary>PTEs that map it: 0 or 1 for private memory.</summary>
    public uint ShareCount;

    /// <summary>1 for all shares together, and 1 for each transfer under way (fact book §15.1).</summary>
    public ushort ReferenceCount;

    /// <summary>Which hint of the owner points here.</summary>
    public Generation Generation;

    public PageLocation Location;

    /// <summary>0 to 7: which standby list it goes to.</summary>
    public byte Priority;

    /// <summary>The page's 5-bit protection code, for its original PTE.</summary>
    public byte ProtectionCode;

    public PfnFlags Flags;

    public readonly bool Has(PfnFlags flag) => (Flags & flag) != 0;

    public void Set(PfnFlags flag) => Flags |= flag;

    public void Clear(PfnFlags flag) => Flags &= ~flag;

    public void Encode(StateCodec codec)
    {
        codec.Field("page", ref Page);
        codec.Field("slot", ref Slot);
        codec.Field("owner", ref Owner);
        codec.Field("next", ref Next);
        codec.Field("previous", ref Previous);
        codec.Field("share count", ref ShareCount);
        codec.Field("reference count", ref ReferenceCount);
        codec.Field("generation", ref Generation);
        codec.Field("location", ref Location);
        codec.Field("priority", ref Priority);
        codec.Field("protection", ref ProtectionCode);
        codec.Field("flags", ref Flags);
    }
}

/// <summary>Flags of a PFN entry.</summary>
[Flags]
internal enum PfnFlags : byte
{
    None = 0,

    /// <summary>The page differs from its slot, or has none.</summary>
    Modified = 1,

    ReadInProgress = 2,

    WriteInProgress = 4,

    /// <summary>The page was deleted while a transfer was under way: when it ends, the frame is free (R6).</summary>
    Deleted = 8,

    /// <summary>The frame has failed; it is retired when nobody refers to it.</summary>
    RemovalRequested = 16,

    /// <summary>What is in the frame is gone: a modified page in it is lost.</summary>
    Failed = 32,

    /// <summary>The page belongs to a file: what it contains is written there, and to no paging file.</summary>
    OfFile = 64,
}
