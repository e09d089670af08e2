using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>
/// Accesses to pages of which others see the stores: translated here, carried out by the section, because shared memory is where order is made
/// (architecture.md, decision 3). Such a page is never in the TLB. As long as the answer is on its way, no call takes the page away.
/// </summary>
public sealed partial class Process
{
    /// <summary>Whether the page is one of those; it is valid.</summary>
    private bool IsOrdered(Vpn page)
    {
        int cell = _space!.Tables.FindCell(page);
        return cell >= 0 && _space.Tables.Pte(cell).IsOrdered;
    }

    /// <summary>Sends the access on; the thread waits for what comes of it.</summary>
    private void AskAccess(int thread, in Operation operation, Outbox outbox)
    {
        var address = new VirtualAddress(operation.Address);
        int offset = (int)(operation.Address % PageSize.Bytes);
        bool visits = thread >= _plan.Threads.Count;
        ulong width = visits ? Math.Min(operation.Argument, (ulong)Math.Min(sizeof(ulong), PageSize.Bytes - offset)) : 0;
        ref ThreadState state = ref _threads[thread];
        state.Wait = ThreadWait.SharedAccess;
        state.WaitPage = address.Page;
        SectionRequest request = RequestFor(SectionRequestKind.Access, address.Page, thread);
        request.Number = Space.Views!.Ask(request);
        var access = operation.Kind == OperationKind.Write ? AccessKind.Write : AccessKind.Read;
        ulong value = visits ? VisitorOf(thread).Value : 0;
        outbox.Send(request.Section, new SharedAccess(request.Shared, value, request.Number, (ushort)offset, (byte)width, access));
    }

    private void SharedAccessed(SharedAccessed accessed)
    {
        SectionRequest request = Space.Views!.Answer(accessed.Request);
        if (IsWaitingFor(request.Thread, ThreadWait.SharedAccess, request.Page))
        {
            ref ThreadState state = ref _threads[request.Thread];
            state.Wait = ThreadWait.None;
            state.SharedDone = accessed.Done != 0;
            state.SharedValue = accessed.Value;
        }

        WakeWaiters(ThreadWait.SoftFault, request.Page);
    }

    /// <summary>An access that the section has carried out is over.</summary>
    private void EndAccess(int thread, VirtualAddress address, Outbox outbox)
    {
        ref ThreadState state = ref _threads[thread];
        ulong value = state.SharedValue;
        state.SharedDone = false;
        state.SharedValue = 0;
        if (thread >= _plan.Threads.Count)
        {
            Answer(thread, address.Value, value, NtStatus.Success, PageProtection.None, outbox);
        }
    }
}
