namespace ActorVmm.Protocol;

// Devices: stacks of drivers, and the I/O request packets that travel down and up in them (fact book §24).

/// <summary>
/// A row of the machine's table of I/O request packets. Whoever was handed the number may read and write the row, until it hands the number on.
/// </summary>
public readonly record struct PacketId(int Value)
{
    public static readonly PacketId None = new(-1);
}

/// <summary>What a packet asks for.</summary>
public enum MajorFunction : byte
{
    /// <summary>IRP_MJ_READ: from the device.</summary>
    Read = 3,

    /// <summary>IRP_MJ_WRITE: to the device.</summary>
    Write = 4,
}

/// <summary>What the processor that runs a routine can be interrupted by.</summary>
public enum Irql : byte
{
    /// <summary>By everything; page faults are served.</summary>
    Passive = 0,

    /// <summary>By devices only: the scheduler does not run, and so no page fault can be served.</summary>
    Dispatch = 2,
}

// What a DeviceDriver hears.

/// <summary>
/// Somebody asks the driver at the top of a stack, which makes a packet of it (IoBuildAsynchronousFsdRequest, IoCallDriver). Answered by
/// <see cref="RequestCompleted"/>.
/// </summary>
/// <param name="Address">The requestor's address; of paging I/O, where on the device.</param>
/// <param name="Service">How long the medium takes, for who knows it; 0 for the device to say.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Mdl">The row that lists the pages, or has the system's buffer.</param>
/// <param name="Request">Comes back with the answer.</param>
/// <param name="Major">What is asked for.</param>
/// <param name="Method">How the bytes travel.</param>
/// <param name="IsPaging">It is a page that is read or written: it never waits for memory, and is never refused.</param>
/// <param name="Spare">Nothing.</param>
public readonly record struct RequestIo(
    ulong Address, Ticks Service, uint Length, MdlId Mdl, uint Request, MajorFunction Major, BufferMethod Method, bool IsPaging, byte Spare = 0) : IMessage
{
    public const int Kind = 1200;

    static int IMessage.Kind => Kind;
}

/// <summary>The driver above hands a packet down (IoCallDriver).</summary>
public readonly record struct CallDriver(PacketId Packet) : IMessage
{
    public const int Kind = 1201;

    static int IMessage.Kind => Kind;
}

/// <summary>The driver below is done with a packet, and the completion routine of this one is called.</summary>
public readonly record struct CompleteRequest(PacketId Packet) : IMessage
{
    public const int Kind = 1202;

    static int IMessage.Kind => Kind;
}

/// <summary>The device's own timer: it is done with a packet, and interrupts.</summary>
public readonly record struct DeviceInterrupts(PacketId Packet) : IMessage
{
    public const int Kind = 1203;

    static int IMessage.Kind => Kind;
}

