using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel.Devices;

/// <summary>
/// The completion routine of the class driver, and the rule that it may break: a user address means something in the context of its requestor only.
/// It is called in whatever process is current, mostly in a DPC. A driver that kept the address and stores to it there has
/// <code>
/// its own requestor's memory   by luck
/// another process's memory     where that has a page at this address, which is corrupted
/// ACCESS_VIOLATION             at PASSIVE_LEVEL, where there is none; unhandled, bug check 0x1E
/// bug check 0xD1               at DISPATCH_LEVEL, where the page is not in memory, or nothing is there: no fault can be served
/// </code>
/// Which of them it is, the schedule decides.
/// </summary>
public sealed partial class DeviceDriver
{
    // Whose page tables the processor uses now, as far as this driver could tell; outside when there is no process.
    private ActorId _current;

    // A process that ends, and by packet whose memory is being touched.
    private ActorId[] _leaving = new ActorId[4];
    private int _leavingCount;
    private ActorId[] _touched = new ActorId[4];
    private int _touchedCount;
    private ulong _strayStores;
    private ulong _accessViolations;

    /// <summary>Stores that hit the memory of another process than the requestor.</summary>
    public ulong StrayStores => _strayStores;

    /// <summary>Stores to user addresses that raised ACCESS_VIOLATION in the driver.</summary>
    public ulong AccessViolations => _accessViolations;

    private void EncodeConduct(StateCodec codec)
    {
        codec.Field("current", ref _current);
        codec.Values("leaving", ref _leaving, ref _leavingCount);
        codec.Values("touched", ref _touched, ref _touchedCount);
        codec.Field("stray stores", ref _strayStores);
        codec.Field("access violations", ref _accessViolations);
    }

    /// <summary>The completion routine.</summary>
    private void Conclude(PacketId packet, Outbox outbox)
    {
        ref Irp irp = ref _contents.Packets[packet];
        irp.Context = _current;
        bool stores = _plan.Conduct == DriverConduct.KeepsAddress && irp is { Major: MajorFunction.Read, Status: NtStatus.Success };
        if (!stores)
        {
            Answer(packet, outbox);
        }
        else if (_current.IsOutside)
        {
            TouchNobody(packet, outbox);
        }
        else
        {
            Touch(packet, in irp, outbox);
        }
    }

    private void Touch(PacketId packet, in Irp irp, Outbox outbox)
    {
        AddTo(ref _touched, ref _touchedCount, irp.Context);
        if (irp.Irql == Irql.Dispatch)
        {
            outbox.Send(irp.Context, new TouchAtDispatch(irp.UserBuffer, irp.Value, packet));
            return;
        }

        // In kernel mode, by a thread whose stack is elsewhere.
        outbox.Send(irp.Context, new Perform(new Operation(OperationKind.Write, irp.UserBuffer, sizeof(ulong)), (uint)packet.Value, -1, irp.Value));
    }

    /// <summary>No process is current: there is no user space at all.</summary>
    private void TouchNobody(PacketId packet, Outbox outbox)
    {
        ref readonly Irp irp = ref _contents.Packets[packet];
        if (irp.Irql == Irql.Dispatch)
        {
            throw new BugCheckException(0xD1, FormattableString.Invariant(
                $"DRIVER_IRQL_NOT_LESS_OR_EQUAL: the driver of {_plan.Name} stores to {new VirtualAddress(irp.UserBuffer)} at DISPATCH_LEVEL, and no process is current"));
        }

        Conclude(packet, NtStatus.AccessViolation, outbox);
    }

    private void UserAddressTouched(Performed touched, Outbox outbox)
    {
        var packet = new PacketId((int)touched.Request);
        ActorId context = _contents.Packets[packet].Context;
        RemoveFrom(_touched, ref _touchedCount, context);
        Conclude(packet, touched.Status == NtStatus.Success ? NtStatus.Success : NtStatus.AccessViolation, outbox);
        LetLeave(context, outbox);
    }

    /// <summary>The store has happened, or raised an exception.</summary>
    private void Conclude(PacketId packet, NtStatus status, Outbox outbox)
    {
        ref Irp irp = ref _contents.Packets[packet];
        outbox.State(new UserAddressTouched(irp.UserBuffer, irp.Requestor, irp.Context, status, _device));
        _strayStores += status == NtStatus.Success && irp.Context != irp.Requestor ? 1UL : 0UL;
        if (status != NtStatus.Success)
        {
            if (!_plan.HandlesExceptions)
            {
                throw new BugCheckException(0x1E, FormattableString.Invariant(
                    $"KMODE_EXCEPTION_NOT_HANDLED: the driver of {_plan.Name} stores to {new VirtualAddress(irp.UserBuffer)}, where {irp.Context} has no memory"));
            }

            _accessViolations++;
            irp.Status = status;
            irp.Information = 0;
        }

        Answer(packet, outbox);
    }

    /// <summary>A process ends. It waits until nobody is in its memory: its page tables stay loaded until then.</summary>
    private void LeaveContext(ActorId process, Outbox outbox)
    {
        _current = _current == process ? ActorId.Outside : _current;
        AddTo(ref _leaving, ref _leavingCount, process);
        LetLeave(process, outbox);
    }

    private void LetLeave(ActorId process, Outbox outbox)
    {
        if (_leaving.AsSpan(0, _leavingCount).Contains(process) && !_touched.AsSpan(0, _touchedCount).Contains(process))
        {
            RemoveFrom(_leaving, ref _leavingCount, process);
            outbox.Send(process, default(ContextLeft));
        }
    }

    private static void AddTo(ref ActorId[] actors, ref int count, ActorId actor)
    {
        if (count == actors.Length)
        {
            Array.Resize(ref actors, count * 2);
        }

        actors[count++] = actor;
    }

    private static void RemoveFrom(ActorId[] actors, ref int count, ActorId actor)
    {
        int index = Array.IndexOf(actors, actor, 0, count);
        Invariant.Holds(index >= 0, "whoever is let go was held");
        actors[index] = actors[--count];
    }
}
