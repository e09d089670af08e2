using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel;

/// <summary>
/// NtReadFile and NtWriteFile with the caller's memory as buffer: 1. every page of the buffer is touched, and a bad one ends the call before a
/// byte has moved; 2. a chunk's pages are locked (MmProbeAndLockPages, fact book §24), those of a section apart from others, so that their frames stay what they are however
/// long the disk takes; 3. the file fills the row or empties it; 4. what came is stored, and the pages are unlocked. A page that was freed
/// meanwhile gets nothing, and its frame is free only now (R6).
/// </summary>
public sealed partial class Process
{
    private void TransferFile(int thread, in MemoryRequest request, Outbox outbox)
    {
        CallRow call = RowOf(thread);
        bool writes = request.Service == CallService.WriteFile;
        while (true)
        {
            switch (call.Stage)
            {
                case CallStage.Begins:
                    if (!ProbeBuffer(thread, request, writes, outbox))
                    {
                        return;
                    }

                    call.Stage = CallStage.Fills;
                    AskRow(thread, outbox);
                    return;
                case CallStage.Fills:
                    if (LockChunk(thread, request, writes, outbox))
                    {
                        call.Stage = CallStage.Locks;
                        AwaitPartner(thread);
                        outbox.Send(LockerOf(request.Base + call.Done), new LockPages(call.Mdl, (uint)thread, outbox.Self));
                    }

                    return;
                case CallStage.Locks:
                    SendChunk(thread, request, writes, outbox);
                    return;
                case CallStage.Empties:
                    if (!writes && !StoreWhatCame(thread, request.Base + call.Done, outbox))
                    {
                        return;
                    }

                    if (HasEnded(thread, request, outbox))
                    {
                        return;
                    }

                    break;
                case CallStage.Away:
                default:
                    throw new BugCheckException(0, "a thread runs whose transfer is under way");
            }
        }
    }

    /// <summary>Touches every page of the buffer. False: the thread waits, or the call has ended.</summary>
    private bool ProbeBuffer(int thread, in MemoryRequest request, bool writes, Outbox outbox)
    {
        CallRow call = RowOf(thread);
        NtStatus refused = writes ? NtStatus.InvalidUserBuffer : NtStatus.AccessViolation;
        if (request.HandleStatus != NtStatus.Success || request.Size == 0 || !IsUserRange(request.Base, request.Size))
        {
            EndMove(thread, 0, request.HandleStatus != NtStatus.Success ? request.HandleStatus : request.Size == 0 ? NtStatus.Success : refused, outbox);
            return false;
        }

        Vpn last = new VirtualAddress(request.Base + request.Size - 1).Page;
        for (var page = new Vpn(Math.Max(call.Probed, request.Base >> PageSize.Shift)); page.Value <= last.Value; page = new Vpn(page.Value + 1))
        {
            call.Probed = page.Value;
            if (!Touch(thread, page, writes ? AccessKind.Read : AccessKind.Write, outbox, out NtStatus status))
            {
                return false;
            }

            if (status != NtStatus.Success)
            {
                EndMove(thread, 0, status == NtStatus.AccessViolation ? refused : status, outbox);
                return false;
            }
        }

        return true;
    }

