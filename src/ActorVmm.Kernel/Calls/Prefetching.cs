using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.Faults;

namespace ActorVmm.Kernel;

/// <summary>
/// NtSetInformationVirtualMemory, class 0 (fact book §10): 1. the PFN database is asked which pages have lost their frames; 2. pages that are in
/// paging files are read, in clusters as faults would read them, and stay on standby. Nobody waits for them, and the working set is as before;
/// what is not mapped, or not out, is left alone.
/// </summary>
public sealed partial class Process
{
    private void Prefetch(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CallChecks.SetInformation(request);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, default, default);
        }

        if (HasFailed(thread, request, outbox))
        {
            return;
        }

        if (space.Call.Built == default)
        {
            space.Call.Built = AddressLimits.Lowest;
            ForEachRange(request, (start, end) => AskAboutHints(start, end, outbox));
        }

        if (ForEachRange(request, (start, end) => !AwaitsSoftFault(thread, start, end) && OpenReads(thread, start, end, outbox)))
        {
            Refuse(thread, request, NtStatus.Success, outbox);
        }
    }

    /// <summary>Goes over the ranges of the call, as far as they are user memory, until one is not done.</summary>
    private bool ForEachRange(in MemoryRequest request, Func<Vpn, Vpn, bool> take)
    {
        for (int range = 0; range < (int)request.Size; range++)
        {
            ulong start = request.Word(range * 2);
            ulong size = request.Word((range * 2) + 1);
            ulong most = start > Limits.HighestUser ? 0 : Math.Min(size, Limits.HighestUser - start + 1);
            if (most > 0 && !take(new VirtualAddress(start).Page, new VirtualAddress(start + most - 1).Page))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Pages that have left the working set may have lost their frames since: the PFN database knows.</summary>
    private bool AskAboutHints(Vpn start, Vpn end, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        foreach (int cell in new CellsInRange(tables, start, end))
        {
            _ = Peek(tables.PageOf(cell), tables.Pte(cell), outbox);
        }

        return true;
    }

    /// <summary>Opens the reads of one range. False: the thread waits for a page table, and the call is tried again.</summary>
    private bool OpenReads(int thread, Vpn start, Vpn end, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        foreach (int cell in new CellsInRange(tables, start, end))
        {
            Vpn page = tables.PageOf(cell);
            if (tables.Pte(cell).Form != PteForm.PagingFile || Space.FindBlock(page) >= 0)
            {
                continue;
            }

            if (!MakeTablesValid(page, thread, outbox))
            {
                return false;
            }

            InPageBlock block = ClusterAround(page);
            block.Wanted = 0;
            _ = OpenRead(thread, page, block, outbox);
        }

        return true;
    }
}
