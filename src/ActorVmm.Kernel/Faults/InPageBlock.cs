namespace ActorVmm.Kernel.Faults;

/// <summary>
/// A read of pages from a paging file, from the moment it is opened until its owner has looked at the result. This is what a second
/// thread meets that faults on a page being read: it joins the block and waits, and there is exactly one I/O (R1). A deletion that
/// meets it only leaves a mark, because frame and slot belong to the read until it has ended (R2, R6).
/// </summary>
internal struct InPageBlock : IEncodable
{
    /// <summary>First page; table pages are named by the self-map.</summary>
    public Vpn First;

    /// <summary>Slot of the first page; the others follow.</summary>
    public PagingFileSlot Slot;

    /// <summary>Which hint its pages carry while they are read.</summary>
    public Generation Generation;

    public byte Count;

    public InPagePhase Phase;

    /// <summary>Mask of pages that threads have faulted on; they become valid when the read has ended.</summary>
    public ushort Wanted;

    /// <summary>Mask of pages deleted meanwhile.</summary>
    public ushort Deleted;

    public MdlId Mdl;

    public readonly bool IsOpen => Phase != InPagePhase.Closed;

    public readonly bool Contains(Vpn page) => IsOpen && page.Value >= First.Value && page.Value - First.Value < Count;

    /// <summary>
    /// Whether the page that is there now is the one being read. After a deletion another may have come into being at its address,
    /// which has nothing to do with this read (R2).
    /// </summary>
    public readonly bool Reads(Vpn page) => Contains(page) && (Deleted & BitOf(page)) == 0;

    public readonly ushort BitOf(Vpn page) => (ushort)(1 << (int)(page.Value - First.Value));

    public readonly ushort AllBits => (ushort)((1 << Count) - 1);

    public void Encode(StateCodec codec)
    {
        codec.Field("first", ref First);
        codec.Field("slot", ref Slot);
        codec.Field("generation", ref Generation);
        codec.Field("count", ref Count);
        codec.Field("phase", ref Phase);
        codec.Field("wanted", ref Wanted);
        codec.Field("deleted", ref Deleted);
        codec.Field("mdl", ref Mdl);
    }
}

/// <summary>How far a read has got.</summary>
internal enum InPagePhase : byte
{
    /// <summary>No read; the row of the table is free.</summary>
    Closed,

    /// <summary>Frames were asked for; the PTEs still name the slots.</summary>
    WaitingForFrames,

    /// <summary>The device reads; the PTEs are in transition to the frames.</summary>
    Reading,
}