    /// <summary>Puts the frames of the next chunk into the row, all of them valid at once. False: the thread waits, or the call has ended.</summary>
    private bool LockChunk(int thread, in MemoryRequest request, bool writes, Outbox outbox)
    {
        CallRow call = RowOf(thread);
        ulong start = request.Base + call.Done;
        call.Chunk = ChunkFrom(start, request.Size - call.Done);
        Vpn first = new VirtualAddress(start).Page;
        Vpn last = new VirtualAddress(start + call.Chunk - 1).Page;
        if (!BringIn(thread, first, last, outbox, out NtStatus status, writes ? AccessKind.Read : AccessKind.Write))
        {
            return false;
        }

        if (status != NtStatus.Success)
        {
            EndMove(thread, call.Done, call.Done > 0 ? NtStatus.PartialCopy : writes ? NtStatus.InvalidUserBuffer : status, outbox);
            return false;
        }

        MdlTable mdls = _machine.Contents.Mdls;
        mdls.Clear(call.Mdl);
        ActorId locker = LockerOf(start);
        Vpn next = first;
        for (; next.Value <= last.Value && LockerOf(next.Start.Value) == locker; next = new Vpn(next.Value + 1))
        {
            mdls.Add(call.Mdl, Space.Tables.Read(next).Pfn);
        }

        call.Chunk = (uint)Math.Min(call.Chunk, next.Start.Value - start);
        call.LockedPages = (int)(next.Value - first.Value);
        Space.LockedPages += call.LockedPages;
        call.Part = 0;
        return true;
    }

    /// <summary>Through whom a valid page is locked: whoever hears of it when it is trimmed.</summary>
    private ActorId LockerOf(ulong address)
    {
        Vpn page = new VirtualAddress(address).Page;
        return Space.Tables.Read(page).IsShared ? ViewAt(page).Section : _machine.Cast.PfnDatabase;
    }

    /// <summary>As many bytes as lie on the pages of one row.</summary>
    private static uint ChunkFrom(ulong start, ulong rest) => (uint)Math.Min(ChunkBytes - (start % PageSize.Bytes), rest);

    private void SendChunk(int thread, in MemoryRequest request, bool writes, Outbox outbox)
    {
        const int File = 0;
        const int Object = 1;
        CallRow call = RowOf(thread);
        if (writes && !MoveBytes(thread, request.Base + call.Done, call.Chunk, store: false, outbox, out _))
        {
            return;
        }

        call.Stage = CallStage.Away;
        AwaitPartner(thread);
        outbox.Send(
            new ActorId((int)request.Word(File)),
            new TransferFile(call.Chunk, call.Mdl, (int)request.Word(Object), (uint)thread, writes ? 1 : 0));
    }

    private void PagesLocked(PagesLocked locked, Outbox outbox)
    {
        if (!PartnerAnswered(locked.Request, out CallRow call))
        {
            GiveRowBack(call, outbox);
        }
    }

    private void FileReturned(FileReturned answer, Outbox outbox)
    {
        if (!PartnerAnswered(answer.Request, out CallRow call))
        {
            GiveRowBack(call, outbox);
            return;
        }

        call.Stage = CallStage.Empties;
        call.Came = (uint)answer.Value;
        call.CameWith = answer.Status;
        call.Part = 0;
    }

    /// <summary>Stores what the file has read, page by page; pages that are not there any more get nothing. False: the thread waits.</summary>
    private bool StoreWhatCame(int thread, ulong start, Outbox outbox)
    {
        CallRow call = RowOf(thread);
        while (call.Part < call.Came)
        {
            if (!MoveBytes(thread, start, call.Came, store: true, outbox, out NtStatus status))
            {
                return false;
            }

            if (status != NtStatus.Success)
            {
                call.Part = (uint)Math.Min(call.Came, call.Part + PageSize.Bytes - ((start + call.Part) % PageSize.Bytes));
            }
        }

        return true;
    }

    /// <summary>Whether that was the last chunk; then the call is over. Otherwise the next one begins.</summary>
    private bool HasEnded(int thread, in MemoryRequest request, Outbox outbox)
    {
        CallRow call = RowOf(thread);
        call.Done += call.Came;
        bool more = call.CameWith == NtStatus.Success && call.Came == call.Chunk && call.Done < request.Size;
        if (!more)
        {
            // Who has got something is told of the end of the file when asking again.
            EndMove(thread, call.Done, call.Done > 0 ? NtStatus.Success : call.CameWith, outbox);
            return true;
        }

        GiveRowBack(call, outbox);
        call.Stage = CallStage.Fills;
        AskRow(thread, outbox);
        return true;
    }
}
