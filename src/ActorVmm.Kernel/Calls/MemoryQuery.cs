using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// NtQueryVirtualMemory (fact book §9): what the pages from an address on have in common, and what is known of one page or one
/// allocation. It reads the process's own accounting, and so never faults and never waits.
/// </summary>
public sealed partial class Process
{
    private void QueryMemory(ActorId asker, QueryMemory query, Outbox outbox) =>
        outbox.Send(asker, Query(query.Address));

    private void Query(int thread, in MemoryRequest request, Outbox outbox)
    {
        outbox.Spend(new Ticks(_machine.Costs.Call));
        bool counts = request.Service == CallService.QueryCounters;
        NtStatus status = request.HandleStatus != NtStatus.Success ? request.HandleStatus
            : !counts && request.Base > Limits.HighestUser ? NtStatus.InvalidParameter
            : NtStatus.Success;
        if (status != NtStatus.Success)
        {
            _threads[thread].Position++;
            Answer(thread, 0, 0, status, PageProtection.None, outbox);
            return;
        }

        SectionReply reply = default;
        if (request.Service == CallService.QueryBasic && AsksSection(thread, request, outbox, out reply))
        {
            return;
        }

        _threads[thread].Position++;

        if (counts)
        {
            AnswerCounters(thread, outbox);
        }
        else if (request.Service == CallService.QueryBasic)
        {
            MemoryQueried found = AsCommitted(Query(new VirtualAddress(request.Base)), reply);
            uint type = found.AllocationBase == 0 ? 0 : (uint)TypeAt(new VirtualAddress(request.Base).Page);
            AnswerWords(thread, found.Base, found.Size, (uint)found.State | type, [found.AllocationBase, found.Protection, found.AllocationProtection], outbox);
        }
        else if (request.Service == CallService.QueryWorkingSet)
        {
            AnswerWords(thread, request.Base, PageSize.Bytes, AttributesOf(new VirtualAddress(request.Base).Page), [], outbox);
        }
        else
        {
            QueryAllocation(thread, request, outbox);
        }
    }

    /// <summary>Classes that describe a whole allocation; where there is none, they have nothing to say.</summary>
    private void QueryAllocation(int thread, in MemoryRequest request, Outbox outbox)
    {
        int index = Space.Vads.Find(new VirtualAddress(request.Base).Page);
        bool named = index >= 0 && Space.Vads[index].IsView && ViewAt(Space.Vads[index].Start).Segment != SegmentKind.PagingFile;
        if (index < 0 || (request.Service == CallService.QueryMappedName && !named))
        {
            // Only what is a file has a name.
            Answer(thread, 0, 0, NtStatus.InvalidAddress, PageProtection.None, outbox);
            return;
        }

        ref Vad vad = ref Space.Vads[index];
        bool image = TypeAt(vad.Start) == RegionType.Image;
        if (request.Service is CallService.QueryImage or CallService.QueryMappedName)
        {
            bool shown = image || request.Service == CallService.QueryMappedName;
            AnswerWords(thread, shown ? vad.Start.Start.Value : 0, shown ? BytesOf(vad.Start, vad.End) : 0, 0, [], outbox);
            return;
        }

        ulong committed = CommittedPages.Count(vad, vad.Start, vad.End, Space.Tables) << PageSize.Shift;
        AnswerWords(thread, vad.Start.Start.Value, BytesOf(vad.Start, vad.End), (uint)vad.AllocationProtection, [RegionFlags(vad), committed], outbox);
    }

    private RegionType TypeAt(Vpn page)
    {
        int index = Space.Vads.Find(page);
        return index < 0 || !Space.Vads[index].IsView ? RegionType.Private
            : Space.Views![Space.Vads[index].View].Segment == SegmentKind.Image ? RegionType.Image
            : RegionType.Mapped;
    }

