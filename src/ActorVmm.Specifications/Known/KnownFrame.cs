namespace ActorVmm.Specifications.Known;

/// <summary>Whom a frame serves, in the words of both sides: a frame between two of them has its message in flight.</summary>
public enum Holding : byte
{
    /// <summary>No page is in it.</summary>
    Nobody,

    /// <summary>It is a process's and holds no page yet: kept ready, or on its way there or back.</summary>
    Granted,

    /// <summary>A valid PTE maps it.</summary>
    Mapped,

    /// <summary>Its PTE is a transition PTE already, and the PFN database has not heard of it: TrimPage is on its way.</summary>
    TrimOnItsWay,

    /// <summary>A transition PTE names it.</summary>
    Hinted,

    /// <summary>The PFN database has given the page back, and the process has not mapped it yet: SoftFaultAnswered is on its way.</summary>
    RelinkOnItsWay,

    /// <summary>The page is deleted; the frame is not free yet: DeletePages, DeleteHint or the end of a transfer is on its way.</summary>
    DeleteOnItsWay,

    /// <summary>The page is being read into it.</summary>
    Reading,

    /// <summary>The zero-page thread has it.</summary>
    Zeroing,
}

/// <summary>What is known of a frame.</summary>
public struct KnownFrame
{
    /// <summary>The page in it; 0 when <see cref="Holding"/> is Nobody or Granted.</summary>
    public Vpn Vpn;

    /// <summary>What the page last contained, as far as stores have been stated.</summary>
    public ContentStamp Stamp;

    /// <summary>The slot of a paging file that belongs to the page (its original PTE).</summary>
    public PagingFileSlot Slot;

    /// <summary>
    /// The slot that went back to its PTE when a read into this frame failed, until the PFN database has heard of that and says so too.
    /// </summary>
    public PagingFileSlot HandedBack;

    /// <summary>Whose page it is.</summary>
    public ActorId Process;

    /// <summary>The read that fills it, a row of <see cref="KnownMachine.Reads"/>; −1 when none does.</summary>
    public int Read;

    /// <summary>Counts as of the last move.</summary>
    public ushort References;

    /// <summary>Counts as of the last move.</summary>
    public ushort Shares;

    /// <summary>How often it is locked by memory descriptor lists.</summary>
    public int Locks;

    public PageLocation Location;

    public Holding Holding;

    /// <summary>Stored to since the last copy of it was taken for a paging file, by what PTEs said when they let go.</summary>
    public bool Dirty;

    /// <summary>Stored to since it was mapped, or since it was copied for its file.</summary>
    public bool Stored;

    /// <summary>A write-back of it is under way.</summary>
    public bool Writing;

    public bool InWorkingSet;

    /// <summary>Its read has been closed with the page to be mapped, and the PFN database has not heard of it: InPageCompleted is on its way.</summary>
    public bool ReadToBeMapped;

    /// <summary>The number of the turn in which it moved last.</summary>
    public long MovedIn;

    /// <summary>Where its first move in that turn took it; it may have gone on.</summary>
    public PageLocation MovedFirstTo;

    internal bool Touched;

    /// <summary>Whether a page of some process is in it, or was until its deletion.</summary>
    public readonly bool HoldsPage => Holding is Holding.Mapped or Holding.TrimOnItsWay or Holding.Hinted or Holding.RelinkOnItsWay or Holding.DeleteOnItsWay or Holding.Reading;
}

/// <summary>The table of frames; one that is not installed is known as a blank that keeps nothing.</summary>
public sealed class KnownFrames
{
    private readonly KnownFrame[] _frames;
    private readonly int _installed;

    internal KnownFrames(uint frames)
    {
        _installed = (int)frames;
        _frames = new KnownFrame[_installed + 1];
        _frames.AsSpan().Fill(new KnownFrame { Read = -1 });
    }

    public int Count => _installed;

    public bool Has(Pfn pfn) => pfn.Value < (uint)_installed;

    public ref readonly KnownFrame this[Pfn pfn] => ref At(pfn);

    internal ref KnownFrame At(Pfn pfn)
    {
        if (pfn.Value < (uint)_installed)
        {
            return ref _frames[pfn.Value];
        }

        _frames[_installed] = new KnownFrame { Read = -1 };
        return ref _frames[_installed];
    }
}
