using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// Native calls on private memory, with their checks in Windows' order (fact book §6 to §11). One call at a time per process, as under the
/// address-creation mutex: 1. it is checked (CallChecks.cs, AllocationChecks.cs); 2. what it promises is charged, and the page tables it
/// will write are made valid, which may fault and wait (MemoryCallWaits.cs); 3. it takes effect in one turn (one file for each service).
/// Calls that only read the process's accounting wait for nobody (MemoryQuery.cs).
/// </summary>
public sealed partial class Process
{
    private AddressLimits Limits => field ??= new AddressLimits(_machine.Platform, _plan.LargeAddressAware);

    private void Call(int thread, in MemoryRequest request, Outbox outbox)
    {
        if (request.Service is >= CallService.QueryBasic and <= CallService.QueryCounters)
        {
            Query(thread, request, outbox);
            return;
        }

        if (request.Service is CallService.CreateThread or CallService.SetStack or CallService.QueryStack)
        {
            DescribeThread(thread, request, outbox);
            return;
        }

        if (MovesBytes(request.Service))
        {
            MoveBytes(thread, request, outbox);
            return;
        }

        AddressSpace space = Space;
        if (space.Call.Phase != CallPhase.None && space.Call.Thread != thread)
        {
            _threads[thread].Wait = ThreadWait.AddressCreation;
            return;
        }

        outbox.Spend(new Ticks(_machine.Costs.Call));
        if (space.Call.Phase == CallPhase.None)
        {
            EnterSystem(outbox);
        }

        switch (request.Service)
        {
            case CallService.Allocate: Allocate(thread, request, outbox); break;
            case CallService.Free: Free(thread, request, outbox); break;
            case CallService.Protect: Protect(thread, request, outbox); break;
            case CallService.Lock: Lock(thread, request, outbox); break;
            case CallService.Unlock: Unlock(thread, request, outbox); break;
            case CallService.GetWriteWatch: GetWriteWatch(thread, request, outbox); break;
            case CallService.ResetWriteWatch: ResetWriteWatch(thread, request, outbox); break;
            case CallService.SetInformation: Prefetch(thread, request, outbox); break;
            case CallService.EmptyWorkingSet: EmptyWorkingSet(thread, request, outbox); break;
            case CallService.MapView: MapView(thread, request, outbox); break;
            case CallService.UnmapView: UnmapView(thread, request, outbox); break;
            case CallService.FlushView: FlushView(thread, request, outbox); break;
            case CallService.CompareMappedFiles: CompareMappedFiles(thread, request, outbox); break;
            case CallService.ProbeForRead: Probe(thread, request, AccessKind.Read, outbox); break;
            case CallService.MapDriverPages: MapDriverPages(thread, request, outbox); break;
            case CallService.UnmapDriverPages: UnmapDriverPages(thread, request, outbox); break;
            case CallService.ProbeForWrite: Probe(thread, request, AccessKind.Write, outbox); break;
            case CallService.AllocatePool: AllocatePool(thread, request, outbox); break;
            case CallService.FreePool: FreePool(thread, request, outbox); break;
            case CallService.ReadDevice or CallService.WriteDevice or CallService.QueryBasic or CallService.QueryRegion or CallService.QueryImage or CallService.QueryMappedName
                or CallService.QueryWorkingSet or CallService.QueryCounters
                or CallService.CreateThread or CallService.SetStack or CallService.QueryStack:
            default:
                throw new BugCheckException(0, FormattableString.Invariant($"{request.Service} changes no address space"));
        }
    }

    private static bool MovesBytes(CallService service) => service is (>= CallService.ReadProcess and <= CallService.WriteFile) or CallService.ReadDevice or CallService.WriteDevice;

    private void MoveBytes(int thread, in MemoryRequest request, Outbox outbox)
    {
        outbox.Spend(new Ticks(_machine.Costs.Call));
        switch (request.Service)
        {
            case CallService.ReadProcess or CallService.WriteProcess: CopyProcess(thread, request, outbox); break;
            case CallService.CopyAttached: CopyAttached(thread, request, outbox); break;
            case CallService.ReadFile or CallService.WriteFile: TransferFile(thread, request, outbox); break;
            default: throw new BugCheckException(0, FormattableString.Invariant($"{request.Service} moves no bytes"));
        }
    }

    private static void StateVad(in Vad vad, Outbox outbox) => outbox.State(new VadCommitChanged(vad.Start, vad.Pages, vad.CommitCharge));

    private void BeginCall(int thread, Vpn start, Vpn end) =>
        Space.Call = new MemoryCall { Thread = thread, Phase = CallPhase.BuildingTables, Start = start, End = end };

    /// <summary>The call has no effect on a range of pages: it was refused, or there was nothing to do.</summary>
    private void Refuse(int thread, in MemoryRequest request, NtStatus status, Outbox outbox) => EndCall(thread, request, 0, 0, status, outbox);

    /// <summary>The call has taken effect on these pages.</summary>
    private void EndCall(int thread, in MemoryRequest request, Vpn start, Vpn end, Outbox outbox, PageProtection old = PageProtection.None) =>
        EndCall(thread, request, start.Start.Value, BytesOf(start, end), NtStatus.Success, outbox, old);

    private void EndCall(int thread, in MemoryRequest request, ulong start, ulong size, NtStatus status, Outbox outbox, PageProtection old = PageProtection.None)
    {
        ConcludeCall(thread, request, start, size, status, outbox);
        Answer(thread, start, size, status, old, outbox);
    }

    /// <summary>A call is over, and whoever waits for the address space may go on; it has still to be answered.</summary>
    private void ConcludeCall(int thread, in MemoryRequest request, ulong start, ulong size, NtStatus status, Outbox outbox)
    {
        Space.Call = default;
        ref ThreadState state = ref _threads[thread];
        state.Position++;
        state.Wait = ThreadWait.None;
        if (state.ShortOfMemory)
        {
            state.ShortOfMemory = false;
            outbox.State(new MemoryWait(thread, 0));
        }

        StateCommit(outbox);
        uint type = request.Service == CallService.Protect ? (uint)request.Protection : (uint)request.Type;
        outbox.State(new CallCompleted(start, size, status, thread, request.Service, 0, 0, type));
        Wake(ThreadWait.AddressCreation);
    }

    private static ulong BytesOf(Vpn start, Vpn end) => (end.Value + 1 - start.Value) << PageSize.Shift;
}
