using System.Buffers.Binary;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel;

/// <summary>
/// Services that move many bytes: copies between processes (ProcessCopies.cs) and ordinary file I/O (FileTransferCalls.cs). They do not change the
/// address space, and so wait for no other call; a chunk at a time goes through the copies of a row of the table of memory descriptor
/// lists, 64 KB at most. What a call has done so far stands in its row (<see cref="CallRow"/>), because each wait ends in the call from
/// its beginning.
/// </summary>
public sealed partial class Process
{
    /// <summary>Bytes of a row.</summary>
    private const uint ChunkBytes = MdlTable.RowLength * PageSize.Bytes;

    /// <summary>The call of a visitor, or the request of a thread to a device; null for everybody else.</summary>
    private CallRow? MovingOf(int thread) => CallOf(thread) ?? _space?.Requests?.Of(thread);

    private CallRow RowOf(int thread) => MovingOf(thread) ?? throw new BugCheckException(0, "only calls from outside and requests to devices move many bytes");

    /// <summary>Whether all of a range is user space.</summary>
    private bool IsUserRange(ulong start, ulong bytes) => start <= Limits.HighestUser && bytes <= Limits.HighestUser - start + 1;

    /// <summary>Asks for a row; the thread waits for it.</summary>
    private void AskRow(int thread, Outbox outbox)
    {
        AwaitPartner(thread);
        outbox.Send(_machine.Cast.PfnDatabase, new TakeRow((uint)thread));
    }

    /// <summary>Somebody else carries on with the call, and answers.</summary>
    private void AwaitPartner(int thread)
    {
        _threads[thread].Wait = ThreadWait.Partner;
        Space.Unanswered++;
    }

    /// <summary>The answer has come. False: the process is on its way out, and only gives back what it holds.</summary>
    private bool PartnerAnswered(uint thread, out CallRow call)
    {
        Space.Unanswered--;
        call = RowOf((int)thread);
        if (_state == ProcessState.Exiting)
        {
            return false;
        }

        _threads[thread].Wait = ThreadWait.None;
        return true;
    }

    private void RowGranted(RowGranted granted, Outbox outbox)
    {
        if (!PartnerAnswered(granted.Request, out CallRow call))
        {
            outbox.Send(_machine.Cast.PfnDatabase, new ReturnRow(granted.Mdl));
            return;
        }

        call.Mdl = granted.Mdl;
    }

    /// <summary>Gives the row of a call back, and lets go of the pages that it has locked.</summary>
    private void GiveRowBack(CallRow call, Outbox outbox)
    {
        if (call.Mdl == MdlId.None)
        {
            return;
        }

        if (call.LockedPages > 0)
        {
            outbox.Send(_machine.Cast.PfnDatabase, new UnlockPages(call.Mdl));
            Space.LockedPages -= call.LockedPages;
            call.LockedPages = 0;
        }
        else
        {
            outbox.Send(_machine.Cast.PfnDatabase, new ReturnRow(call.Mdl));
        }

        call.Mdl = MdlId.None;
    }

    /// <summary>Makes room for so many bytes in the row.</summary>
    private void ClearRow(CallRow call, uint bytes)
    {
        _machine.Contents.Mdls.Clear(call.Mdl);
        for (ulong page = 0; page < PageSize.PagesOf(bytes); page++)
        {
            _machine.Contents.Mdls.Add(call.Mdl, Pfn.None);
        }
    }

    /// <summary>
    /// Copies bytes between memory and the row, from <see cref="CallRow.Part"/> on, until all are moved or a page cannot be touched.
    /// </summary>
    /// <param name="thread">Whose call it is.</param>
    /// <param name="start">The first byte in memory.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="store">To memory; otherwise from it.</param>
    /// <param name="outbox">The turn's outbox.</param>
    /// <param name="status">What stopped it.</param>
    /// <returns>False: the thread waits, and goes on where it was.</returns>
    private bool MoveBytes(int thread, ulong start, uint bytes, bool store, Outbox outbox, out NtStatus status)
    {
        CallRow call = RowOf(thread);
        status = NtStatus.Success;
        while (call.Part < bytes)
        {
            var at = new VirtualAddress(start + call.Part);
            int offset = (int)(at.Value % PageSize.Bytes);
            int count = (int)Math.Min((uint)(PageSize.Bytes - offset), bytes - call.Part);
            if (!Touch(thread, at.Page, store ? AccessKind.Write : AccessKind.Read, outbox, out status))
            {
                return false;
            }

            if (status != NtStatus.Success)
            {
                return true;
            }

            if (IsOrdered(at.Page))
            {
                if (!MoveWord(thread, call, at, Math.Min(count, sizeof(ulong)), store, outbox))
                {
                    return false;
                }

                continue;
            }

            MovePiece(call, at.Page, offset, count, store, outbox);
            call.Part += (uint)count;
        }

        return true;
    }

    /// <summary>Where others see the stores, the section carries them out, and loads as well. False: the thread waits for it.</summary>
    private bool MoveWord(int thread, CallRow call, VirtualAddress at, int width, bool store, Outbox outbox)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        word.Clear();
        ref ThreadState state = ref _threads[thread];
        if (!state.SharedDone)
        {
            if (store)
            {
                _machine.Contents.Mdls.Read(call.Mdl, (int)call.Part, word[..width]);
                VisitorOf(thread).Value = BinaryPrimitives.ReadUInt64LittleEndian(word);
            }

            AskAccess(thread, new Operation(store ? OperationKind.Write : OperationKind.Read, at.Value, (ulong)width), outbox);
            return false;
        }

        if (!store)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, state.SharedValue);
            _machine.Contents.Mdls.Write(call.Mdl, (int)call.Part, word[..width]);
        }

        state.SharedDone = false;
        state.SharedValue = 0;
        call.Part += (uint)width;
        return true;
    }

    private void MovePiece(CallRow call, Vpn page, int offset, int count, bool store, Outbox outbox)
    {
        Contents contents = _machine.Contents;
        int cell = Space.Tables.FindCell(page);
        Pfn frame = Space.Tables.Pte(cell).Pfn;
        Span<byte> buffer = stackalloc byte[PageSize.Bytes];
        Span<byte> piece = buffer[..count];
        if (store)
        {
            contents.Mdls.Read(call.Mdl, (int)call.Part, piece);
            Restamp(page, frame, ref Space.Tables.Stamp(cell), outbox);
            contents.Bytes.Write((int)frame.Value, offset, piece);
        }
        else
        {
            contents.Bytes.Read((int)frame.Value, offset, piece);
            contents.Mdls.Write(call.Mdl, (int)call.Part, piece);
        }
    }

    /// <summary>The call is over; <paramref name="moved"/> bytes have been moved, whatever its status is.</summary>
    private void EndMove(int thread, ulong moved, NtStatus status, Outbox outbox)
    {
        GiveRowBack(RowOf(thread), outbox);
        if (thread < _plan.Threads.Count)
        {
            EndRequest(thread, moved, status, outbox);
        }

        ref ThreadState state = ref _threads[thread];
        state.Position++;
        state.Wait = ThreadWait.None;
        if (state.ShortOfMemory)
        {
            state.ShortOfMemory = false;
            outbox.State(new MemoryWait(thread, 0));
        }

        Answer(thread, 0, 0, status, (PageProtection)(uint)moved, outbox);
    }
}
