namespace ActorVmm.Workloads.Conformance.Calls;

/// <summary>NtAllocateVirtualMemory, or its Ex form, or VirtualAllocFromApp.</summary>
/// <param name="Base">0 for NULL.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ZeroBits">As passed.</param>
/// <param name="Type">MEM_ bits.</param>
/// <param name="Protect">PAGE_ bits, 32 of them.</param>
public sealed record AllocateCall(ulong Base, ulong Size, ulong ZeroBits, ulong Type, ulong Protect) : ConformanceCall
{
    /// <summary>Null for the plain call.</summary>
    public ExtendedParameters? Extended { get; init; }

    public bool FromApp { get; init; }
}

/// <summary>NtFreeVirtualMemory.</summary>
public sealed record FreeCall(ulong Base, ulong Size, ulong Type) : ConformanceCall;

/// <summary>NtProtectVirtualMemory.</summary>
public sealed record ProtectCall(ulong Base, ulong Size, ulong Protect) : ConformanceCall;

/// <summary>VirtualLock and VirtualUnlock.</summary>
public sealed record LockCall(ulong Base, ulong Size, bool Unlock) : ConformanceCall;

/// <summary>NtQueryVirtualMemory.</summary>
public sealed record QueryMemoryCall(MemoryInformation Information, ulong Address) : ConformanceCall;

/// <summary>Information classes of NtQueryVirtualMemory.</summary>
public enum MemoryInformation : byte
{
    Basic,
    Region,
    Image,
    MappedName,
    WorkingSetEx,
}

/// <summary>The VM counters of a process.</summary>
/// <param name="Since">The snapshot to compare with.</param>
public sealed record QueryCountersCall(ulong? Since) : ConformanceCall;

/// <summary>Empties the working set of a process.</summary>
public sealed record EmptyWorkingSetCall : ConformanceCall;

/// <summary>NtSetInformationVirtualMemory; class 0 is prefetch.</summary>
/// <param name="InformationClass">As passed.</param>
/// <param name="Ranges">Null for a NULL array.</param>
/// <param name="EntryCount">As passed.</param>
/// <param name="Flags">The information word; null for a NULL pointer.</param>
/// <param name="FlagsSize">Its length.</param>
public sealed record PrefetchCall(ulong InformationClass, IReadOnlyList<AddressRange>? Ranges, ulong EntryCount, ulong? Flags, ulong FlagsSize) : ConformanceCall;

/// <summary>Some bytes of an address space.</summary>
public readonly record struct AddressRange(ulong Base, ulong Size);

/// <summary>NtGetWriteWatch.</summary>
/// <param name="Base">As passed.</param>
/// <param name="Size">As passed.</param>
/// <param name="Flags">1 resets what is returned.</param>
/// <param name="MaxCount">Room in the caller's array; null is enough for all.</param>
public sealed record GetWriteWatchCall(ulong Base, ulong Size, ulong Flags, ulong? MaxCount) : ConformanceCall;

/// <summary>NtResetWriteWatch.</summary>
public sealed record ResetWriteWatchCall(ulong Base, ulong Size) : ConformanceCall;

/// <summary>Allocations at a NULL base until one fails, or this many have succeeded.</summary>
public sealed record AllocateUntilFailureCall(ulong Type, ulong Size, ulong Protect, ulong? MaxCount) : ConformanceCall;

/// <summary>Releases whatever <see cref="AllocateUntilFailureCall"/> allocated.</summary>
public sealed record ReleaseAllCall : ConformanceCall;
