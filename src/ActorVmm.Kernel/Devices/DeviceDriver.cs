using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel.Devices;

/// <summary>
/// A driver: one device node of a device stack (fact book §24). The life of an I/O request packet:
/// <code>
/// 1. RequestIo          the class driver at the top makes a packet of it                    (DeviceDriver.Requests.cs)
/// 2. CallDriver         down the stack, each driver leaving its completion routine behind
/// 3. MapMdl, MdlMapped  the port driver at the bottom maps its pages into system space      (DeviceDriver.Port.cs)
/// 4. DeviceInterrupts   the device is done, whatever process is current; the interrupt queues
/// 5. RunDpc             a deferred procedure call, which completes the packet
/// 6. CompleteRequest    up the stack, through the completion routines
/// 7. RequestCompleted   the requestor is told, in its own context: its turn is the I/O manager's APC
/// </code>
/// A turn of a driver is in no process's context, or in any: from 4 to 6 a user address means the memory of whoever is current
/// (DeviceDriver.Conduct.cs). The requestor's part is in Calls/DeviceRequests.cs.
/// </summary>
public sealed partial class DeviceDriver : IActor
{
    private readonly int _device;
    private readonly int _location;
    private readonly DevicePlan _plan;
    private readonly DeviceStack _stack;
    private readonly Cast _cast;
    private readonly Contents _contents;
    private readonly Ticks _operation;

    /// <param name="device">Of which stack, from 0.</param>
    /// <param name="location">Its place in the stack, 0 at the top.</param>
    /// <param name="plan">Of the machine.</param>
    /// <param name="cast">Who is who.</param>
    /// <param name="contents">The machine's memory, where the packets and their lists of pages are.</param>
    public DeviceDriver(int device, int location, MachinePlan plan, Cast cast, Contents contents)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(cast);
        _device = device;
        _location = location;
        _plan = plan.Devices[device];
        _stack = cast.Devices[device];
        _cast = cast;
        _contents = contents;
        _operation = new Ticks(plan.Costs.FrameOperation);
        _packets = new PacketPool(_stack);
    }

    /// <summary>What its stack was built as.</summary>
    public DevicePlan Plan => _plan;

    private bool IsTop => _location == 0;

    private bool IsBottom => _location == _stack.Nodes.Count - 1;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        outbox.Spend(_operation);
        switch (delivery.Kind)
        {
            case Protocol.RequestIo.Kind when IsTop: RequestIo(delivery.Sender, delivery.Read<RequestIo>(), outbox); break;
            case Protocol.CallDriver.Kind when !IsTop: CallDriver(delivery.Read<CallDriver>().Packet, outbox); break;
            case Protocol.MdlMapped.Kind when IsBottom: MdlMapped(delivery.Read<MdlMapped>(), outbox); break;
            case Protocol.DeviceInterrupts.Kind when IsBottom: DeviceInterrupts(delivery.Read<DeviceInterrupts>().Packet, outbox); break;
            case Protocol.RunDpc.Kind when IsBottom: RunDpc(delivery.Read<RunDpc>().Packet, outbox); break;
            case Protocol.CompleteRequest.Kind when !IsBottom: CompleteRequest(delivery.Read<CompleteRequest>().Packet, outbox); break;
            case Protocol.ContextSwitched.Kind when IsTop: _current = delivery.Sender; break;
            case Protocol.Performed.Kind when IsTop: UserAddressTouched(delivery.Read<Performed>(), outbox); break;
            case Protocol.LeaveContext.Kind when IsTop: LeaveContext(delivery.Sender, outbox); break;
            default: throw Impossible.Message(delivery, FormattableString.Invariant($"driver {_location} of device {_plan.Name}"));
        }
    }

    public void Encode(StateCodec codec)
    {
        if (IsTop)
        {
            EncodeRequests(codec);
            EncodeConduct(codec);
        }

        if (IsBottom)
        {
            EncodePort(codec);
        }
    }

    private void CallDriver(PacketId packet, Outbox outbox)
    {
        Invariant.Holds(_contents.Packets[packet].Location == _location, "a packet is with the driver of its stack location");
        outbox.State(new PacketWentDown(packet, _device, _location));
        if (IsBottom)
        {
            Accept(packet, outbox);
            return;
        }

        HandDown(packet, outbox);
    }

    /// <summary>To the driver below; when that is done, this one's completion routine is called.</summary>
    private void HandDown(PacketId packet, Outbox outbox)
    {
        ref Irp irp = ref _contents.Packets[packet];
        irp.Location++;
        _contents.Packets.Routine(packet, irp.Location) = outbox.Self;
        outbox.Send(_stack.Nodes[irp.Location], new CallDriver(packet));
    }

    /// <summary>This driver is done with the packet.</summary>
    private void HandUp(PacketId packet, Outbox outbox) =>
        outbox.Send(_contents.Packets.Routine(packet, _location), new CompleteRequest(packet));

    private void CompleteRequest(PacketId packet, Outbox outbox)
    {
        ref Irp irp = ref _contents.Packets[packet];
        irp.Location--;
        Invariant.Holds(irp.Location == _location, "a packet goes up the way it came down");
        outbox.State(new PacketWentUp(packet, _device, _location));
        if (IsTop)
        {
            Conclude(packet, outbox);
            return;
        }

        HandUp(packet, outbox);
    }
}
