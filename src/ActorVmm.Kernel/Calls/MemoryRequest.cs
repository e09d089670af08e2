namespace ActorVmm.Kernel.Calls;

/// <summary>A memory call as the process carries it out, whoever makes it: a thread of its own with an operation, or somebody outside with a row.</summary>
internal readonly struct MemoryRequest
{
    /// <summary>SECTION_ALL_ACCESS, where the word of a handle has its rights.</summary>
    private const ulong AllRights = 0xF001FUL << 32;
    private const ulong ViewUnmap = 2;

    private readonly CallRow? _row;
    private readonly ulong _offset;

    public MemoryRequest(Operation operation)
    {
        Base = operation.Address;
        Size = operation.Argument;
        Protection = operation.Protection;
        (Service, Type) = operation.Kind switch
        {
            OperationKind.Reserve => (CallService.Allocate, AllocationType.Reserve),
            OperationKind.Commit => (CallService.Allocate, AllocationType.Commit),
            OperationKind.ReserveCommit => (CallService.Allocate, AllocationType.Reserve | AllocationType.Commit),
            OperationKind.Decommit => (CallService.Free, AllocationType.Decommit),
            OperationKind.Release => (CallService.Free, AllocationType.Release),
            OperationKind.Protect => (CallService.Protect, AllocationType.None),
            OperationKind.SetStack => (CallService.SetStack, AllocationType.None),
            OperationKind.AllocateLarge => (CallService.Allocate, AllocationType.Reserve | AllocationType.Commit | AllocationType.LargePages),
            OperationKind.AllocatePool => (CallService.AllocatePool, AllocationType.None),
            OperationKind.FreePool => (CallService.FreePool, AllocationType.None),
            OperationKind.MapView => (CallService.MapView, AllocationType.None),
            OperationKind.UnmapView => (CallService.UnmapView, AllocationType.None),
            OperationKind.FlushView => (CallService.FlushView, AllocationType.None),
            OperationKind.Read or OperationKind.Write or OperationKind.Execute or OperationKind.Idle or OperationKind.Exit or OperationKind.SetMemoryPriority
                or OperationKind.ReadDevice or OperationKind.WriteDevice =>
                throw new BugCheckException(0, FormattableString.Invariant($"{operation.Kind} is no memory call")),
        };
        if (operation.Kind == OperationKind.SetStack)
        {
            Base = operation.Address + operation.Argument;
            Size = operation.Address;
        }

        if (operation.Kind == OperationKind.MapView)
        {
            var view = ViewOperation.Of(operation);
            SectionName = view.Section;
            Base = view.Address;
            Size = view.Pages << PageSize.Shift;
            _offset = view.Offset;
        }
    }

    public MemoryRequest(CallRow row)
    {
        _row = row;
        Service = row.Service;
        Base = row.Base;
        Size = row.Size;
        Type = (AllocationType)row.Type;
        Protection = (PageProtection)row.Protection;
        Flags = row.Flags;
        Handle = row.Handle;
    }

    public CallService Service { get; }

    public CallFlags Flags { get; }

    public HandleResolution Handle { get; }

    public AllocationType Type { get; }

    public PageProtection Protection { get; }

    public ulong Base { get; }

    public ulong Size { get; }

    /// <summary>The section that is opened by its name before a view of it is mapped; 0 when a handle of it came with the call.</summary>
    public uint SectionName { get; }

    public bool Has(AllocationType type) => (Type & type) != 0;

    public bool Has(CallFlags flag) => (Flags & flag) != 0;

    /// <summary>Whether the allocation makes a VAD of its own: MEM_COMMIT at no base reserves as well (fact book §6.1).</summary>
    public bool Reserves => Has(AllocationType.Reserve) || (Has(AllocationType.Commit) && Base == 0);

    /// <summary>Pages of pool.</summary>
    public ulong Pages => Size & ((1UL << Operation.QuotaShift) - 1);

    /// <summary>1 + the serial number of the process that is charged for pool; 0 for nobody.</summary>
    public int QuotaOf => (int)(Size >> Operation.QuotaShift);

    public ulong ZeroBits => Word((int)AllocationWord.ZeroBits);

    public ulong Lowest => Word((int)AllocationWord.Lowest);

    public ulong Highest => Word((int)AllocationWord.Highest);

    public ulong Alignment => Word((int)AllocationWord.Alignment);

    public ParameterArray Parameters => (ParameterArray)Word((int)AllocationWord.Array);

    /// <summary>A word of a view. A section that is opened by its name is opened with all rights, and its view is not inherited.</summary>
    public ulong ViewWord(ViewWord word) => (SectionName, word) switch
    {
        (0, _) => Word((int)word),
        (_, Protocol.ViewWord.Handle) => AllRights,
        (_, Protocol.ViewWord.Inherit) => ViewUnmap,
        (_, Protocol.ViewWord.Offset) => _offset,
        _ => 0,
    };

    /// <summary>A further word of the call; 0 when it was not sent.</summary>
    public ulong Word(int place) => _row?.Word(place) ?? 0;

    /// <summary>What a process handle that did not resolve fails with, in the place of its check.</summary>
    public NtStatus HandleStatus => Handle switch
    {
        HandleResolution.Resolved => NtStatus.Success,
        HandleResolution.Invalid => NtStatus.InvalidHandle,
        HandleResolution.WrongType => NtStatus.ObjectTypeMismatch,
        HandleResolution.Denied => NtStatus.AccessDenied,
    };
}
