using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// A fault on a page of a section, in order (fact book §16.6): 1. the page that holds its prototype PTE is made valid; 2. the prototype PTE
/// says where the page is: valid already, in transition, zeros, in a paging file, in the file, or not committed; 3. everybody who waits for it
/// by then gets a share. Every wait ends in another look (R2, R16); nothing is deleted while a page is on its way.
/// </summary>
public sealed partial class Section
{
    /// <summary>Page priority of those who do not say.</summary>
    private const byte DefaultPriority = 5;

    private void FaultPrototype(ActorId process, FaultPrototype fault, Outbox outbox)
    {
        outbox.Spend(new Ticks(_machine.Costs.SoftFault));
        _faults++;
        Await(new PrototypeWait
        {
            Page = new Vpn(fault.Page),
            Vpn = fault.Vpn,
            Asker = process,
            Request = fault.Request,
            Access = fault.Access,
            Priority = fault.Priority,
        }, outbox);
    }

    /// <summary>Somebody wants a page.</summary>
    private void Await(PrototypeWait wait, Outbox outbox)
    {
        wait.Collided = _blocks.Find(wait.Page) >= 0;
        _blocks.AddWait(wait);
        if (!wait.Collided)
        {
            BringIn(wait.Page, FaultKind.Prototype, outbox);
        }
    }

    /// <summary>Looks at a page that is not on its way, and goes on with it. Found is what the fault was, as far as that is known.</summary>
    private void BringIn(Vpn page, FaultKind found, Outbox outbox)
    {
        if (page.Value >= _pages)
        {
            Refuse(page, NtStatus.AccessViolation, outbox);
            return;
        }

        Vpn table = SelfMap.Prototypes.TableOf(page);
        int row = _prototypes.RowOfTable(table);
        if (!_prototypes.Table(row).Entry.IsValid)
        {
            _blocks[_blocks.Add(page, PrototypePhase.Table)].Found = found;
            if (_blocks.Find(table) < 0)
            {
                BringInTable(table, row, outbox);
            }

            return;
        }

        int cell = _prototypes.CellOf(page);
        Pte prototype = _prototypes.Pte(cell);
        switch (prototype.Form)
        {
            case PteForm.Valid:
                Grant(page, cell, found, outbox);
                break;
            case PteForm.Zero when _kind == SegmentKind.Image && RunOf(page) < 0:
                Refuse(page, NtStatus.AccessViolation, outbox);
                break;
            case PteForm.Zero when _kind != SegmentKind.PagingFile && TryPlaceInFile(page, out _, out _):
                OpenRead(page, PagingFileSlot.None, outbox);
                break;
            case PteForm.Zero when !IsCommitted(page):
                Refuse(page, NtStatus.AccessViolation, outbox);
                break;
            case PteForm.Zero or PteForm.DemandZero:
                AskFrame(_blocks.Add(page, PrototypePhase.Frame), outbox);
                break;
            case PteForm.Transition:
                AskSoftFault(page, prototype, outbox);
                break;
            case PteForm.PagingFile:
                OpenRead(page, prototype.Slot, outbox);
                break;
            case PteForm.Prototype or PteForm.NoAccess or PteForm.Decommitted:
            default:
                throw new BugCheckException(0x1A, FormattableString.Invariant($"the prototype PTE of page {page} is {prototype.Form}"));
        }
    }

    private void AskFrame(int block, Outbox outbox)
    {
        _blocks[block].Phase = PrototypePhase.Frame;
        if (!_framesAsked)
        {
            _framesAsked = true;
            outbox.Send(_machine.Cast.PfnDatabase, new TakeFrames(1, 1, PriorityOf(_blocks[block].Page)));
        }
    }

    private void FramesGranted(FrameBatch frames, Outbox outbox)
    {
        _framesAsked = false;
        for (int i = 0; i < frames.Count; i++)
        {
            _kept.Add(frames[i]);
        }

        outbox.State(new FramesKept(_kept.Count));
        for (int block = 0; block < _blocks.Count && _kept.Count > 0; block++)
        {
            if (_blocks[block].Phase == PrototypePhase.Frame)
            {
                UseFrame(block, outbox);
            }
        }

        if (_kept.Count > 0)
        {
            outbox.Send(_machine.Cast.PfnDatabase, new ReturnFrames(_kept));
            _kept = default;
            outbox.State(new FramesKept(0));
        }

        for (int block = 0; block < _blocks.Count && !_framesAsked; block++)
        {
            if (_blocks[block].Phase == PrototypePhase.Frame)
            {
                AskFrame(block, outbox);
            }
        }
    }

    private void UseFrame(int block, Outbox outbox)
    {
        Pfn frame = _kept.RemoveLast();
        outbox.State(new FramesKept(_kept.Count));
        Vpn page = _blocks[block].Page;
        _blocks.Close(block);
        outbox.Spend(new Ticks(_machine.Costs.DemandZeroFault));
        if (SelfMap.Contains(page))
        {
            _blocks.Credits--;
            MapTable(page, frame, outbox);
            StateCommit(outbox);
            GoOn(page, outbox);
            return;
        }

        int cell = _prototypes.CellOf(page);
        MapPrototype(cell, page, frame, FaultKind.DemandZero, false, outbox);
        Grant(page, cell, FaultKind.DemandZero, outbox);
    }

    private void AskSoftFault(Vpn page, Pte hint, Outbox outbox)
    {
        _blocks.Add(page, PrototypePhase.SoftFault);
        outbox.Send(_machine.Cast.PfnDatabase, new SoftFault(page, hint.Pfn, hint.Generation, false, (byte)PriorityOf(page)));
    }

