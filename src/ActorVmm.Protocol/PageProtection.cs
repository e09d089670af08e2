namespace ActorVmm.Protocol;

/// <summary>Win32 page protection constants (fact book §4.1). Exactly one base value, joined with modifiers.</summary>
[Flags]
public enum PageProtection : uint
{
    None = 0,
    NoAccess = 0x01,
    ReadOnly = 0x02,
    ReadWrite = 0x04,
    WriteCopy = 0x08,
    Execute = 0x10,
    ExecuteRead = 0x20,
    ExecuteReadWrite = 0x40,
    ExecuteWriteCopy = 0x80,
    Guard = 0x100,
    NoCache = 0x200,
    WriteCombine = 0x400,
}

/// <summary>Allocation and free types of NtAllocateVirtualMemory and NtFreeVirtualMemory (fact book §6, §7, §11).</summary>
[Flags]
public enum AllocationType : uint
{
    None = 0,

    /// <summary>Of a free: joins placeholders.</summary>
    CoalescePlaceholders = 0x1,

    /// <summary>Of a free: a placeholder stays.</summary>
    PreservePlaceholder = 0x2,
    Commit = 0x1000,
    Reserve = 0x2000,

    /// <summary>Of an allocation, where the same bit means <see cref="Decommit"/> in a free.</summary>
    ReplacePlaceholder = 0x4000,
    Decommit = ReplacePlaceholder,
    Release = 0x8000,
    ReservePlaceholder = 0x4_0000,
    Reset = 0x8_0000,
    TopDown = 0x10_0000,
    WriteWatch = 0x20_0000,
    Physical = 0x40_0000,
    ResetUndo = 0x100_0000,
    LargePages = 0x2000_0000,
}

/// <summary>State of a region as NtQueryVirtualMemory reports it (fact book §9).</summary>
public enum RegionState : uint
{
    Commit = 0x1000,
    Reserve = 0x2000,
    Free = 0x1_0000,
}

/// <summary>Type of a region as NtQueryVirtualMemory reports it (fact book §9).</summary>
public enum RegionType : uint
{
    None = 0,
    Private = 0x2_0000,
    Mapped = 0x4_0000,
    Image = 0x100_0000,
}

/// <summary>What a thread does to a page.</summary>
public enum AccessKind : byte
{
    Read = 0,
    Write = 1,
    Execute = 2,
}
