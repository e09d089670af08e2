using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// Copy-on-write (fact book §13.6): 1. a store finds the page mapped, but only to be read; 2. a frame is taken; 3. the section copies into it,
/// in a turn in which nobody else stores to the page; 4. the PTE is looked at again: if it maps the same frame still, it maps the copy from now
/// on, and the share goes back. The second of two threads finds the copy (R16); a page trimmed meanwhile is faulted on again (R17).
/// </summary>
public sealed partial class Process
{
    private AccessOutcome CopyOnWrite(int thread, Vpn page, int cell, AccessKind access, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Views!.Asks(SectionRequestKind.Copy, page))
        {
            CountFault(thread, page, FaultKind.Collided, access, outbox);
            _threads[thread].Wait = ThreadWait.Prototype;
            _threads[thread].WaitPage = page;
            return AccessOutcome.Waits;
        }

        if (space.Kept.Count == 0)
        {
            WaitForMemory(thread, 1, outbox);
            return AccessOutcome.Waits;
        }

        Pfn target = TakeKept(outbox);
        CountFault(thread, page, FaultKind.CopyOnWrite, access, outbox);
        SectionRequest request = RequestFor(SectionRequestKind.Copy, page, thread);
        request.Source = space.Tables.Pte(cell).Pfn;
        request.Number = space.Views.Ask(request);
        _threads[thread].Wait = ThreadWait.Prototype;
        _threads[thread].WaitPage = page;
        outbox.Send(request.Section, new CopyPrototype(request.Shared, page, request.Source, target, request.Number, 0));
        return AccessOutcome.Waits;
    }

    private void PrototypeCopied(PrototypeCopied copied, Outbox outbox)
    {
        SectionRequest request = Space.Views!.Answer(copied.Request);
        outbox.Spend(new Ticks(_machine.Costs.DemandZeroFault));
        if (copied.Copied != 0 && _state == ProcessState.Running && _machine.Cast.Rules.TakesCopy(IsStillToBeCopied(request)))
        {
            TakeCopy(request, copied.Target, outbox);
        }
        else
        {
            // Nobody needs the copy: the frame is as it was granted.
            _machine.Contents[copied.Target] = ContentStamp.Zeros;
            KeepOrReturn(copied.Target, outbox);
        }

        WakeWaiters(ThreadWait.Prototype, request.Page);
        WakeWaiters(ThreadWait.SoftFault, request.Page);
    }

    private bool IsStillToBeCopied(in SectionRequest request)
    {
        Pte pte = Space.Tables.Read(request.Page);
        return IsSameView(request, out _) && pte.IsShared && pte.IsCopyOnWrite && pte.Pfn == request.Source;
    }

    private void TakeCopy(in SectionRequest request, Pfn target, Outbox outbox)
    {
        AddressSpace space = Space;
        PageTables tables = space.Tables;
        int cell = tables.FindCell(request.Page);
        ref WorkingSetEntry entry = ref space.WorkingSet[(int)tables.WorkingSetIndex(cell)];
        entry.Protection = entry.Protection.AfterCopy;
        entry.Modified = true;
        tables.Stamp(cell) = _machine.Contents[target].Value;
        outbox.State(new ViewPageUnmapped(request.Page, request.Shared, request.Section, request.Source, UnmapCause.Replaced, false, 0, 0));
        outbox.State(new PageCopiedOnWrite(request.Page, request.Section, request.Source, target, 0));
        tables.Write(cell, Pte.ForValid(target, AsEnforced(entry.Protection)));
        space.Tlb.Flush(request.Page);
        outbox.State(new PageMapped(request.Page, new ContentStamp(tables.Stamp(cell)), target, FaultKind.CopyOnWrite, true, 1));
        outbox.Send(request.Section, new ReleaseShare(request.Shared, request.Source, 0));
    }

    private void KeepOrReturn(Pfn frame, Outbox outbox)
    {
        if (_state == ProcessState.Running && !Space.Kept.IsFull)
        {
            Space.Kept.Add(frame);
            outbox.State(new FramesKept(Space.Kept.Count));
            return;
        }

        var unused = default(FrameBatch);
        unused.Add(frame);
        outbox.Send(_machine.Cast.PfnDatabase, new ReturnFrames(unused));
    }
}
