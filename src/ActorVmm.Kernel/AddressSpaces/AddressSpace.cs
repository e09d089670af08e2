using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.Faults;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// What a process has once it has touched its memory: descriptors, page tables, working set, cached translations, and the faults it
/// is waiting for. A process that never ran has none of it, so whatever only a process with memory needs is here.
/// </summary>
internal sealed class AddressSpace : IEncodable
{
    private InPageBlock[] _blocks = [];
    private int _blockCount;
    private PendingSoftFault[] _softFaults = [];
    private int _softFaultCount;
    private Visitor[] _visitors = [];
    private int _visitorCount;

    /// <summary>Creates an empty address space of x64, to be restored.</summary>
    public AddressSpace()
        : this(SelfMap.X64)
    {
    }

    /// <summary>Creates an address space with nothing in it but the page that every process shares with Windows.</summary>
    public AddressSpace(SelfMap map)
    {
        Tables = new PageTables(map);
        Vads.Insert(new Vad
        {
            Start = AddressLimits.SharedUserData,
            End = AddressLimits.SharedUserData,
            AllocationProtection = PageProtection.ReadOnly,
            Protection = ProtectionCode.ReadOnly,
            MemCommit = true,
            Flags = VadFlags.NoChange,
        });
    }

    public PageTables Tables { get; }

    public VadTree Vads { get; } = new();

    public WorkingSet WorkingSet { get; } = new();

    public Tlb Tlb { get; } = new();

    /// <summary>Pages of watched allocations that were stored to and have left their PTEs since; null as long as nothing is watched.</summary>
    public PageMarks? Written;

    /// <summary>Pages whose contents the program does not need; null as long as there were none.</summary>
    public PageMarks? Resets;

    /// <summary>Those of them whose contents are gone.</summary>
    public PageMarks? Lost;

    /// <summary>Where the stacks of its threads are; null as long as no thread has said so.</summary>
    public UserStacks? Stacks;

    /// <summary>Views of sections; null as long as there were none.</summary>
    public ViewTable? Views;

    /// <summary>Pages whose contents are gone with the frames they were in: accesses to them raise IN_PAGE_ERROR.</summary>
    public PageMarks? Failed;

    /// <summary>Kernel stacks, on machines that have them.</summary>
    public KernelStacks? KernelStacks;

    /// <summary>Page priorities that threads have set for themselves.</summary>
    public ThreadPriorities? Priorities;

    /// <summary>Requests to devices under way, on machines that have device stacks.</summary>
    public DeviceRequests? Requests;

    /// <summary>Zeroed frames granted and not used yet.</summary>
    public FrameBatch Kept;

    /// <summary>Threads that wait for such frames.</summary>
    public int MemoryWaiters;

    /// <summary>How many more of them to ask for next time.</summary>
    public byte Appetite;

    /// <summary>Frames deleted in this turn that the PFN database was not told of yet.</summary>
    public FrameBatch Deleted;

    /// <summary>Stamps made so far; the next one differs from all of them.</summary>
    public long Stamps;

    /// <summary>The generation of the latest hint.</summary>
    public Generation Generation;

    /// <summary>Faults dispatched, modulo 2³².</summary>
    public uint Dispatched;

    /// <summary>What the working-set manager was told last.</summary>
    public int ReportedPages;

    /// <summary>Of frames kept ready, what it was told last.</summary>
    public int ReportedKept;

    /// <summary>Pages charged to VADs.</summary>
    public ulong PrivateCommit;

    /// <summary>Pages charged for page tables that are not built yet.</summary>
    public int TableCredits;

    public ulong VirtualPages;

    public ulong PeakVirtualPages;

    public MemoryCall Call;

    /// <summary>Questions of calls that move bytes which are not answered yet.</summary>
    public int Unanswered;

    /// <summary>Pages locked by memory descriptor lists, each as often as it is (fact book §24).</summary>
    public int LockedPages;

    /// <summary>At exit: everything that nobody else is using has gone back.</summary>
    public bool GivenBack;

    public int OpenBlocks { get; private set; }

    /// <summary>Questions that sections have not answered yet.</summary>
    public int UnansweredBySections => Views?.Unanswered ?? 0;

    public int BlockCount => _blockCount;

    public int SoftFaultCount => _softFaultCount;

    public ref Visitor VisitorAt(int place) => ref _visitors[place];

