using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// NtReadVirtualMemory and NtWriteVirtualMemory (fact book §10). The caller's process leads: 1. it takes a row; 2. for a write it fills the row from
/// its own memory; 3. the other process, in turns of its own, fills the row or empties it, up to its first bad page; 4. for a read the
/// caller stores what came. A bad page over there ends the call with PARTIAL_COPY and what was moved before it; one over here takes the
/// rest of its chunk with it.
/// </summary>
public sealed partial class Process
{
    private void CopyProcess(int thread, in MemoryRequest request, Outbox outbox)
    {
        const int OtherAddress = 0;
        const int OtherProcess = 1;
        CallRow call = RowOf(thread);
        bool writes = request.Service == CallService.WriteProcess;
        ulong other = request.Word(OtherAddress);
        if (call.Stage == CallStage.Begins)
        {
            NtStatus status = !IsUserRange(request.Base, request.Size) || !IsUserRange(other, request.Size) ? NtStatus.AccessViolation
                : request.HandleStatus;
            if (status != NtStatus.Success || request.Size == 0)
            {
                EndMove(thread, 0, status, outbox);
                return;
            }

            call.Stage = CallStage.Fills;
            AskRow(thread, outbox);
            return;
        }

        while (true)
        {
            var chunk = (uint)Math.Min(ChunkBytes, request.Size - call.Done);
            if (call.Stage == CallStage.Fills)
            {
                if (call.Part == 0)
                {
                    ClearRow(call, chunk);
                }

                NtStatus status = NtStatus.Success;
                if (writes && !MoveBytes(thread, request.Base + call.Done, chunk, store: false, outbox, out status))
                {
                    return;
                }

                if (status != NtStatus.Success)
                {
                    EndMove(thread, call.Done, NtStatus.PartialCopy, outbox);
                    return;
                }

                call.Stage = CallStage.Away;
                AwaitPartner(thread);
                outbox.Send(new ActorId((int)request.Word(OtherProcess)), new CopyBytes(other + call.Done, chunk, call.Mdl, (uint)thread, writes ? 1 : 0));
                return;
            }

            if (!writes && !MoveBytes(thread, request.Base + call.Done, call.Came, store: true, outbox, out _))
            {
                return;
            }

            uint moved = writes ? call.Came : call.Part;
            call.Done += moved;
            if (moved < chunk || call.Done == request.Size)
            {
                EndMove(thread, call.Done, moved < chunk ? NtStatus.PartialCopy : NtStatus.Success, outbox);
                return;
            }

            call.Stage = CallStage.Fills;
            call.Part = 0;
        }
    }

    private void BytesCopied(BytesCopied answer, Outbox outbox)
    {
        if (!PartnerAnswered(answer.Request, out CallRow call))
        {
            GiveRowBack(call, outbox);
            return;
        }

        call.Stage = CallStage.Empties;
        call.Came = answer.Bytes;
        call.Part = 0;
    }

    /// <summary>A thread of another process has attached to this one, to copy.</summary>
    private void CopyBytes(ActorId visitor, CopyBytes copy, Outbox outbox)
    {
        if (_state is ProcessState.Exiting or ProcessState.Gone)
        {
            outbox.Send(visitor, new BytesCopied(0, copy.Request, NtStatus.ProcessIsTerminating));
            return;
        }

        int thread = Admit(new Visitor(visitor, copy.Request), outbox);
        CallRow call = RowOf(thread);
        call.Begin(new BeginCall(copy.Address, copy.Bytes, (uint)copy.Write, 0, copy.Request, CallService.CopyAttached, CallFlags.None, HandleResolution.Resolved, 0));
        call.Mdl = copy.Mdl;
    }

    private void CopyAttached(int thread, in MemoryRequest request, Outbox outbox)
    {
        if (!MoveBytes(thread, request.Base, (uint)request.Size, request.Type != AllocationType.None, outbox, out NtStatus status))
        {
            return;
        }

        // The row is the asker's.
        RowOf(thread).Mdl = MdlId.None;
        EndMove(thread, 0, status, outbox);
    }
}
