namespace ActorVmm.Kernel.Devices;

/// <summary>
/// The bottom of a stack: the port driver, and the device itself, which takes its time, moves the bytes and interrupts. It moves what comes into the row
/// of the packet, or finds there what goes; the requestor does the rest in its own context.
/// </summary>
public sealed partial class DeviceDriver
{
    private readonly Distribution _thousand = Distribution.Uniform(0, 999);

    private PacketId _first = PacketId.None;
    private PacketId _last = PacketId.None;
    private int _underWay;
    private ulong _answers;

    private void EncodePort(StateCodec codec)
    {
        codec.Field("first packet", ref _first);
        codec.Field("last packet", ref _last);
        codec.Field("under way", ref _underWay);
        codec.Field("answers", ref _answers);
    }

    /// <summary>
    /// The processor moves the bytes of requests by direct I/O, and for that needs their pages in system space. Paging I/O needs nothing: the device
    /// itself reads and writes its frames.
    /// </summary>
    private void Accept(PacketId packet, Outbox outbox)
    {
        ref readonly Irp irp = ref _contents.Packets[packet];
        if (irp.Mdl != MdlId.None && irp.Method != BufferMethod.Buffered && !irp.IsPaging)
        {
            outbox.Send(_cast.SystemSpace, new MapMdl((uint)_contents.Mdls.Length(irp.Mdl), packet));
            return;
        }

        Enqueue(packet, outbox);
    }

    private void MdlMapped(MdlMapped mapped, Outbox outbox)
    {
        if (mapped.Address == 0)
        {
            // MmGetSystemAddressForMdlSafe has returned NULL: a driver that goes on with it stops the machine, so this one does not.
            Complete(mapped.Packet, NtStatus.InsufficientResources, 0, outbox);
            return;
        }

        _contents.Packets[mapped.Packet].SystemAddress = mapped.Address;
        Enqueue(mapped.Packet, outbox);
    }

    private void Enqueue(PacketId packet, Outbox outbox)
    {
        if (_first == PacketId.None)
        {
            _first = packet;
        }
        else
        {
            _contents.Packets[_last].Next = packet;
        }

        _last = packet;
        KeepBusy(outbox);
    }

    private void KeepBusy(Outbox outbox)
    {
        while (_underWay < Math.Max(_plan.QueueDepth, 1) && _first != PacketId.None)
        {
            PacketId packet = _first;
            ref Irp irp = ref _contents.Packets[packet];
            _first = irp.Next;
            irp.Next = PacketId.None;
            _underWay++;
            Ticks drawn = new Ticks(Math.Max(outbox.Draw(_plan.Latency), 0)) + (new Ticks(_plan.TicksPerPage) * (int)PageSize.PagesOf(irp.Length));
            outbox.StartTimer(irp.Service > Ticks.Zero ? irp.Service : drawn, new DeviceInterrupts(packet));
        }
    }

    /// <summary>The interrupt service routine does as little as it can.</summary>
    private static void DeviceInterrupts(PacketId packet, Outbox outbox) => outbox.Send(outbox.Self, new RunDpc(packet));

    private void RunDpc(PacketId packet, Outbox outbox)
    {
        ref Irp irp = ref _contents.Packets[packet];
        _underWay--;
        irp.Irql = _plan.PassiveCompletions > 0 && outbox.Draw(_thousand) < _plan.PassiveCompletions ? Irql.Passive : Irql.Dispatch;
        if (!irp.IsPaging)
        {
            irp.Value = ++_answers;
            Fill(in irp);
        }

        Complete(packet, NtStatus.Success, irp.Length, outbox);
        KeepBusy(outbox);
    }

    /// <summary>A device answers with how often it has answered, at the beginning of each page.</summary>
    private void Fill(in Irp irp)
    {
        if (irp.Major != MajorFunction.Read || irp.Mdl == MdlId.None)
        {
            return;
        }

        Span<byte> word = stackalloc byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(word, irp.Value);
        for (uint at = 0; at < irp.Length; at += PageSize.Bytes)
        {
            _contents.Mdls.Write(irp.Mdl, (int)at, word[..(int)Math.Min(sizeof(ulong), irp.Length - at)]);
        }
    }

    /// <summary>IoCompleteRequest: this driver is done, and lets go of what it has mapped.</summary>
    private void Complete(PacketId packet, NtStatus status, uint information, Outbox outbox)
    {
        ref Irp irp = ref _contents.Packets[packet];
        irp.Status = status;
        irp.Information = information;
        if (irp.SystemAddress != 0)
        {
            outbox.Send(_cast.SystemSpace, new UnmapMdl(irp.SystemAddress, (uint)_contents.Mdls.Length(irp.Mdl)));
            irp.SystemAddress = 0;
        }

        outbox.State(new PacketCompleted(packet, _device, status));
        HandUp(packet, outbox);
    }
}
