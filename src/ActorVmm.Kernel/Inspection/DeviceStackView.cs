using ActorVmm.Kernel.Devices;
using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel.Inspection;

/// <summary>A device stack as it stands between two turns.</summary>
/// <param name="Device">Its number, from 0.</param>
/// <param name="Plan">What it was built as.</param>
/// <param name="Nodes">Its drivers, from the top down.</param>
public sealed record DeviceStackView(int Device, DevicePlan Plan, IReadOnlyList<ActorId> Nodes)
{
    /// <summary>The process that its class driver takes for current; outside for none.</summary>
    public required ActorId Current { get; init; }

    /// <summary>Requests that were answered.</summary>
    public required ulong Requests { get; init; }

    /// <summary>Those that failed.</summary>
    public required ulong Failed { get; init; }

    /// <summary>Packets in the stack.</summary>
    public required IReadOnlyList<PacketView> Packets { get; init; }
}

/// <summary>An I/O request packet in a stack.</summary>
/// <param name="Packet">Its number.</param>
/// <param name="Irp">What it says.</param>
/// <param name="Frames">The pages of its memory descriptor list; none when it has a buffer of the system's, or no list.</param>
public sealed record PacketView(PacketId Packet, Irp Irp, IReadOnlyList<Pfn> Frames)
{
    internal static PacketView Of(PacketId packet, Contents contents)
    {
        Irp irp = contents.Packets[packet];
        int pages = irp.Mdl == MdlId.None || irp.Method == BufferMethod.Buffered ? 0 : contents.Mdls.Length(irp.Mdl);
        return new PacketView(packet, irp, [.. Enumerable.Range(0, pages).Select(page => contents.Mdls.Frame(irp.Mdl, page))]);
    }
}
