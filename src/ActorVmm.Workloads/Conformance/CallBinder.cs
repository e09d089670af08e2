using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Workloads.Conformance;

/// <summary>Makes a call of a step: its arguments evaluated, those left out at their defaults.</summary>
public static class CallBinder
{
    private const ulong Commit = 0x1000;
    private const ulong Reserve = 0x2000;
    private const ulong Decommit = 0x4000;
    private const ulong Release = 0x8000;
    private const ulong Reset = 0x8_0000;

    /// <exception cref="SymbolException">A symbol stands for nothing.</exception>
    public static ConformanceCall Bind(CaseStep step, Symbols symbols)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(symbols);
        var arguments = new BoundArguments(step, symbols);
        symbols.File = arguments.Handle("file") is { Kind: HandleKind.Bound, Value: var file } ? file : null;
        ConformanceCall call = BindAny(step.Operation, arguments);
        return call with
        {
            Process = arguments.Process,
            Thread = arguments.Find("thread"),
            NullOutputs = arguments.NullOutputs,
            Buffer = arguments.Buffer,
        };
    }

    private static ConformanceCall BindAny(string operation, BoundArguments a) => operation switch
    {
        "reserve" => Allocate(a, Reserve),
        "commit" => Allocate(a, Commit),
        "reserve+commit" => Allocate(a, Reserve | Commit),
        "reset" => Allocate(a, Reset),
        "allocate" => Allocate(a, 0),
        "decommit" => new FreeCall(a.Number("base"), a.Number("size"), Decommit),
        "release" => new FreeCall(a.Number("base"), a.Number("size"), Release),
        "free" => new FreeCall(a.Number("base"), a.Number("size"), a.Flags("type")),
        "protect" => new ProtectCall(a.Number("base"), a.Number("size"), a.Flags("protect")),
        "lock" => new LockCall(a.Number("base"), a.Number("size"), Unlock: false),
        "unlock" => new LockCall(a.Number("base"), a.Number("size"), Unlock: true),
        "query" => new QueryMemoryCall(MemoryInformation.Basic, a.Number("addr")),
        "query-region" => new QueryMemoryCall(MemoryInformation.Region, a.Number("addr")),
        "query-image" => new QueryMemoryCall(MemoryInformation.Image, a.Number("addr")),
        "query-mapped-name" => new QueryMemoryCall(MemoryInformation.MappedName, a.Number("addr")),
        "query-ws" => new QueryMemoryCall(MemoryInformation.WorkingSetEx, a.Number("addr")),
        "query-vm-counters" => new QueryCountersCall(a.ValueOfSymbol("since")),
        "empty-ws" => new EmptyWorkingSetCall(),
        "prefetch" => Prefetch(a),
        "get-write-watch" => new GetWriteWatchCall(a.Number("base"), a.Number("size"), a.FindFlags("flags") ?? (a.IsOn("reset") ? 1UL : 0), a.Find("max_count")),
        "reset-write-watch" => new ResetWriteWatchCall(a.Number("base"), a.Number("size")),
        "allocate-until-failure" => new AllocateUntilFailureCall(a.Flags("type"), a.Number("size"), a.Flags("protect"), a.Find("max_count")),
        "release-all" => new ReleaseAllCall(),
        "read" => new AccessCall(AccessKind.Read, a.Number("addr"), a.Number("width", 1), 0),
        "write" => new AccessCall(AccessKind.Write, a.Number("addr"), a.Number("width", 1), a.Number("value")),
        "execute" => new AccessCall(AccessKind.Execute, a.Number("addr"), 1, 0),
        "probe-read" => new ProbeCall(ForWrite: false, a.Number("addr"), a.Number("size")),
        "probe-write" => new ProbeCall(ForWrite: true, a.Number("addr"), a.Number("size")),
        "read-process" => new CopyCall(IsWrite: false, a.Number("from"), a.Number("to"), a.Number("size")),
        "write-process" => new CopyCall(IsWrite: true, a.Number("from"), a.Number("to"), a.Number("size")),
        _ => BindFileOrSection(operation, a) ?? BindStack(operation, a) ?? throw new ArgumentException($"{operation} is no operation", nameof(operation)),
    };

    private static ConformanceCall? BindFileOrSection(string operation, BoundArguments a) => operation switch
    {
        "create-file" => CreateFile(a),
        "file-read" => new ReadFileCall(a.RequireHandle("file"), a.Number("offset"), a.Number("width", 1)),
        "file-read-into" => new TransferFileCall(a.RequireHandle("file"), a.Number("addr"), a.Number("size"), IsWrite: false),
        "file-write-from" => new TransferFileCall(a.RequireHandle("file"), a.Number("addr"), a.Number("size"), IsWrite: true),
        "set-file-size" => new SetFileSizeCall(a.RequireHandle("file"), a.Number("size")),
        "set-delete-on-close" => new SetDeleteOnCloseCall(a.RequireHandle("file"), a.IsOn("value")),
        "overwrite-file" => new ReopenFileCall(a.RequireHandle("file"), DeleteOnClose: false),
        "open-delete-on-close" => new ReopenFileCall(a.RequireHandle("file"), DeleteOnClose: true),
        "create-section" => new CreateSectionCall(a.RequireHandle("file"), a.FindOrNull("size"), a.Flags("protect"), a.Flags("attributes")) { Access = a.FindFlags("access"), Name = a.Text("name") },
        "open-section" => new OpenSectionCall(a.Text("name"), a.Flags("access")),
        "duplicate-handle" => new DuplicateHandleCall(a.RequireHandle("handle"), a.Flags("access")),
        "close" => new CloseCall(a.RequireHandle("handle")),
        "query-section" => new QuerySectionCall(a.RequireHandle("section"), a.Text("info") is "image"),
        "map-view" => MapView(a),
        "unmap-view" => new UnmapViewCall(a.Number("base"), a.FindFlags("flags")),
        "flush-view" => new FlushViewCall(a.Number("base"), a.Number("size")),
        "same-mapped-file" => new SameMappedFileCall(a.Number("first"), a.Number("second")),
        "map-mdl-user" => new MapMdlCall(a.Number("base"), a.Number("size")),
        "unmap-mdl-user" => new UnmapMdlCall(a.Number("base")),
        _ => null,
    };

    private static ConformanceCall? BindStack(string operation, BoundArguments a) => operation switch
    {
        "create-thread" => new CreateThreadCall(a.Number("stack_commit"), a.Number("stack_reserve")),
        "create-user-stack" => new CreateUserStackCall(a.Number("commit"), a.Number("reserve"), a.Number("zero_bits"), a.Number("commit_align"), a.Number("reserve_align")),
        "reserve-thread-stack" => new ReserveThreadStackCall(a.Number("reserve")),
        "set-stack" => new SetStackCall(a.Number("stack_base"), a.Number("stack_limit"), a.Number("dealloc")),
        "stack-touch" => new TouchStackCall(StackTouch.Depth, a.Number("depth")),
        "stack-touch-to" => new TouchStackCall(StackTouch.Address, a.Number("addr")),
        "stack-touch-to-overflow" => new TouchStackCall(StackTouch.Overflow, 0),
        "query-stack" => new QueryStackCall(Guard: false),
        "query-stack-guard" => new QueryStackCall(Guard: true),
        _ => null,
    };

    private static AllocateCall Allocate(BoundArguments a, ulong type) =>
        new(a.Number("base"), a.Number("size"), a.Number("zero_bits"), type | a.Flags("type"), a.Flags("protect"))
        {
            Extended = a.IsOn("ex") ? a.Extended() : null,
            FromApp = a.IsOn("app"),
        };

    private static PrefetchCall Prefetch(BoundArguments a)
    {
        IReadOnlyList<AddressRange>? ranges = a.Ranges();
        return new PrefetchCall(a.Number("info_class"), ranges, a.Number("entry_count", (ulong)(ranges?.Count ?? 0)), a.FindFlags("flags"), a.Number("flags_size", sizeof(uint)));
    }

    private static CreateFileCall CreateFile(BoundArguments a) => new(a.FindOrNull("size"), a.FileAccess())
    {
        Data = a.Text("data"),
        Image = a.Text("content") is "pe-image"
            ? new ImageFile(a.Find("image_base"), a.Number("section_alignment", 0x1000), a.Number("file_alignment", 0x200), a.ImageSections())
            : null,
    };

    private static MapViewCall MapView(BoundArguments a) => new(a.RequireHandle("section"), a.Number("base"), a.Number("size"))
    {
        Protect = a.FindFlags("protect"),
        Access = a.FindFlags("access"),
        Offset = a.Number("offset"),
        CommitSize = a.Number("commit_size"),
        Shared = a.Text("inherit") is not "ViewUnmap",
        Type = a.Flags("type"),
        ZeroBits = a.Number("zero_bits"),
        Extended = a.IsOn("ex") ? a.Extended() : null,
        UncheckedAlignment = a.IsOn("unchecked_alignment"),
    };
}
