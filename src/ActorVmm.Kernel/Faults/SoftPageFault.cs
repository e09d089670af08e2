using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel;

/// <summary>
/// A soft page fault, all of it, in order (fact book §16.4): 1. <see cref="AskSoftFault"/>: the PTE is a hint, and the PFN database is
/// asked whether it is still good; 2. <see cref="SoftFaultAnswered"/>: it was, and the page is mapped; or its frame was given away (R13),
/// and the PTE says where the page is now. Nothing deletes a page in between.
/// </summary>
public sealed partial class Process
{
    /// <summary>The hint may be good: the PFN database knows. A second thread on the same page waits for the same answer.</summary>
    private void AskSoftFault(int thread, Vpn page, Pte hint, Outbox outbox)
    {
        _threads[thread].Wait = ThreadWait.SoftFault;
        _threads[thread].WaitPage = page;
        if (Space.FindSoftFault(page) >= 0)
        {
            return;
        }

        Space.AddSoftFault(page, thread);
        outbox.Send(_machine.Cast.PfnDatabase, new SoftFault(page, hint.Pfn, hint.Generation, false, (byte)PagePriorityOf(thread)));
    }

    /// <summary>
    /// The answer to a soft fault or to a peek. The PTE may have got another protection meanwhile (R14), but not another form:
    /// deletions wait for the answer.
    /// </summary>
    private void SoftFaultAnswered(SoftFaultAnswered answer, Outbox outbox)
    {
        int thread = Space.RemoveSoftFault(answer.Vpn);
        outbox.Spend(new Ticks(_machine.Costs.SoftFault));
        if (SelfMap.Contains(answer.Vpn))
        {
            TableAnswered(answer, outbox);
        }
        else
        {
            PageAnswered(thread, answer, outbox);
        }

        WakeWaiters(ThreadWait.SoftFault, answer.Vpn);
    }

    private void PageAnswered(int thread, SoftFaultAnswered answer, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        int cell = tables.FindCell(answer.Vpn);
        Pte hint = tables.Pte(cell);
        Invariant.Holds(
            answer.Result == SoftFaultResult.Handed || (hint.Form == PteForm.Transition && hint.Pfn == answer.Pfn && hint.Generation == answer.Generation),
            "a page keeps its hint until the soft fault on it is answered");
        switch (answer.Result)
        {
            case SoftFaultResult.StillThere or SoftFaultResult.Handed:
                return;
            case SoftFaultResult.Repurposed:
                for (int distance = -answer.Before; distance <= answer.After; distance++)
                {
                    DropHint(cell + distance, answer, distance, outbox);
                }

                return;
            case SoftFaultResult.Lost:
                ForgetLost(cell, answer, outbox);
                return;
            case SoftFaultResult.RelinkedFromStandby or SoftFaultResult.RelinkedFromModified:
                break;
        }

        if (thread >= 0 && _threads[thread].Wait == ThreadWait.SoftFault && _threads[thread].WaitPage == answer.Vpn)
        {
            CountFault(thread, answer.Vpn, FaultKind.Transition, AccessKind.Read, outbox);
        }

        bool modified = answer.Result == SoftFaultResult.RelinkedFromModified;
        MapPage(cell, answer.Vpn, answer.Pfn, hint.Protection, FaultKind.Transition, modified, outbox);
        if (_machine.Cast.Rules.LeavesAgain(hint.Protection.IsNoAccess || hint.Protection.IsGuard))
        {
            // Its protection was changed while the answer was on its way: such a page is not kept in the working set.
            UnmapPage(cell, UnmapCause.ProtectionChanged, hint.Protection, outbox);
        }
    }

    /// <summary>A page is where the answer says: in its slot, next to those of its neighbours, or nowhere, being zeros.</summary>
    private void DropHint(int cell, SoftFaultAnswered answer, int distance, Outbox outbox)
    {
        PageTables tables = Space.Tables;
        Pte hint = tables.Pte(cell);
        Invariant.Holds(hint.Form == PteForm.Transition, "the neighbours of a page whose soft fault is not answered keep their hints too");
        PagingFileSlot slot = answer.Slot.IsNone ? answer.Slot : new PagingFileSlot(answer.Slot.File, (uint)(answer.Slot.Page + distance));
        tables.Write(cell, slot.IsNone ? Pte.ForDemandZero(hint.Protection) : Pte.ForPagingFile(slot, hint.Protection));
        outbox.State(new HintDropped(tables.PageOf(cell), slot, hint.Pfn, 0));
    }
}
