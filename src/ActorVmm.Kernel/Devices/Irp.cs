namespace ActorVmm.Kernel.Devices;

/// <summary>An I/O request packet: what is asked for, by whom, where its bytes are, and how far it has got in its stack.</summary>
public struct Irp : IEncodable
{
    /// <summary>Who is told when it is over.</summary>
    public ActorId Requestor;

    /// <summary>The requestor's own number for it.</summary>
    public uint Request;

    public MajorFunction Major;

    public BufferMethod Method;

    /// <summary>It moves a page: no memory may be needed for it (R12).</summary>
    public bool IsPaging;

    /// <summary>The requestor's address: good for nothing when somebody else is current. Of paging I/O, where on the device.</summary>
    public ulong UserBuffer;

    /// <summary>Bytes.</summary>
    public uint Length;

    /// <summary>Its memory descriptor list, or the row that is the system's buffer; none when the driver has only the address.</summary>
    public MdlId Mdl;

    /// <summary>Where the list's pages are mapped in system space; 0 when they are not.</summary>
    public ulong SystemAddress;

    /// <summary>Ticks that the medium takes, where its requestor knows; 0 where the device does.</summary>
    public Ticks Service;

    /// <summary>The driver that has it now, 0 at the top.</summary>
    public byte Location;

    /// <summary>How it ended.</summary>
    public NtStatus Status;

    /// <summary>Bytes moved.</summary>
    public uint Information;

    /// <summary>At which its completion routines are called.</summary>
    public Irql Irql;

    /// <summary>The process that was current when it was completed; outside when none was.</summary>
    public ActorId Context;

    /// <summary>What the device gave; it counts its answers.</summary>
    public ulong Value;

    /// <summary>The packet behind it in the queue of the device.</summary>
    public PacketId Next;

    public void Encode(StateCodec codec)
    {
        codec.Field("requestor", ref Requestor);
        codec.Field("request", ref Request);
        codec.Field("major", ref Major);
        codec.Field("method", ref Method);
        codec.Field("paging", ref IsPaging);
        codec.Field("user buffer", ref UserBuffer);
        codec.Field("length", ref Length);
        codec.Field("mdl", ref Mdl);
        codec.Field("system address", ref SystemAddress);
        codec.Field("service", ref Service);
        codec.Field("location", ref Location);
        codec.Field("status", ref Status);
        codec.Field("information", ref Information);
        codec.Field("irql", ref Irql);
        codec.Field("context", ref Context);
        codec.Field("value", ref Value);
        codec.Field("next", ref Next);
    }
}