    public void Receive(int place, in Visitor visitor)
    {
        if (place >= _visitors.Length)
        {
            Array.Resize(ref _visitors, place + 1);
        }

        _visitorCount = Math.Max(_visitorCount, place + 1);
        _visitors[place] = visitor;
    }

    /// <summary>What a page may be accessed for whose PTE is zero.</summary>
    public ProtectionCode UntouchedProtection(in Vad vad, Vpn page) => vad.View == 0 ? vad.Protection : Views!.ProtectionOf(vad, page);

    public ref InPageBlock Block(int index) => ref _blocks[index];

    /// <summary>The block that is reading <paramref name="page"/>, or −1.</summary>
    public int FindBlock(Vpn page)
    {
        if (OpenBlocks == 0)
        {
            return -1;
        }

        for (int index = 0; index < _blockCount; index++)
        {
            if (_blocks[index].Reads(page))
            {
                return index;
            }
        }

        return -1;
    }

    public int OpenBlock(in InPageBlock block)
    {
        OpenBlocks++;
        for (int index = 0; index < _blockCount; index++)
        {
            if (!_blocks[index].IsOpen)
            {
                _blocks[index] = block;
                return index;
            }
        }

        if (_blockCount == _blocks.Length)
        {
            Array.Resize(ref _blocks, Math.Max(2, _blockCount * 2));
        }

        _blocks[_blockCount] = block;
        return _blockCount++;
    }

    public void CloseBlock(int index)
    {
        _blocks[index] = default;
        OpenBlocks--;
    }

