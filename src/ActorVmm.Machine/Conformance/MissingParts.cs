using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>What the actors lack to carry out a call. The list of what is to be built; it grows shorter.</summary>
internal static class MissingParts
{
    public const ulong Commit = 0x1000;
    public const ulong Reserve = 0x2000;
    public const ulong Decommit = 0x4000;
    public const ulong Release = 0x8000;
    public const ulong Private = 0x2_0000;
    private const ulong Reset = 0x8_0000;
    private const ulong TopDown = 0x10_0000;
    private const ulong WriteWatch = 0x20_0000;
    private const ulong Physical = 0x40_0000;
    private const ulong PlaceholderBits = 0x4_4000;

    /// <summary>Protections that an operation carries: eleven bits.</summary>
    private const ulong CarriedProtection = 0x7FF;

    /// <returns>A noun, or null when nothing is missing.</returns>
    public static string? Of(ConformanceCall call, SessionPlan plan) =>
        call.Process is ProcessHandle.Null or ProcessHandle.Bad ? "handles of processes"
        : call.Thread is not null ? "threads with stacks"
        : call.NullOutputs != NullOutputs.None ? "NULL output pointers"
        : call.Buffer is not null && call is not QueryMemoryCall { Information: MemoryInformation.Basic, Buffer.Form: BufferForm.Size or BufferForm.Bytes } ? "buffers of other lengths"
        : OfKind(call, plan);

    private static string? OfKind(ConformanceCall call, SessionPlan plan) => call switch
    {
        AllocateCall allocate => OfAllocation(allocate),
        AllocateUntilFailureCall many => OfType(many.Type) ?? OfSize(many.Size) ?? OfProtection(many.Protect),
        ReleaseAllCall => null,
        FreeCall free => (free.Type is Decommit or Release ? null : "free types with placeholder bits or none") ?? OfSize(free.Size),
        ProtectCall protect => OfSize(protect.Size) ?? OfProtection(protect.Protect),
        LockCall => "locked pages",
        QueryMemoryCall { Information: MemoryInformation.Basic } => null,
        QueryMemoryCall { Information: MemoryInformation.WorkingSetEx } => "working-set information",
        QueryMemoryCall { Information: MemoryInformation.Region } => "region information",
        QueryMemoryCall => "image information and mapped names",
        QueryCountersCall => "VM counters",
        EmptyWorkingSetCall => "emptying working sets",
        PrefetchCall => "prefetch",
        GetWriteWatchCall or ResetWriteWatchCall => "write watch",
        AccessCall { Kind: AccessKind.Execute } when !plan.DataExecutionPrevention => "machines without execute prevention",
        AccessCall access => access.Width is >= 1 and <= sizeof(ulong) ? null : "accesses of that width",
        ProbeCall => "probes",
        CopyCall => "copies between processes",
        CreateFileCall { Image: not null } => "image files",
        CreateFileCall or SetFileSizeCall or ReadFileCall or TransferFileCall or SetDeleteOnCloseCall or ReopenFileCall => "data files",
        CreateSectionCall or OpenSectionCall or DuplicateHandleCall or CloseCall or QuerySectionCall => "sections",
        MapViewCall or UnmapViewCall or FlushViewCall or SameMappedFileCall => "views",
        MapMdlCall or UnmapMdlCall => "locked pages mapped by drivers",
        CreateThreadCall or CreateUserStackCall or ReserveThreadStackCall or SetStackCall or TouchStackCall or QueryStackCall => "threads with stacks",
        _ => call.GetType().Name,
    };

    private static string? OfAllocation(AllocateCall allocate) =>
        allocate.FromApp ? "allocation from apps"
        : allocate.Extended is not null ? (allocate.Type & PlaceholderBits) != 0 ? "placeholders" : "extended parameters"
        : allocate.ZeroBits != 0 ? "zero bits"
        : OfType(allocate.Type) ?? OfSize(allocate.Size) ?? OfProtection(allocate.Protect);

    private static string? OfType(ulong type) =>
        type is Reserve or Commit or (Reserve | Commit) ? null
        : (type & Reset) != 0 ? "reset"
        : (type & WriteWatch) != 0 ? "write watch"
        : (type & Physical) != 0 ? "AWE regions"
        : (type & TopDown) != 0 ? "top-down search"
        : "allocation types other than reserve and commit";

    private static string? OfSize(ulong size) => size > Operation.MaxArgument ? "sizes of 32 TB and more" : null;

    private static string? OfProtection(ulong protect) => protect > CarriedProtection ? "protections of more than eleven bits" : null;
}
