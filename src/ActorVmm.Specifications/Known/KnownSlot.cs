namespace ActorVmm.Specifications.Known;

/// <summary>Who answers for a slot of a paging file.</summary>
public enum SlotState : byte
{
    Free,

    /// <summary>Taken for the modified-page writer, no page in it yet; or on its way back unused.</summary>
    Reserved,

    /// <summary>It belongs to a page in a frame.</summary>
    InFrame,

    /// <summary>It belongs to a PTE, or the PFN database remembers it for a transition PTE that is out.</summary>
    WithPte,

    /// <summary>Nobody needs it any more; FreeSlots is on its way.</summary>
    Returning,
}

/// <summary>What is known of a slot.</summary>
public struct KnownSlot
{
    /// <summary>The page last written to it.</summary>
    public Vpn Vpn;

    /// <summary>What was last written to it.</summary>
    public ContentStamp Stamp;

    /// <summary>Whose page was last written to it.</summary>
    public ActorId Process;

    /// <summary>The frame it belongs to while <see cref="SlotState.InFrame"/>.</summary>
    public Pfn Frame;

    /// <summary>The read that wants it, a row of <see cref="KnownMachine.Reads"/>; −1 when none does.</summary>
    public int Read;

    /// <summary>Transfers on the device that use it.</summary>
    public short Transfers;

    public SlotState State;

    /// <summary>A page that exists is here and nowhere else.</summary>
    public bool Needed;

    /// <summary>A write to it has been ordered and has not ended.</summary>
    public bool WriteOrdered;

    /// <summary>What <see cref="Stamp"/> says has been written without error.</summary>
    public bool Written;
}

/// <summary>The slots of all paging files; one beyond the end of its file is known as a blank that keeps nothing.</summary>
public sealed class KnownSlots
{
    private readonly KnownSlot[][] _files;
    private readonly uint[] _pagesMax;
    private readonly KnownSlot[] _blank = new KnownSlot[1];

    internal KnownSlots(IReadOnlyList<PagingFilePlan> files)
    {
        _pagesMax = [.. files.Select(file => Math.Max(file.Pages, file.MaximumPages))];
        _files = [.. files.Select(_ => Array.Empty<KnownSlot>())];
    }

    /// <summary>Slots whose bit is set, in all files.</summary>
    public long Taken { get; internal set; }

    public int Files => _files.Length;

    /// <summary>Whether there can be such a slot. Page 0 of a file is its header.</summary>
    public bool Has(PagingFileSlot slot) => slot.File < (uint)_files.Length && slot.Page != 0 && slot.Page < _pagesMax[slot.File];

    public ref readonly KnownSlot this[PagingFileSlot slot] => ref At(slot);

    /// <summary>The slots of a file that have ever been used.</summary>
    public ReadOnlySpan<KnownSlot> Of(uint file) => _files[file];

    internal ref KnownSlot At(PagingFileSlot slot)
    {
        if (!Has(slot))
        {
            _blank[0] = new KnownSlot { Read = -1, Frame = Pfn.None };
            return ref _blank[0];
        }

        ref KnownSlot[] file = ref _files[slot.File];
        if (slot.Page >= (uint)file.Length)
        {
            Grow(ref file, slot);
        }

        return ref file[slot.Page];
    }

    private void Grow(ref KnownSlot[] file, PagingFileSlot slot)
    {
        int old = file.Length;
        long wanted = Math.Min(_pagesMax[slot.File], Math.Max(slot.Page + 1L, Math.Max(256, old * 2L)));
        Array.Resize(ref file, (int)wanted);
        file.AsSpan(old).Fill(new KnownSlot { Read = -1, Frame = Pfn.None });
    }
}
