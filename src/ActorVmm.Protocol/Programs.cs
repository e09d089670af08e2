using System.Runtime.CompilerServices;

namespace ActorVmm.Protocol;

/// <summary>What a thread does next.</summary>
public enum OperationKind : byte
{
    /// <summary>Load from the page at Address. First three values equal <see cref="AccessKind"/>.</summary>
    Read = 0,

    /// <summary>Store to the page at Address.</summary>
    Write = 1,

    /// <summary>Fetch an instruction from the page at Address.</summary>
    Execute = 2,

    /// <summary>NtAllocateVirtualMemory with MEM_RESERVE: Argument bytes at Address (0: the system chooses) with Protection.</summary>
    Reserve,

    /// <summary>NtAllocateVirtualMemory with MEM_COMMIT: Argument bytes at Address with Protection.</summary>
    Commit,

    /// <summary>Reserve and commit in one call.</summary>
    ReserveCommit,

    /// <summary>NtFreeVirtualMemory with MEM_DECOMMIT: Argument bytes at Address (0: the whole region).</summary>
    Decommit,

    /// <summary>NtFreeVirtualMemory with MEM_RELEASE: Argument bytes at Address (0: the whole region).</summary>
    Release,

    /// <summary>NtProtectVirtualMemory: Argument bytes at Address to Protection.</summary>
    Protect,

    /// <summary>The thread sleeps for Argument ticks.</summary>
    Idle,

    /// <summary>The process exits; its other threads stop where they are.</summary>
    Exit,

    /// <summary>
    /// The thread says where its stack is: Address is its StackLimit, Argument the bytes from there up to StackBase; it ends where the allocation
    /// starts.
    /// </summary>
    SetStack,

    /// <summary>SetThreadInformation, ThreadMemoryPriority: pages that the thread faults in are of priority Argument, 0 to 7, from now on.</summary>
    SetMemoryPriority,

    /// <summary>
    /// ExAllocatePool by a thread of the system: at Address, which says which pool. Argument: pages, and from bit <see cref="Operation.QuotaShift"/>
    /// on 1 + the serial number of the process that is charged for it.
    /// </summary>
    AllocatePool,

    /// <summary>ExFreePool: the allocation that begins at Address.</summary>
    FreePool,

    /// <summary>NtAllocateVirtualMemory with MEM_RESERVE, MEM_COMMIT and MEM_LARGE_PAGES: Argument bytes at Address (0: the system chooses).</summary>
    AllocateLarge,

    /// <summary>NtOpenSection, NtMapViewOfSection and NtClose: what <see cref="ViewOperation"/> says.</summary>
    MapView,

    /// <summary>NtUnmapViewOfSection: the view at Address.</summary>
    UnmapView,

    /// <summary>NtFlushVirtualMemory: Argument bytes of a view at Address (0: up to the end of the view).</summary>
    FlushView,

    /// <summary>
    /// NtReadFile on a device: to the buffer at Address. Argument: bytes, and from bit <see cref="Operation.DeviceShift"/> on the number of the
    /// device, from 0.
    /// </summary>
    ReadDevice,

    /// <summary>NtWriteFile on a device; as <see cref="ReadDevice"/>.</summary>
    WriteDevice,
}

/// <summary>
/// One step of a thread: an access to one page, a memory call or a pause. 16 bytes, so that a trace of millions stays in memory.
/// An access that straddles pages is several operations.
/// </summary>
public readonly record struct Operation
{
    private const int ProtectionShift = 8;
    private const int ArgumentShift = 19;
    private const ulong ProtectionMask = (1UL << (ArgumentShift - ProtectionShift)) - 1;

    private readonly ulong _detail;

    /// <summary>Creates an operation.</summary>
    /// <param name="kind">What to do.</param>
    /// <param name="address">Where.</param>
    /// <param name="argument">Bytes for calls and accesses, ticks for <see cref="OperationKind.Idle"/>; 0 to 2^45 − 1.</param>
    /// <param name="protection">For calls that take one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The argument does not fit in 45 bits, or the protection in 11.</exception>
    public Operation(OperationKind kind, ulong address, ulong argument = 0, PageProtection protection = PageProtection.None)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(argument, MaxArgument);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)protection, ProtectionMask, nameof(protection));
        Address = address;
        _detail = (byte)kind | ((ulong)protection << ProtectionShift) | (argument << ArgumentShift);
    }

    /// <summary>Where, in the argument of <see cref="OperationKind.AllocatePool"/>, the process begins whose quota is charged.</summary>
    public const int QuotaShift = 30;

    /// <summary>Where, in the argument of <see cref="OperationKind.ReadDevice"/>, the number of the device begins.</summary>
    public const int DeviceShift = 20;

    /// <summary>The largest argument: 32 TB, or 9.7 hours.</summary>
    public const ulong MaxArgument = (1UL << (64 - ArgumentShift)) - 1;

    public ulong Address { get; }

    public OperationKind Kind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (OperationKind)unchecked((byte)_detail);
    }

    public bool IsAccess
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => unchecked((byte)_detail) <= (byte)OperationKind.Execute;
    }

    public PageProtection Protection => (PageProtection)((_detail >> ProtectionShift) & ProtectionMask);

    public ulong Argument => _detail >> ArgumentShift;

    /// <summary>Everything but the address, for storing: kind, protection and argument.</summary>
    public ulong Detail => _detail;

    /// <summary>An operation from its two stored words.</summary>
    public static Operation FromWords(ulong address, ulong detail) =>
        new((OperationKind)unchecked((byte)detail), address, detail >> ArgumentShift, (PageProtection)((detail >> ProtectionShift) & ProtectionMask));
}

/// <summary>
/// What a thread executes: operations by position. A program has no state of its own: asked twice for one position it answers
/// the same, so a thread's whole progress is one number and a run can be replayed, reset and stepped back.
/// </summary>
public interface IProgram
{
    /// <summary>
    /// Operations from <paramref name="position"/> on: at least one, or none when the program has ended. They stand in
    /// <paramref name="scratch"/> or in memory of the program's own, and are valid until the next call.
    /// </summary>
    ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch);
}

/// <summary>A program that knows its future, as Belady's optimal replacement needs.</summary>
public interface IForesight
{
    /// <summary>Position of the next access to the page that is accessed at <paramref name="position"/>; <see cref="long.MaxValue"/> when there is none.</summary>
    long NextUse(long position);
}
