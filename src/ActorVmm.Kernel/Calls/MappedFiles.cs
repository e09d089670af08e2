using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>NtFlushVirtualMemory and NtAreMappedFilesTheSame (fact book §10): what views have to do with files.</summary>
public sealed partial class Process
{
    /// <summary>
    /// Pages that were stored to through this view are handed to the section as stored to, and it writes what differs from the file. Memory
    /// backed by paging files has nothing to be written to.
    /// </summary>
    private void FlushView(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CheckFlush(request, out Vpn first, out Vpn last);
            if (status != NtStatus.Success || ViewAt(first).Segment == SegmentKind.PagingFile)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, first, last);
            if (AwaitsAccess(thread, first, last))
            {
                space.Call = default;
                return;
            }

            SectionRequest page = RequestFor(SectionRequestKind.Fault, first, thread);
            AskSection(thread, page.Section);
            outbox.Send(page.Section, new FlushSection(page.Shared, last.Value - first.Value + 1, 0, 0));
            return;
        }

        NtStatus ended = space.Call.Reply.Status;
        EndCall(thread, request, space.Call.Start.Start.Value, BytesOf(space.Call.Start, space.Call.End), ended, outbox);
    }

    private NtStatus CheckFlush(in MemoryRequest request, out Vpn start, out Vpn end)
    {
        start = new VirtualAddress(request.Base).Page;
        end = start;
        if (request.Base > Limits.HighestUser || request.Size > Limits.HighestUser - request.Base + 1)
        {
            return NtStatus.InvalidParameter;
        }

        if (request.HandleStatus != NtStatus.Success)
        {
            return request.HandleStatus;
        }

        int index = Space.Vads.Find(start);
        if (index < 0 || !Space.Vads[index].IsView)
        {
            return index < 0 ? NtStatus.NotMappedView : NtStatus.NotMappedData;
        }

        end = request.Size == 0 ? Space.Vads[index].End : new VirtualAddress(request.Base + request.Size - 1).Page;
        return Space.Vads[index].Contains(end) ? NtStatus.Success : NtStatus.NotMappedView;
    }

    private void CompareMappedFiles(int thread, in MemoryRequest request, Outbox outbox)
    {
        NtStatus first = CheckMapped(request.Base, out View one);
        NtStatus second = CheckMapped(request.Size, out View other);
        NtStatus status = first != NtStatus.Success ? first
            : second != NtStatus.Success ? second
            : one.Segment == SegmentKind.Image && one.Section == other.Section ? NtStatus.Success
            : NtStatus.NotSameDevice;
        Refuse(thread, request, status, outbox);
    }

    private NtStatus CheckMapped(ulong address, out View view)
    {
        view = default;
        int index = address > Limits.HighestUser ? -1 : Space.Vads.Find(new VirtualAddress(address).Page);
        if (index < 0)
        {
            return NtStatus.InvalidAddress;
        }

        if (!Space.Vads[index].IsView)
        {
            return NtStatus.ConflictingAddresses;
        }

        view = Space.Views![Space.Vads[index].View];
        return NtStatus.Success;
    }
}