    /// <summary>Private, data file, image: bits 0 to 2; a driver's pages: bit 4; what is backed by paging files and shared is none of them.</summary>
    private ulong RegionFlags(in Vad vad) => !vad.IsView ? vad.Kind == VadKind.DevicePhysicalMemory ? 16UL : 1UL : Space.Views![vad.View].Segment switch
    {
        SegmentKind.PagingFile => 0,
        SegmentKind.Data => 2,
        SegmentKind.Image => 4,
    };

    /// <summary>
    /// Which pages of a view are committed may be known to its section alone: it is asked, and the query waits in the line of the calls that
    /// change the address space. False: there is nothing to ask, or it was answered.
    /// </summary>
    private bool AsksSection(int thread, in MemoryRequest request, Outbox outbox, out SectionReply reply)
    {
        AddressSpace space = Space;
        reply = default;
        bool asked = space.Call.Phase != CallPhase.None && space.Call.Thread == thread;
        if (asked)
        {
            reply = space.Call.Reply;
            space.Call = default;
            Wake(ThreadWait.AddressCreation);
            return false;
        }

        Vpn page = new VirtualAddress(request.Base).Page;
        int index = space.Vads.Find(page);
        if (index < 0 || !space.Vads[index].IsView || !ViewAt(page).IsReserved)
        {
            return false;
        }

        if (space.Call.Phase != CallPhase.None)
        {
            _threads[thread].Wait = ThreadWait.AddressCreation;
            return true;
        }

        BeginCall(thread, page, page);
        SectionRequest first = RequestFor(SectionRequestKind.Fault, page, thread);
        AskSection(thread, first.Section);
        outbox.Send(first.Section, new QueryPrototypes(first.Shared, space.Vads[index].End.Value - page.Value + 1, 0, 0));
        return true;
    }

    /// <summary>What is known here, with what the section knows.</summary>
    private static MemoryQueried AsCommitted(MemoryQueried found, SectionReply reply)
    {
        if (!reply.Here)
        {
            return found;
        }

        ulong alike = reply.Size << PageSize.Shift;
        return reply.Committed
            ? found with { Size = Math.Min(found.Size, alike) }
            : found with { Size = alike, State = RegionState.Reserve, Protection = 0 };
    }

    private uint AttributesOf(Vpn page)
    {
        int cell = Space.Tables.FindCell(page);
        int index = Space.Vads.Find(page);
        Pte pte = cell < 0 ? Pte.Zero : Space.Tables.Pte(cell);
        bool shared = index >= 0 && Space.Vads[index].IsView && (pte.IsShared || pte.Form is PteForm.Zero or PteForm.Prototype);
        if (!pte.IsValid)
        {
            return shared ? PageAttributes.Shared : 0;
        }

        if (Space.Vads[Space.Vads.Find(page)].Kind == VadKind.LargePages)
        {
            return PageAttributes.Valid | PageAttributes.LargePage | PageAttributes.Locked
                | ((uint)PageProtection.ReadWrite << PageAttributes.ProtectionShift) | ((uint)_plan.MemoryPriority << PageAttributes.PriorityShift);
        }

        WorkingSetEntry entry = Space.WorkingSet[(int)Space.Tables.WorkingSetIndex(cell)];
        return PageAttributes.Valid
            | (((uint)entry.Protection.ToPageProtection() & PageAttributes.ProtectionMask) << PageAttributes.ProtectionShift)
            | (entry.Locked ? PageAttributes.Locked : 0)
            | (shared ? PageAttributes.Shared : 0)
            | ((uint)_plan.MemoryPriority << PageAttributes.PriorityShift);
    }

    private void AnswerCounters(int thread, Outbox outbox)
    {
        AddressSpace space = Space;
        ReadOnlySpan<ulong> pages =
        [
            space.VirtualPages, space.PeakVirtualPages, space.PrivateCommit,
            (ulong)space.WorkingSet.Count, (ulong)space.WorkingSet.Peak, space.PrivateCommit,
        ];
        Span<ulong> bytes = stackalloc ulong[pages.Length];
        for (int counter = 0; counter < pages.Length; counter++)
        {
            bytes[counter] = pages[counter] << PageSize.Shift;
        }

        AnswerWords(thread, 0, 0, 0, bytes, outbox);
    }

