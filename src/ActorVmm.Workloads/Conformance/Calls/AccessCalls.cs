using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Conformance.Calls;

/// <summary>A thread loads, stores or fetches an instruction; a store of several bytes may straddle pages.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Address">First byte.</param>
/// <param name="Width">Bytes.</param>
/// <param name="Value">What a store stores, little-endian.</param>
public sealed record AccessCall(AccessKind Kind, ulong Address, ulong Width, ulong Value) : ConformanceCall;

/// <summary>ProbeForRead and ProbeForWrite.</summary>
public sealed record ProbeCall(bool ForWrite, ulong Address, ulong Size) : ConformanceCall;

/// <summary>NtReadVirtualMemory (from the process to the caller) and NtWriteVirtualMemory (the other way).</summary>
public sealed record CopyCall(bool IsWrite, ulong From, ulong To, ulong Size) : ConformanceCall;