    private void SoftFaultAnswered(SoftFaultAnswered answer, Outbox outbox)
    {
        Vpn page = answer.Vpn;
        int block = _blocks.Find(page);
        Invariant.Holds(block >= 0 && _blocks[block].Phase is PrototypePhase.SoftFault or PrototypePhase.Peek, "only a soft fault that was asked is answered");
        bool peeked = _blocks[block].Phase == PrototypePhase.Peek;
        _blocks.Close(block);
        outbox.Spend(new Ticks(_machine.Costs.SoftFault));
        if (answer.Result is SoftFaultResult.RelinkedFromStandby or SoftFaultResult.RelinkedFromModified)
        {
            if (SelfMap.Contains(page))
            {
                MapTable(page, answer.Pfn, outbox);
                GoOn(page, outbox);
                return;
            }

            int cell = _prototypes.FindCell(page);
            MapPrototype(cell, page, answer.Pfn, FaultKind.Transition, answer.Result == SoftFaultResult.RelinkedFromModified, outbox);
            Grant(page, cell, FaultKind.Transition, outbox);
            return;
        }

        if (answer.Result == SoftFaultResult.Lost)
        {
            // Its frame has failed with what only it contained: who waits is told, and the page begins anew.
            DropHint(page, answer, 0, outbox);
            _prototypes.Stamp(_prototypes.FindCell(page)) = 0;
            Refuse(page, NtStatus.InPageError, outbox);
            return;
        }

        for (int distance = -answer.Before; distance <= answer.After && answer.Result == SoftFaultResult.Repurposed; distance++)
        {
            DropHint(new Vpn((ulong)((long)page.Value + distance)), answer, distance, outbox);
        }

        if (!peeked || _blocks.IsAwaited(page))
        {
            Again(page, outbox);
        }
    }

    /// <summary>A page is where the answer says: in its slot, next to those of its neighbours; in the file; or nowhere, being zeros.</summary>
    private void DropHint(Vpn page, in SoftFaultAnswered answer, int distance, Outbox outbox)
    {
        PagingFileSlot slot = answer.Slot.IsNone ? answer.Slot : new PagingFileSlot(answer.Slot.File, (uint)(answer.Slot.Page + distance));
        Pte hint = EntryOf(page);
        Invariant.Holds(hint.Form == PteForm.Transition, "a prototype PTE keeps its hint until the soft fault on it is answered");
        WriteEntry(page, !slot.IsNone ? Pte.ForPagingFile(slot, ProtectionCode.ReadWrite)
            : _kind == SegmentKind.PagingFile ? Pte.ForDemandZero(ProtectionCode.ReadWrite)
            : Pte.Zero);
        outbox.State(new HintDropped(page, slot, hint.Pfn, 0));
    }

    /// <summary>Whoever waits for a page that is on its way no more: it is looked for again.</summary>
    private void Again(Vpn page, Outbox outbox)
    {
        if (SelfMap.Contains(page))
        {
            BringInTable(page, _prototypes.FindTable(page), outbox);
        }
        else
        {
            BringIn(page, FaultKind.Transition, outbox);
        }
    }

    /// <summary>The page is valid: everybody who waits for it gets a share.</summary>
    private void Grant(Vpn page, int cell, FaultKind found, Outbox outbox)
    {
        Pfn frame = _prototypes.Pte(cell).Pfn;
        ref uint shares = ref _prototypes.WorkingSetIndex(cell);
        uint before = shares;
        while (_blocks.TryTakeWait(page, out PrototypeWait wait))
        {
            if (wait.IsAccess)
            {
                Perform(wait, cell, outbox);
                continue;
            }

            shares++;
            outbox.Send(wait.Asker, new PrototypeMapped(
                wait.Vpn, new ContentStamp(_prototypes.Stamp(cell)), frame, wait.Request, NtStatus.Success, wait.Collided ? FaultKind.Collided : found, 0, 0));
        }

        if (shares != before)
        {
            outbox.State(new SharesCounted(page.Value, frame, shares));
        }
        else if (shares == 0)
        {
            UnmapPrototype(cell, page, outbox);
        }
    }

    /// <summary>The page cannot be had: everybody who waits for it is told. One that could not be read was a hard fault all the same.</summary>
    private void Refuse(Vpn page, NtStatus status, Outbox outbox)
    {
        bool denied = status == NtStatus.AccessViolation;
        while (_blocks.TryTakeWait(page, out PrototypeWait wait))
        {
            if (wait.IsAccess)
            {
                outbox.Send(wait.Asker, new SharedAccessed(0, wait.Request, 0));
            }
            else
            {
                FaultKind found = denied ? FaultKind.AccessViolation : wait.Collided ? FaultKind.Collided : FaultKind.Hard;
                outbox.Send(wait.Asker, new PrototypeMapped(wait.Vpn, ContentStamp.Zeros, Pfn.None, wait.Request, status, found, 0, 0));
            }
        }
    }

    /// <summary>The page priority of the first one who waits for it.</summary>
    private int PriorityOf(Vpn page)
    {
        for (int index = 0; index < _blocks.Waits; index++)
        {
            ref PrototypeWait wait = ref _blocks.Wait(index);
            if (wait.Page == page || SelfMap.Contains(page))
            {
                return wait.Priority;
            }
        }

        return DefaultPriority;
    }
}
