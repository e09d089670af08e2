using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>
/// The process as the one that is current: whoever runs at DISPATCH_LEVEL, in a DPC or a completion routine, runs with its page tables, whatever the work
/// is for (fact book §24). Drivers are told at each quantum, and at the end that it is current no more.
/// </summary>
public sealed partial class Process
{
    private void BecomeCurrent(Outbox outbox)
    {
        ActorId[] drivers = _machine.Cast.Interrupted;
        if (drivers.Length == 0)
        {
            return;
        }

        (Space.Requests ??= new DeviceRequests()).IsCurrent = true;
        foreach (ActorId driver in drivers)
        {
            outbox.Send(driver, default(ContextSwitched));
        }
    }

    /// <summary>Whether the process has to wait until no driver is in its memory any more.</summary>
    private bool LeavesContext(Outbox outbox)
    {
        if (_space?.Requests is not { IsCurrent: true } requests)
        {
            return false;
        }

        requests.IsCurrent = false;
        foreach (ActorId driver in _machine.Cast.Interrupted)
        {
            _space.Unanswered++;
            outbox.Send(driver, default(LeaveContext));
        }

        return true;
    }

    /// <summary>A driver stores to an address in this process, which it may never have heard of. A page that is there is stored to; no other can be had now.</summary>
    private void TouchAtDispatch(ActorId driver, TouchAtDispatch touch, Outbox outbox)
    {
        var address = new VirtualAddress(touch.Address);
        var store = new Operation(OperationKind.Write, touch.Address, sizeof(ulong));
        if (_state != ProcessState.Running || _space is null || !Walk(_plan.Threads.Count, address.Page, AccessKind.Write, 0, IsWatched, outbox))
        {
            throw new BugCheckException(0xD1, FormattableString.Invariant(
                $"DRIVER_IRQL_NOT_LESS_OR_EQUAL: a driver stores to {address} at DISPATCH_LEVEL while {_plan.Name}#{_serial} is current, which has no such page in memory"));
        }

        if (IsOrdered(address.Page))
        {
            // Others see this store: the section carries it out.
            Perform(driver, new Perform(store, (uint)touch.Packet.Value, -1, touch.Value), outbox);
            return;
        }

        MoveBytes(store, touch.Value, outbox);
        outbox.Send(driver, new Performed(touch.Address, 0, NtStatus.Success, PageProtection.None, (ulong)touch.Packet.Value));
    }
}