    public int FindSoftFault(Vpn page)
    {
        for (int index = 0; index < _softFaultCount; index++)
        {
            if (_softFaults[index].Page == page)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The first page from <paramref name="start"/> to <paramref name="end"/> whose soft fault is not answered yet.</summary>
    public bool TryFindSoftFault(Vpn start, Vpn end, out Vpn page)
    {
        for (int index = 0; index < _softFaultCount; index++)
        {
            page = _softFaults[index].Page;
            if (page.Value >= start.Value && page.Value <= end.Value)
            {
                return true;
            }
        }

        page = default;
        return false;
    }

    public void AddSoftFault(Vpn page, int thread)
    {
        if (_softFaultCount == _softFaults.Length)
        {
            Array.Resize(ref _softFaults, Math.Max(2, _softFaultCount * 2));
        }

        _softFaults[_softFaultCount++] = new PendingSoftFault { Page = page, Thread = thread };
    }

    /// <summary>Takes an answered soft fault out; returns the thread that asked, −1 for a peek.</summary>
    public int RemoveSoftFault(Vpn page)
    {
        int index = FindSoftFault(page);
        Invariant.Holds(index >= 0, "only a soft fault that was asked is answered");
        int thread = _softFaults[index].Thread;
        _softFaultCount--;
        Array.Copy(_softFaults, index + 1, _softFaults, index, _softFaultCount - index);
        return thread;
    }

    /// <summary>Open reads, for a debugger.</summary>
    public IReadOnlyList<InPageView> InspectReads() =>
    [
        .. _blocks.Take(_blockCount).Where(block => block.IsOpen).Select(block =>
            new InPageView(block.First, block.Count, block.Slot, block.Phase == InPagePhase.Reading, block.Wanted, block.Deleted)),
    ];

    /// <summary>Soft faults on their way, for a debugger.</summary>
    public IReadOnlyList<Vpn> InspectSoftFaults() => [.. _softFaults.Take(_softFaultCount).Select(fault => fault.Page)];

    public void Encode(StateCodec codec)
    {
        int open = OpenBlocks;
        Tables.Encode(codec);
        Vads.Encode(codec);
        WorkingSet.Encode(codec);
        Tlb.Encode(codec);
        codec.Rows("in-page blocks", ref _blocks, ref _blockCount);
        codec.Field("open blocks", ref open);
        codec.Rows("soft faults", ref _softFaults, ref _softFaultCount);
        codec.Group("kept", ref Kept);
        codec.Field("memory waiters", ref MemoryWaiters);
        codec.Field("appetite", ref Appetite);
        codec.Field("stamps given", ref Stamps);
        codec.Field("generation", ref Generation);
        codec.Field("dispatched", ref Dispatched);
        codec.Field("reported pages", ref ReportedPages);
        codec.Field("reported kept", ref ReportedKept);
        codec.Rows("visitors", ref _visitors, ref _visitorCount);
        codec.Field("given back", ref GivenBack);
        codec.Field("private commit", ref PrivateCommit);
        codec.Field("table credits", ref TableCredits);
        codec.Field("virtual pages", ref VirtualPages);
        codec.Field("peak virtual pages", ref PeakVirtualPages);
        Call.Encode(codec);
        codec.Field("unanswered", ref Unanswered);
        codec.Field("locked pages", ref LockedPages);
        codec.Part("written", ref Written);
        codec.Part("resets", ref Resets);
        codec.Part("lost", ref Lost);
        codec.Part("stacks", ref Stacks);
        codec.Part("views", ref Views);
        codec.Addition("failed", ref Failed);
        codec.Addition("thread priorities", ref Priorities);
        codec.Addition("kernel stacks", ref KernelStacks);
        codec.Addition("device requests", ref Requests);
        OpenBlocks = open;
    }
}

/// <summary>A soft fault on its way to the PFN database and back.</summary>
internal struct PendingSoftFault : IEncodable
{
    public Vpn Page;

    /// <summary>Who asked; −1 when the process only wants to know whether the hint is still good.</summary>
    public int Thread;

    public void Encode(StateCodec codec)
    {
        codec.Field("page", ref Page);
        codec.Field("thread", ref Thread);
    }
}

/// <summary>How far a memory call has got.</summary>
internal enum CallPhase : byte
{
    /// <summary>No call is under way.</summary>
    None,

    /// <summary>Checked; waits for the charge.</summary>
    Charging,

    /// <summary>Charged, or nothing to charge; page tables are being made valid.</summary>
    BuildingTables,

    /// <summary>A section was asked, and has not answered.</summary>
    AskingSection,

    /// <summary>Waits for the pool to say whether it has so much.</summary>
    AskingPool,

    /// <summary>The pool has answered.</summary>
    PoolAnswered,

    /// <summary>Waits for the frames of a large page.</summary>
    AskingLargePage,

    /// <summary>A section is being opened by its name.</summary>
    OpeningSection,
}

/// <summary>The memory call under way; a process has one at a time (the address-creation mutex).</summary>
internal struct MemoryCall : IEncodable
{
    public int Thread;
    public CallPhase Phase;
    public NtStatus Refused;
    public Vpn Start;
    public Vpn End;

    /// <summary>Pages charged for it.</summary>
    public ulong Charged;

    /// <summary>The page whose tables it makes valid now; those of the pages before it are.</summary>
    public Vpn Built;

    /// <summary>The section that is asked.</summary>
    public ActorId Section;

    /// <summary>What the section has said.</summary>
    public SectionReply Reply;

    /// <summary>Pages of a view that the section has counted and that is not there yet.</summary>
    public ulong ViewPages;

    /// <summary>Its first page in the section.</summary>
    public ulong ViewFirst;

    public int ViewObject;

    public void Encode(StateCodec codec)
    {
        codec.Field("call thread", ref Thread);
        codec.Field("call phase", ref Phase);
        codec.Field("call refused", ref Refused);
        codec.Field("call start", ref Start);
        codec.Field("call end", ref End);
        codec.Field("call charged", ref Charged);
        codec.Field("call built", ref Built);
        codec.Field("call section", ref Section);
        codec.Field("call view pages", ref ViewPages);
        codec.Field("call view first", ref ViewFirst);
        codec.Field("call view object", ref ViewObject);
        Reply.Encode(codec);
    }
}

/// <summary>What a section has said to a memory call.</summary>
internal struct SectionReply : IEncodable
{
    public ulong Base;

    /// <summary>Bytes of a view; pages of everything else.</summary>
    public ulong Size;

    public NtStatus Status;
    public SectionAttributes Attributes;
    public SegmentKind Segment;
    public bool Ordered;
    public bool Committed;

    /// <summary>The section has answered.</summary>
    public bool Here;

    /// <summary>Subsections that it has not told of yet.</summary>
    public int RunsMissing;

    public void Encode(StateCodec codec)
    {
        codec.Field("reply base", ref Base);
        codec.Field("reply size", ref Size);
        codec.Field("reply status", ref Status);
        codec.Field("reply attributes", ref Attributes);
        codec.Field("reply segment", ref Segment);
        codec.Field("reply ordered", ref Ordered);
        codec.Field("reply committed", ref Committed);
        codec.Field("reply here", ref Here);
        codec.Field("reply runs missing", ref RunsMissing);
    }
}