    private MemoryQueried Query(VirtualAddress address)
    {
        Vpn page = address.Page;
        if (address.Value > Limits.HighestUser)
        {
            return new MemoryQueried(page.Start.Value, 0, 0, RegionState.Free, (ushort)PageProtection.NoAccess, 0);
        }

        VadTree vads = Space.Vads;
        int index = vads.Find(page);
        if (index < 0 && address.Value > Limits.HighestVad)
        {
            // Windows keeps the last granule for itself, but for the page that it may share there.
            return new MemoryQueried(
                page.Start.Value,
                Limits.HighestVad + 1,
                Limits.HighestUser + 1 - page.Start.Value,
                RegionState.Reserve,
                (ushort)PageProtection.NoAccess,
                0);
        }

        if (index < 0)
        {
            int next = vads.FirstNotBelow(page);
            ulong limit = new VirtualAddress(Limits.HighestVad).Page.Value + 1;
            limit = next < vads.Count ? Math.Min(limit, vads[next].Start.Value) : limit;
            return new MemoryQueried(page.Start.Value, 0, (limit - page.Value) << PageSize.Shift, RegionState.Free, (ushort)PageProtection.NoAccess, 0);
        }

        ref Vad vad = ref vads[index];
        (RegionState state, PageProtection protection) = Describe(vad, page);
        ulong end = EndOfRun(vad, page, (state, protection));
        return new MemoryQueried(
            page.Start.Value,
            vad.Start.Start.Value,
            (end - page.Value) << PageSize.Shift,
            state,
            (ushort)protection,
            (ushort)vad.AllocationProtection);
    }

    /// <summary>
    /// The first page after <paramref name="first"/> that differs, or the one after the VAD. Pages without PTEs are all alike: they end
    /// the run or are passed over together, however many they are.
    /// </summary>
    private ulong EndOfRun(in Vad vad, Vpn first, (RegionState State, PageProtection Protection) alike)
    {
        ulong end = vad.End.Value + 1;
        if (first == vad.End)
        {
            return end;
        }

        PageTables tables = Space.Tables;
        if (vad.IsView && Space.Views![vad.View].Segment == SegmentKind.Image)
        {
            return EndOfRunInImage(vad, first, alike);
        }

        if (Describe(vad, Pte.Zero, first) == alike)
        {
            foreach (int cell in new CellsInRange(tables, new Vpn(first.Value + 1), vad.End))
            {
                Vpn page = tables.PageOf(cell);
                if (page.Value < end && Describe(vad, page) != alike)
                {
                    end = page.Value;
                }
            }

            return end;
        }

        Vpn next = new(first.Value + 1);
        while (next.Value < end && tables.FindCell(next) >= 0 && Describe(vad, next) == alike)
        {
            next = new Vpn(next.Value + 1);
        }

        return next.Value;
    }

    /// <summary>In an image pages may differ that have no PTEs: those of its sections.</summary>
    private ulong EndOfRunInImage(in Vad vad, Vpn first, (RegionState State, PageProtection Protection) alike)
    {
        ulong next = first.Value + 1;
        while (next <= vad.End.Value && Describe(vad, new Vpn(next)) == alike)
        {
            next++;
        }

        return next;
    }

    private (RegionState State, PageProtection Protection) Describe(in Vad vad, Vpn page) => Describe(vad, Space.Tables.Read(page), page);

    private (RegionState State, PageProtection Protection) Describe(in Vad vad, Pte pte, Vpn page) => !CommittedPages.IsCommitted(vad, pte)
        ? (RegionState.Reserve, PageProtection.None)
        : (RegionState.Commit, (pte == Pte.Zero ? Space.UntouchedProtection(vad, page) : CommittedPages.ProtectionOf(vad, page, Space)).ToPageProtection());
}
