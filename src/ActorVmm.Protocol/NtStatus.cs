namespace ActorVmm.Protocol;

/// <summary>Result of a call or of an access, with Windows' values (fact book §5).</summary>
public enum NtStatus : uint
{
    Success = 0x0000_0000,
    Pending = 0x0000_0103,
    GuardPageViolation = 0x8000_0001,
    InvalidInfoClass = 0xC000_0003,
    InfoLengthMismatch = 0xC000_0004,
    AccessViolation = 0xC000_0005,
    InPageError = 0xC000_0006,
    InvalidParameter = 0xC000_000D,
    NoMemory = 0xC000_0017,
    ConflictingAddresses = 0xC000_0018,
    UnableToFreeVm = 0xC000_001A,
    NotCommitted = 0xC000_002D,
    InvalidPageProtection = 0xC000_0045,
    SectionProtection = 0xC000_004E,
    InsufficientResources = 0xC000_009A,
    FreeVmNotAtBase = 0xC000_009F,
    MemoryNotAllocated = 0xC000_00A0,
    WorkingSetQuota = 0xC000_00A1,
    InvalidParameter1 = 0xC000_00EF,
    InvalidParameter2 = 0xC000_00F0,
    InvalidParameter3 = 0xC000_00F1,
    InvalidParameter4 = 0xC000_00F2,
    InvalidParameter5 = 0xC000_00F3,
    InvalidParameter6 = 0xC000_00F4,
    ProcessIsTerminating = 0xC000_010A,
    PagefileQuotaExceeded = 0xC000_012C,
    CommitmentLimit = 0xC000_012D,
    DeviceDataError = 0xC000_009C,
}
