using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel;

/// <summary>
/// A request to a device, from its thread's side (fact book §24). All that is done here is done in the requestor's context, which is why it can be done
/// right: 1. the buffer is probed; 2. buffered I/O gets a row that is the system's buffer, direct I/O one that lists the pages of its own buffer, and has
/// them locked; 3. the driver at the top of the stack is asked, and the thread waits; 4. what came is stored, the pages are unlocked. A driver that is only
/// given the address (<see cref="DriverConduct.KeepsAddress"/>) makes 1, 2 and 4 impossible.
/// </summary>
public sealed partial class Process
{
    private void AskDevice(int thread, Operation operation, Outbox outbox)
    {
        AddressSpace space = Space;
        space.Requests ??= new DeviceRequests();
        bool writes = operation.Kind == OperationKind.WriteDevice;
        CallRow row = space.Requests.Of(thread) ?? space.Requests.Begin(thread, new CallRow
        {
            Service = writes ? CallService.WriteDevice : CallService.ReadDevice,
            Base = operation.Address,
            Size = operation.Argument & ((1UL << Operation.DeviceShift) - 1),
            Type = (uint)(operation.Argument >> Operation.DeviceShift),
        });
        DevicePlan device = _machine.Devices[(int)row.Type];
        var request = new MemoryRequest(row);
        outbox.Spend(new Ticks(_machine.Costs.Call));
        switch (row.Stage)
        {
            case CallStage.Begins when device.Conduct == DriverConduct.KeepsAddress:
                SendRequest(thread, row, device, outbox);
                break;
            case CallStage.Begins:
                if ((row.Base % PageSize.Bytes) + row.Size > ChunkBytes)
                {
                    EndMove(thread, 0, NtStatus.InvalidParameter, outbox);
                }
                else if (ProbeBuffer(thread, request, writes, outbox))
                {
                    row.Stage = CallStage.Fills;
                    AskRow(thread, outbox);
                }

                break;
            case CallStage.Fills when device.Method == BufferMethod.Buffered:
                row.Chunk = (uint)row.Size;
                row.Stage = CallStage.Locks;
                ClearRow(row, row.Chunk);
                break;
            case CallStage.Fills:
                if (LockChunk(thread, request, writes, outbox))
                {
                    row.Stage = CallStage.Locks;
                    AwaitPartner(thread);
                    outbox.Send(LockerOf(row.Base), new LockPages(row.Mdl, (uint)thread, outbox.Self));
                }

                break;
            case CallStage.Locks:
                if (!writes || MoveBytes(thread, row.Base, row.Chunk, store: false, outbox, out _))
                {
                    SendRequest(thread, row, device, outbox);
                }

                break;
            case CallStage.Empties:
                if (writes || row.Mdl == MdlId.None || StoreWhatCame(thread, row.Base, outbox))
                {
                    LetGo(row, outbox);
                    EndMove(thread, row.Came, row.CameWith, outbox);
                }

                break;
            case CallStage.Away:
            default:
                throw new BugCheckException(0, "a thread runs whose request is with a driver");
        }
    }

    private void SendRequest(int thread, CallRow row, DevicePlan device, Outbox outbox)
    {
        row.Stage = CallStage.Away;
        AwaitPartner(thread);
        MajorFunction major = row.Service == CallService.WriteDevice ? MajorFunction.Write : MajorFunction.Read;
        outbox.Send(
            _machine.Cast.Devices[(int)row.Type].Top,
            new RequestIo(row.Base, Ticks.Zero, (uint)row.Size, row.Mdl, (uint)thread, major, device.Method, IsPaging: false));
    }

    private void RequestCompleted(RequestCompleted answer, Outbox outbox)
    {
        if (!PartnerAnswered(answer.Request, out CallRow row))
        {
            LetGo(row, outbox);
            GiveRowBack(row, outbox);
            return;
        }

        row.Stage = CallStage.Empties;
        row.Came = answer.Information;
        row.CameWith = answer.Status;
        row.Part = 0;
    }

    /// <summary>A driver that forgets to unlock leaves the pages locked and the row in use; nobody else has its number.</summary>
    private void LetGo(CallRow row, Outbox outbox)
    {
        if (_machine.Devices[(int)row.Type].Conduct == DriverConduct.ForgetsToUnlock && row.LockedPages > 0)
        {
            row.Mdl = MdlId.None;
        }
    }

    /// <summary>A thread's request is over, one way or the other.</summary>
    private void EndRequest(int thread, ulong moved, NtStatus status, Outbox outbox)
    {
        CallRow row = RowOf(thread);
        outbox.State(new DeviceRequestEnded(thread, (int)row.Type, status, (uint)moved, row.LockedPages));
        Space.Requests!.End(thread);
    }
}
