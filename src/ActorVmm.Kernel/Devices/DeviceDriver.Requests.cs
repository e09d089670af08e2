using ActorVmm.Kernel.Inspection;

namespace ActorVmm.Kernel.Devices;

/// <summary>The top of a stack: where requests become packets, and packets end.</summary>
public sealed partial class DeviceDriver
{
    private readonly PacketPool _packets;
    private ulong _requests;
    private ulong _failed;
    private ulong _elsewhere;

    /// <summary>Requests that were answered, failed ones included.</summary>
    public ulong Requests => _requests;

    /// <summary>Those that failed.</summary>
    public ulong Failed => _failed;

    /// <summary>Those that were completed while another process than the requestor was current, or none.</summary>
    public ulong CompletedElsewhere => _elsewhere;

    /// <summary>The stack as a debugger looks at it, between two turns; of the driver at its top.</summary>
    public DeviceStackView Inspect() => new(_device, _plan, _stack.Nodes)
    {
        Current = _current,
        Requests = _requests,
        Failed = _failed,
        Packets =
        [
            .. Enumerable.Range(_stack.FirstPacket, _stack.Packets + _stack.PagingPackets).Select(row => new PacketId(row))
                .Where(_packets.IsUsed).Select(packet => PacketView.Of(packet, _contents)),
        ],
    };

    private void EncodeRequests(StateCodec codec)
    {
        codec.Group("packets", _packets);
        codec.Field("requests", ref _requests);
        codec.Field("failed", ref _failed);
        codec.Field("completed elsewhere", ref _elsewhere);
    }

    private void RequestIo(ActorId requestor, RequestIo asked, Outbox outbox)
    {
        PacketId packet = _packets.Take(asked.IsPaging);
        if (packet == PacketId.None)
        {
            _requests++;
            _failed++;
            outbox.Send(requestor, new RequestCompleted(asked.Request, 0, NtStatus.InsufficientResources));
            return;
        }

        _contents.Packets[packet] = new Irp
        {
            Requestor = requestor,
            Request = asked.Request,
            Major = asked.Major,
            Method = asked.Method,
            IsPaging = asked.IsPaging,
            UserBuffer = asked.Address,
            Length = asked.Length,
            Mdl = asked.Mdl,
            Service = asked.Service,
            Status = NtStatus.Pending,
            Next = PacketId.None,
        };
        outbox.State(new PacketWentDown(packet, _device, 0));
        HandDown(packet, outbox);
    }

    /// <summary>The packet has come back to the top: its requestor is told, and its row is free.</summary>
    private void Answer(PacketId packet, Outbox outbox)
    {
        Irp irp = _contents.Packets[packet];
        _contents.Packets[packet] = default;
        _packets.GiveBack(packet);
        _requests++;
        _failed += irp.Status == NtStatus.Success ? 0UL : 1UL;
        _elsewhere += irp.Context == irp.Requestor || irp.IsPaging ? 0UL : 1UL;
        outbox.State(new PacketLeft(packet, _device, irp.Requestor, irp.Context, irp.Status, (int)irp.Irql));
        outbox.Send(irp.Requestor, new RequestCompleted(irp.Request, irp.Information, irp.Status));
    }
}
