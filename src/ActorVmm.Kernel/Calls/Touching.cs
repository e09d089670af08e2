using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>Services that touch the caller's pages for it: what an access would raise, the service fails with (fact book §12).</summary>
public sealed partial class Process
{
    /// <summary>What the latest exception in a service was; read in the turn that raised it.</summary>
    private NtStatus _raised;

    /// <summary>Whether an exception of this thread belongs to a service, which fails with it.</summary>
    private bool Serves(int thread) =>
        (Space.Call.Phase != CallPhase.None && Space.Call.Thread == thread) || MovingOf(thread) is { } call && MovesBytes(call.Service);

    /// <summary>Brings a page in as an access would. False: the thread waits, and the call is tried again.</summary>
    private bool Touch(int thread, Vpn page, AccessKind access, Outbox outbox, out NtStatus status)
    {
        status = NtStatus.Success;
        while (!Walk(thread, page, access, 0, IsWatched, outbox))
        {
            AccessOutcome outcome = Dispatch(thread, page.Start, access, outbox);
            if (outcome != AccessOutcome.Completed)
            {
                status = outcome == AccessOutcome.Raised ? _raised : NtStatus.Success;
                return outcome == AccessOutcome.Raised;
            }
        }

        EndFault(thread, page, access, NtStatus.Success, outbox);
        return true;
    }

    /// <summary>Every page of a buffer is touched, one after the other; a buffer of no bytes has none.</summary>
    private void Probe(int thread, in MemoryRequest request, AccessKind access, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            if (request.Size == 0)
            {
                Refuse(thread, request, NtStatus.Success, outbox);
                return;
            }

            if (request.Base > Limits.HighestUser || request.Size > Limits.HighestUser - request.Base + 1)
            {
                Refuse(thread, request, NtStatus.AccessViolation, outbox);
                return;
            }

            Vpn first = new VirtualAddress(request.Base).Page;
            BeginCall(thread, first, new VirtualAddress(request.Base + request.Size - 1).Page);
            space.Call.Built = first;
        }

        while (space.Call.Built.Value <= space.Call.End.Value)
        {
            if (!Touch(thread, space.Call.Built, access, outbox, out NtStatus status))
            {
                return;
            }

            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            space.Call.Built = new Vpn(space.Call.Built.Value + 1);
        }

        EndCall(thread, request, request.Base, request.Size, NtStatus.Success, outbox);
    }
}
