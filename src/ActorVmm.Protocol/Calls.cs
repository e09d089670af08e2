namespace ActorVmm.Protocol;

// Native calls as a Process hears them. A call is a row in the process: its first message names the service and carries what nearly
// every service takes; further words follow in messages of their own with the same request number, in any order. The answer is one
// message, and words of its own where a service returns more.

/// <summary>The native services that a process carries out on its own address space.</summary>
public enum CallService : byte
{
    /// <summary>NtAllocateVirtualMemory and its Ex form. Words 0 to 5: <see cref="AllocationWord"/>.</summary>
    Allocate,

    /// <summary>NtFreeVirtualMemory.</summary>
    Free,

    /// <summary>NtProtectVirtualMemory; Detail of the answer is the old protection.</summary>
    Protect,

    /// <summary>NtLockVirtualMemory; Type is the map type.</summary>
    Lock,

    /// <summary>NtUnlockVirtualMemory; Type is the map type.</summary>
    Unlock,

    /// <summary>NtGetWriteWatch: Type is the flags, Protection the room for addresses. Answered by their count, and the addresses.</summary>
    GetWriteWatch,

    /// <summary>NtResetWriteWatch.</summary>
    ResetWriteWatch,

    /// <summary>
    /// NtSetInformationVirtualMemory: Type is the class, Size the count of ranges, Protection the flags, Base the length of the flags. Words: a
    /// base and a size for each range.
    /// </summary>
    SetInformation,

    /// <summary>NtQueryVirtualMemory, class Basic. Detail: state and type. Words: allocation base, protection, allocation protection.</summary>
    QueryBasic,

    /// <summary>Class Region: base and size of the whole allocation. Detail: its protection. Words: flags, committed bytes.</summary>
    QueryRegion,

    /// <summary>Class Image: base and size of the image, Detail its flags; zeros for what is none.</summary>
    QueryImage,

    /// <summary>Class MappedFilename.</summary>
    QueryMappedName,

    /// <summary>Class WorkingSetEx; Detail: the attribute bits of <see cref="PageAttributes"/>.</summary>
    QueryWorkingSet,

    /// <summary>The VM counters. Words: virtual bytes, their peak, bytes of paging file; then working-set bytes, their peak, private bytes.</summary>
    QueryCounters,

    /// <summary>Empties the working set; locked pages stay.</summary>
    EmptyWorkingSet,

    /// <summary>Whether a buffer can be read: every page of it is touched.</summary>
    ProbeForRead,

    /// <summary>Whether a buffer can be written to: every page of it is touched.</summary>
    ProbeForWrite,

    /// <summary>
    /// A thread with a stack comes into being: Base is StackBase, Size is StackLimit, word 0 DeallocationStack. Detail: its number. It does what is
    /// asked for it.
    /// </summary>
    CreateThread,

    /// <summary>The calling thread gets another stack. Arguments as for a thread that is created.</summary>
    SetStack,

    /// <summary>Where the stack of the calling thread is. Words: StackBase, StackLimit, DeallocationStack; zeros when nobody said so.</summary>
    QueryStack,

    /// <summary>NtMapViewOfSection and its Ex form. Words: <see cref="ViewWord"/>. Detail: the protection of the view.</summary>
    MapView,

    /// <summary>NtUnmapViewOfSection and its Ex form; Type is the flags of that.</summary>
    UnmapView,

    /// <summary>NtFlushVirtualMemory.</summary>
    FlushView,

    /// <summary>NtAreMappedFilesTheSame; Size is the second address.</summary>
    CompareMappedFiles,

    /// <summary>
    /// NtReadVirtualMemory, heard by the caller's process: Base is its own address. Words: the address in the other one, and that process. Detail:
    /// bytes moved.
    /// </summary>
    ReadProcess,

    /// <summary>NtWriteVirtualMemory; as <see cref="ReadProcess"/>.</summary>
    WriteProcess,

    /// <summary>The other process's part of these: Type is not 0 to store.</summary>
    CopyAttached,

    /// <summary>NtReadFile. Words: the file, and the file object. Detail: bytes moved.</summary>
    ReadFile,

    /// <summary>NtWriteFile; as <see cref="ReadFile"/>.</summary>
    WriteFile,

    /// <summary>A driver maps locked pages of its own (MmMapLockedPagesSpecifyCache with UserMode).</summary>
    MapDriverPages,

    /// <summary>It removes them again (MmUnmapLockedPages).</summary>
    UnmapDriverPages,

    /// <summary>ExAllocatePool, by threads of the system only.</summary>
    AllocatePool,

    /// <summary>ExFreePool, by threads of the system only.</summary>
    FreePool,

    /// <summary>NtReadFile on a device, by a program's own thread only.</summary>
    ReadDevice,

    /// <summary>NtWriteFile on a device, by a program's own thread only.</summary>
    WriteDevice,
}

/// <summary>What else is said about a call.</summary>
[Flags]
public enum CallFlags : byte
{
    None = 0,

    /// <summary>The pointer to the base is NULL.</summary>
    NullBase = 1,

    /// <summary>The pointer to the size is NULL.</summary>
    NullSize = 2,

    /// <summary>Some other output pointer is NULL.</summary>
    NullOutput = 4,