/// <summary>The deferred procedure call that an interrupt has queued.</summary>
public readonly record struct RunDpc(PacketId Packet) : IMessage
{
    public const int Kind = 1204;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="MapMdl"/>.</summary>
/// <param name="Address">In system space; 0 when there was no room.</param>
/// <param name="Packet">As asked.</param>
public readonly record struct MdlMapped(ulong Address, PacketId Packet, int Spare = 0) : IMessage
{
    public const int Kind = 1205;

    static int IMessage.Kind => Kind;
}

/// <summary>A thread of the sender has been given the processor: its process is current from now on.</summary>
public readonly record struct ContextSwitched : IMessage
{
    public const int Kind = 1206;

    static int IMessage.Kind => Kind;
}

/// <summary>The sender is about to end, and current no more. Answered by <see cref="ContextLeft"/> when nobody touches its memory any more.</summary>
public readonly record struct LeaveContext : IMessage
{
    public const int Kind = 1207;

    static int IMessage.Kind => Kind;
}

// What those hear who ask a driver, or are found current by one.

/// <summary>Answers <see cref="RequestIo"/>: in the requestor's own context, as the I/O manager's APC.</summary>
/// <param name="Request">As asked.</param>
/// <param name="Information">Bytes moved.</param>
/// <param name="Status">How it ended.</param>
public readonly record struct RequestCompleted(uint Request, uint Information, NtStatus Status) : IMessage
{
    public const int Kind = 1220;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// A driver stores eight bytes at DISPATCH_LEVEL while the receiver is current. Its page tables decide; a page that is not there is a bug check.
/// Answered by <see cref="Performed"/>.
/// </summary>
public readonly record struct TouchAtDispatch(ulong Address, ulong Value, PacketId Packet, int Spare = 0) : IMessage
{
    public const int Kind = 1221;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="LeaveContext"/>.</summary>
public readonly record struct ContextLeft : IMessage
{
    public const int Kind = 1222;

    static int IMessage.Kind => Kind;
}

// What system space hears of drivers.

/// <summary>A driver maps the pages of a packet into system space (MmGetSystemAddressForMdlSafe). Answered by <see cref="MdlMapped"/>.</summary>
public readonly record struct MapMdl(uint Pages, PacketId Packet) : IMessage
{
    public const int Kind = 1230;

    static int IMessage.Kind => Kind;
}

/// <summary>It unmaps them.</summary>
public readonly record struct UnmapMdl(ulong Address, uint Pages, int Spare = 0) : IMessage
{
    public const int Kind = 1231;

    static int IMessage.Kind => Kind;
}

// What drivers state, and others about them.

/// <summary>A driver was called with a packet.</summary>
/// <param name="Packet">Which.</param>
/// <param name="Device">Of which stack, from 0.</param>
/// <param name="Location">Of which stack location, 0 at the top.</param>
public readonly record struct PacketWentDown(PacketId Packet, int Device, int Location) : IFact
{
    public const int Kind = 1200;

    static int IFact.Kind => Kind;
}

/// <summary>The driver at the bottom has completed a packet (IoCompleteRequest).</summary>
public readonly record struct PacketCompleted(PacketId Packet, int Device, NtStatus Status) : IFact
{
    public const int Kind = 1201;

    static int IFact.Kind => Kind;
}

/// <summary>The completion routine of a driver was called.</summary>
public readonly record struct PacketWentUp(PacketId Packet, int Device, int Location) : IFact
{
    public const int Kind = 1202;

    static int IFact.Kind => Kind;
}

/// <summary>A packet is over, and its requestor is told.</summary>
/// <param name="Packet">Which.</param>
/// <param name="Device">Of which stack.</param>
/// <param name="Requestor">Who had asked.</param>
/// <param name="Context">Which process was current when it was completed; outside when none was.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Irql">Of its completion, an <see cref="Protocol.Irql"/>.</param>
public readonly record struct PacketLeft(PacketId Packet, int Device, ActorId Requestor, ActorId Context, NtStatus Status, int Irql) : IFact
{
    public const int Kind = 1203;

    static int IFact.Kind => Kind;
}

/// <summary>A driver has stored to a user address in the context of whatever process was current.</summary>
/// <param name="Address">Where.</param>
/// <param name="Requestor">Who had meant its own memory by it.</param>
/// <param name="Context">Whose memory it was.</param>
/// <param name="Status">Success, or ACCESS_VIOLATION.</param>
/// <param name="Device">Of which stack.</param>
public readonly record struct UserAddressTouched(ulong Address, ActorId Requestor, ActorId Context, NtStatus Status, int Device) : IFact
{
    public const int Kind = 1204;

    static int IFact.Kind => Kind;
}

/// <summary>System PTEs were taken or given back, or could not be had.</summary>
/// <param name="Change">Pages; 0 for a request that was refused.</param>
/// <param name="Used">Pages in use.</param>
/// <param name="Limit">The most that can be.</param>
public readonly record struct SystemPtesCounted(int Change, uint Used, uint Limit) : IFact
{
    public const int Kind = 1205;

    static int IFact.Kind => Kind;
}

/// <summary>A process's request to a device is over, and its bytes are where they should be.</summary>
/// <param name="Thread">Of the process that states it.</param>
/// <param name="Device">Which stack.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Bytes">Moved.</param>
/// <param name="LeftLocked">Pages of its buffer that nobody is going to unlock.</param>
public readonly record struct DeviceRequestEnded(int Thread, int Device, NtStatus Status, uint Bytes, int LeftLocked) : IFact
{
    public const int Kind = 1206;

    static int IFact.Kind => Kind;
}
