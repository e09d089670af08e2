namespace ActorVmm.Kernel.Devices;

/// <summary>
/// The machine's I/O request packets, each with a stack location for every driver on its way. A fixed number of rows, reserved when the machine is
/// built: paging I/O must never wait for one (R12). No actor owns the table; who was sent the number of a packet has its row.
/// </summary>
public sealed class IrpTable : IEncodable
{
    /// <summary>Stack locations of a packet.</summary>
    public const int MostLocations = DevicePlan.MostFilters + 2;

    private readonly Irp[] _packets;

    // By packet and location: whose completion routine is called when the driver of this location is done.
    private readonly ActorId[] _routines;

    public IrpTable(int packets)
    {
        _packets = new Irp[packets];
        _routines = new ActorId[packets * MostLocations];
    }

    /// <summary>The packets that the devices of a machine need, those for their paging files included.</summary>
    public static int PacketsFor(MachinePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Enumerable.Range(0, plan.Devices.Count).Sum(device => plan.Devices[device].Packets + PagingPacketsOf(plan, device));
    }

    /// <summary>Packets that are kept for paging I/O of one device: one for each transfer that its paging files may have under way.</summary>
    public static int PagingPacketsOf(MachinePlan plan, int device)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.PagingFiles.Where(file => file.Device == device + 1).Sum(file => Math.Max(file.QueueDepth, 1));
    }

    public int Count => _packets.Length;

    public ref Irp this[PacketId packet]
    {
        get
        {
            Invariant.Holds((uint)packet.Value < (uint)_packets.Length, "a packet is named by its row");
            return ref _packets[packet.Value];
        }
    }

    /// <summary>The driver that is to be called when the one at a location is done (IoSetCompletionRoutine).</summary>
    public ref ActorId Routine(PacketId packet, int location)
    {
        Invariant.Holds((uint)location < MostLocations, "a packet has a stack location for every driver");
        return ref _routines[(packet.Value * MostLocations) + location];
    }

    public void Encode(StateCodec codec)
    {
        codec.Rows("packets", _packets);
        codec.Values("completion routines", _routines);
    }
}