    /// <summary>The Ex form.</summary>
    Extended = 8,

    /// <summary>The form for packaged apps, which may not make memory executable.</summary>
    FromApp = 16,

    /// <summary>The caller is a thread of another process: no stack in this one is its own.</summary>
    Attached = 32,

    /// <summary>The last word of the last message is the number of the calling thread; without it the initial thread calls.</summary>
    NamesThread = 64,
}

/// <summary>What became of the process handle of a call. Whoever sends the call looks it up; the call fails in its place.</summary>
public enum HandleResolution : byte
{
    Resolved,

    /// <summary>No handle: INVALID_HANDLE.</summary>
    Invalid,

    /// <summary>A handle of something else: OBJECT_TYPE_MISMATCH.</summary>
    WrongType,

    /// <summary>A handle without the right: ACCESS_DENIED.</summary>
    Denied,
}

/// <summary>Begins a call.</summary>
/// <param name="Base">Where; 0 for NULL.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Type">MEM_ bits, or what the service takes instead.</param>
/// <param name="Protection">PAGE_ bits, all 32 of them.</param>
/// <param name="Request">Comes back with the answer; unique among the asker's calls under way.</param>
/// <param name="Service">Which.</param>
/// <param name="Flags">What else.</param>
/// <param name="Handle">The process handle.</param>
/// <param name="Parts">How many messages of further words belong to it.</param>
public readonly record struct BeginCall(
    ulong Base, ulong Size, uint Type, uint Protection, uint Request, CallService Service, CallFlags Flags, HandleResolution Handle, byte Parts) : IMessage
{
    public const int Kind = 115;

    static int IMessage.Kind => Kind;
}

/// <summary>Three further words of a call.</summary>
/// <param name="A">Word 3 × Part.</param>
/// <param name="B">The next one.</param>
/// <param name="C">The last one.</param>
/// <param name="Request">Of which call.</param>
/// <param name="Part">Which message of them, from 0.</param>
public readonly record struct CallWords(ulong A, ulong B, ulong C, uint Request, int Part) : IMessage
{
    public const int Kind = 116;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers a call.</summary>
/// <param name="Base">The base after rounding; as given when the call failed.</param>
/// <param name="Size">The size after rounding; as given when the call failed.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Detail">What the service says besides.</param>
/// <param name="Request">As asked.</param>
/// <param name="Words">How many words follow, three to a message.</param>
public readonly record struct CallReturned(ulong Base, ulong Size, NtStatus Status, uint Detail, uint Request, int Words) : IMessage
{
    public const int Kind = 117;

    static int IMessage.Kind => Kind;
}

/// <summary>Three words of an answer; the last message may have fewer, and zeros.</summary>
public readonly record struct ReturnedWords(ulong A, ulong B, ulong C, uint Request, int Part) : IMessage
{
    public const int Kind = 118;

    static int IMessage.Kind => Kind;
}

/// <summary>The further words of an allocation, by their place.</summary>
public enum AllocationWord
{
    ZeroBits,
    Lowest,
    Highest,
    Alignment,

    /// <summary><see cref="ParameterArray"/> bits.</summary>
    Array,

    /// <summary>MEM_EXTENDED_PARAMETER attribute flags.</summary>
    Attributes,
}

/// <summary>The further words of a view, by their place.</summary>
public enum ViewWord
{
    ZeroBits,
    Offset,
    CommitSize,

    /// <summary>The actor of the section.</summary>
    Section,

    /// <summary>The section object's row in it.</summary>
    Object,

    /// <summary>What became of the section handle, a <see cref="HandleResolution"/>; <see cref="ViewFlags"/>; its rights in the upper half.</summary>
    Handle,

    /// <summary>ViewShare (1) or ViewUnmap (2).</summary>
    Inherit,

    Lowest,
    Highest,
    Alignment,

    /// <summary><see cref="ParameterArray"/> bits.</summary>
    Array,
}

/// <summary>What else is said about a view.</summary>
[Flags]
public enum ViewFlags : uint
{
    None = 0,

    /// <summary>A kernel caller: rights of handles are not looked at.</summary>
    Kernel = 0x100,

    /// <summary>The kernel's internal call, which does not look at the alignment of base and offset.</summary>
    Unaligned = 0x200,
}

/// <summary>What the array of extended parameters of an Ex call holds.</summary>
[Flags]
public enum ParameterArray : uint
{
    None = 0,

    /// <summary>Address requirements.</summary>
    Requirements = 1,

    /// <summary>Attribute flags.</summary>
    Attributes = 2,

    /// <summary>A parameter of no known type.</summary>
    Unknown = 4,

    /// <summary>One type twice.</summary>
    Duplicate = 8,

    /// <summary>There is no array, but a count.</summary>
    Missing = 16,
}

/// <summary>Attribute bits of a page (fact book §9, WorkingSetEx).</summary>
public static class PageAttributes
{
    public const uint Valid = 1;
    public const int ShareCountShift = 1;
    public const int ProtectionShift = 4;
    public const uint ProtectionMask = 0x7FF;
    public const uint Shared = 1 << 15;
    public const uint Locked = 1 << 22;
    public const uint LargePage = 1 << 23;
    public const int PriorityShift = 24;
}
