using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Inspection;

namespace ActorVmm.Kernel.Frames;

/// <summary>The PFN database as a debugger looks at it, between two turns.</summary>
public sealed partial class PfnDatabase
{
    /// <summary>Requests that wait, in the order in which they will be served.</summary>
    public IReadOnlyList<WaitingRequestView> WaitingRequests
    {
        get
        {
            var waiting = new List<WaitingRequestView>();
            _waiters.List(waiting, forTransfer: false);
            _transferWaiters.List(waiting, forTransfer: true);
            return waiting;
        }
    }

    /// <summary>Modified pages that are on their way to a paging file.</summary>
    public int PagesBeingWritten => _writing;

    /// <summary>When memory is low and when there is plenty, on this machine.</summary>
    public MemoryThresholds Thresholds => _thresholds;

    /// <summary>One entry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The machine has no such frame.</exception>
    public FrameView Inspect(Pfn frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame.Value, (uint)_entries.Length, nameof(frame));
        ref readonly PfnEntry entry = ref _entries[frame.Value];
        var protection = new ProtectionCode(entry.ProtectionCode);
        return new FrameView
        {
            Pfn = frame,
            Location = entry.Location,
            Owner = entry.Owner,
            Page = entry.Page,
            ShareCount = entry.ShareCount,
            ReferenceCount = entry.ReferenceCount,
            Priority = entry.Priority,
            Next = entry.Next,
            Previous = entry.Previous,
            OriginalPte = entry.Slot.IsNone ? Pte.ForDemandZero(protection) : Pte.ForPagingFile(entry.Slot, protection),
            Generation = entry.Generation,
            Contents = _contents[frame],
            Modified = entry.Has(PfnFlags.Modified),
            ReadInProgress = entry.Has(PfnFlags.ReadInProgress),
            WriteInProgress = entry.Has(PfnFlags.WriteInProgress),
            Deleted = entry.Has(PfnFlags.Deleted),
            RemovalRequested = entry.Has(PfnFlags.RemovalRequested),
            Failed = entry.Has(PfnFlags.Failed),
        };
    }

    /// <summary>Who owns a frame and where it is, for those who count all of them.</summary>
    public (ActorId Owner, PageLocation Location) Usage(Pfn frame) => (_entries[frame.Value].Owner, _entries[frame.Value].Location);
}
