using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// A fault on a page of a view, as the process sees it (fact book §16.6): 1. <see cref="AskPrototype"/>: its section is asked for the page, and a
/// second thread waits for the same answer; 2. <see cref="PrototypeMapped"/>: everything is looked at again (R2): the view, its protection, its
/// page table; the page is mapped, or its share goes back at once. What the section does meanwhile stands in Sections/PrototypeFaults.cs.
/// </summary>
public sealed partial class Process
{
    private void AskPrototype(int thread, Vpn page, AccessKind access, Outbox outbox)
    {
        AddressSpace space = Space;
        _threads[thread].Wait = ThreadWait.Prototype;
        _threads[thread].WaitPage = page;
        if (space.Views!.Asks(SectionRequestKind.Fault, page))
        {
            CountFault(thread, page, FaultKind.Collided, access, outbox);
            return;
        }

        SectionRequest request = RequestFor(SectionRequestKind.Fault, page, thread);
        request.Number = space.Views.Ask(request);
        outbox.Send(request.Section, new FaultPrototype(request.Shared, page, request.Number, access, (byte)_plan.MemoryPriority, 0));
    }

    private SectionRequest RequestFor(SectionRequestKind kind, Vpn page, int thread)
    {
        Vad vad = Space.Vads[Space.Vads.Find(page)];
        View view = Space.Views![vad.View];
        return new SectionRequest
        {
            Kind = kind,
            Page = page,
            Shared = view.First + (page.Value - vad.Start.Value),
            Section = view.Section,
            View = view.Number,
            Thread = thread,
        };
    }

    private void PrototypeMapped(PrototypeMapped mapped, Outbox outbox)
    {
        SectionRequest request = Space.Views!.Answer(mapped.Request);
        Vpn page = request.Page;
        outbox.Spend(new Ticks(_machine.Costs.SoftFault));
        bool succeeded = mapped.Status == NtStatus.Success;
        bool takes = CanTakeShare(request, out ProtectionCode protection);
        bool wanted = _state == ProcessState.Running && takes;
        if (IsWaitingFor(request.Thread, ThreadWait.Prototype, page))
        {
            CountFault(request.Thread, page, mapped.Found, AccessKind.Read, outbox);
        }

        if (succeeded && wanted)
        {
            MapShared(Space.Tables.CellOf(page), page, mapped, request, protection, outbox);
        }
        else if (succeeded)
        {
            outbox.Send(request.Section, new ReleaseShare(request.Shared, mapped.Pfn, 0));
        }

        for (int thread = 0; thread < _threadCount; thread++)
        {
            if (IsWaitingFor(thread, ThreadWait.Prototype, page))
            {
                _threads[thread].Wait = ThreadWait.None;
                _threads[thread].Exception = wanted ? mapped.Status : NtStatus.Success;
            }
        }
    }

    private bool IsWaitingFor(int thread, ThreadWait wait, Vpn page) =>
        thread < _threadCount && _threads[thread].Wait == wait && _threads[thread].WaitPage == page;

    /// <summary>Whether the page may be mapped where it was asked for: the same view, still to be accessed, with its table in memory (R2, R14).</summary>
    private bool CanTakeShare(in SectionRequest request, out ProtectionCode protection)
    {
        protection = default;
        if (!IsSameView(request, out Vad vad))
        {
            return false;
        }

        int cell = Space.Tables.FindCell(request.Page);
        if ((cell < 0 ? TableEntryOf(request.Page) : Space.Tables.TableOfCell(cell).Entry) is not { IsValid: true })
        {
            return false;
        }

        Pte pte = cell < 0 ? Pte.Zero : Space.Tables.Pte(cell);
        protection = pte == Pte.Zero ? Space.UntouchedProtection(vad, request.Page) : pte.Protection;
        return pte.Form is PteForm.Zero or PteForm.Prototype && !protection.IsNoAccess && !protection.IsGuard;
    }

    private bool IsSameView(in SectionRequest request, out Vad vad)
    {
        int index = Space.Vads.Find(request.Page);
        vad = index < 0 ? default : Space.Vads[index];
        return vad.View != 0 && Space.Views![vad.View].Number == request.View;
    }

    private void MapShared(int cell, Vpn page, in PrototypeMapped mapped, in SectionRequest request, ProtectionCode protection, Outbox outbox)
    {
        AddressSpace space = Space;
        MakeRoom(outbox);
        bool ordered = space.Views![space.Vads[space.Vads.Find(page)].View].Ordered;
        space.Tables.Write(cell, Pte.ForShared(mapped.Pfn, AsEnforced(protection), ordered).WithExecuteOnly(HasKey(protection)));
        space.Tables.Stamp(cell) = 0;
        int index = space.WorkingSet.Add(page, cell, protection);
        space.Tables.WorkingSetIndex(cell) = (uint)index;
        _workingSetMoved = true;
        outbox.State(new ViewPageMapped(page, request.Shared, request.Section, mapped.Pfn, mapped.Found, protection.CanWrite, 0, 0));
    }

    /// <summary>A PTE lets go of a page of a section, and its share goes back.</summary>
    private void UnmapShared(int cell, UnmapCause cause, Pte replacement, Outbox outbox)
    {
        AddressSpace space = Space;
        PageTables tables = space.Tables;
        Vpn page = tables.PageOf(cell);
        Pte pte = tables.Pte(cell);
        ref uint index = ref tables.WorkingSetIndex(cell);
        space.WorkingSet.Remove((int)index);
        index = WorkingSet.None;
        space.Tlb.Flush(page);
        _workingSetMoved = true;
        tables.Write(cell, replacement);
        SectionRequest share = RequestFor(SectionRequestKind.Fault, page, -1);
        outbox.State(new ViewPageUnmapped(page, share.Shared, share.Section, pte.Pfn, cause, pte.IsDirty, 0, 0));
        outbox.Send(share.Section, new ReleaseShare(share.Shared, pte.Pfn, pte.IsDirty ? 1 : 0));
    }
}
