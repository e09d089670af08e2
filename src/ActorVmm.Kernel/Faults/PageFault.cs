using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// A page fault, from the access that could not be translated to its retry. <see cref="Classify"/> asks which kind it is;
/// <see cref="Dispatch"/> acts on it, at once where it can: demand zero from a frame the process keeps, exceptions. The faults that others
/// have to answer have files of their own: SoftPageFault.cs, HardPageFault.cs, and PageTableFault.cs for the fault inside a fault.
/// </summary>
public sealed partial class Process
{
    /// <summary>Kinds of fault, in the order of Windows' event names; the last is no fault any more.</summary>
    private enum Finding : byte
    {
        TransitionFault,
        DemandZeroFault,
        GuardPageFault,
        HardPageFault,
        CollidedFault,
        PrototypeFault,
        CopyOnWriteFault,
        AccessViolation,
        PageTableFault,
        AlreadyResolved,
    }

    /// <summary>
    /// One access that the TLB could not serve: a page walk, and if that fails, a fault. A fault that is resolved at once is followed
    /// by another walk, as the processor would retry the instruction.
    /// </summary>
    private AccessOutcome Access(int thread, in Operation operation, long position, Outbox outbox)
    {
        var address = new VirtualAddress(operation.Address);
        var access = (AccessKind)operation.Kind;
        if (_threads[thread].SharedDone)
        {
            EndAccess(thread, address, outbox);
            return AccessOutcome.Completed;
        }

        while (true)
        {
            if (Walk(thread, address.Page, access, position, IsWatched, outbox))
            {
                EndFault(thread, address.Page, access, NtStatus.Success, outbox);
                if (_space!.Views is { Ordered: > 0 } && IsOrdered(address.Page))
                {
                    AskAccess(thread, operation, outbox);
                    return AccessOutcome.Waits;
                }

                if (thread >= _plan.Threads.Count)
                {
                    ulong value = MoveBytes(operation, VisitorOf(thread).Value, outbox);
                    Answer(thread, address.Value, value, NtStatus.Success, PageProtection.None, outbox);
                }

                return AccessOutcome.Completed;
            }

            AccessOutcome outcome = Dispatch(thread, address, access, outbox);
            if (outcome != AccessOutcome.Completed)
            {
                return outcome;
            }
        }
    }

    /// <summary>
    /// Which process? This one. Which VAD? Allowed at all? Which kind? (fact book §14.1, §16.2)
    /// </summary>
    private Finding Classify(VirtualAddress address, AccessKind access, out int cell)
    {
        cell = -1;
        AddressSpace space = Space;
        Vpn page = address.Page;
        int vad = space.Vads.Find(page);
        if (vad < 0)
        {
            return Finding.AccessViolation;
        }

        cell = space.Tables.FindCell(page);
        Pte table = cell < 0 ? TableEntryOf(page) : space.Tables.TableOfCell(cell).Entry;
        if (table != Pte.Zero && !table.IsValid)
        {
            return Finding.PageTableFault;
        }

        Pte pte = cell < 0 ? Pte.Zero : space.Tables.Pte(cell);
        if (pte.IsValid)
        {
            return pte.Permits(access) && (access == AccessKind.Execute || !pte.IsExecuteOnly) ? Finding.AlreadyResolved
                : pte.IsCopyOnWrite && access == AccessKind.Write ? Finding.CopyOnWriteFault
                : Finding.AccessViolation;
        }

        if (pte == Pte.Zero && !space.Vads[vad].MemCommit)
        {
            return Finding.AccessViolation;
        }

        ProtectionCode protection = pte == Pte.Zero ? space.UntouchedProtection(space.Vads[vad], page) : pte.Protection;
        if (pte.Form is PteForm.Decommitted || protection.IsNoAccess)
        {
            return Finding.AccessViolation;
        }

        // A guard page fires before the right to execute is looked at, but after the others (fact book §12).
        bool allowed = protection.Allows(access) && (access == AccessKind.Execute || !HasKey(protection));
        if (protection.IsGuard && (access == AccessKind.Execute || allowed))
        {
            return table.IsValid ? Finding.GuardPageFault : Finding.PageTableFault;
        }

        if (protection.IsGuard || !allowed)
        {
            return Finding.AccessViolation;
        }

        if (!table.IsValid)
        {
            return Finding.PageTableFault;
        }

        return pte.Form switch
        {
            PteForm.Zero when space.Vads[vad].IsView => Finding.PrototypeFault,
            PteForm.Zero or PteForm.DemandZero => Finding.DemandZeroFault,
            PteForm.Prototype => Finding.PrototypeFault,
            PteForm.Transition => JoinsRead(page) ? Finding.CollidedFault : Finding.TransitionFault,
            PteForm.PagingFile => JoinsRead(page) ? Finding.CollidedFault : Finding.HardPageFault,
            PteForm.Valid or PteForm.NoAccess or PteForm.Decommitted =>
                throw new BugCheckException(0x1A, FormattableString.Invariant($"the PTE of page {page} is {pte.Form} after all")),
        };
    }

    /// <summary>The entry of the table that would hold a page's PTE; its tables can be there before it is.</summary>
    private Pte TableEntryOf(Vpn page)
    {
        int row = Space.Tables.FindTable(Space.Tables.Map.TableOf(page));
        return row < 0 ? Pte.Zero : Space.Tables.Table(row).Entry;
    }

    /// <summary>Acts on a fault. Completed means: resolved, walk again.</summary>
    private AccessOutcome Dispatch(int thread, VirtualAddress address, AccessKind access, Outbox outbox)
    {
        Vpn page = address.Page;
        ref ThreadState state = ref _threads[thread];
        if (state.Fault == FaultProgress.None)
        {
            state.Fault = FaultProgress.Opened;
            state.FaultPage = page;
            Space.Dispatched = unchecked(Space.Dispatched + 1);
            outbox.State(new FaultOpened(page, thread, access, 0, 0));
            EnterSystem(outbox);
        }

        if (access == AccessKind.Execute && !_machine.Platform.DataExecutionPrevention)
        {
            // For such a processor an instruction is data that it reads.
            access = AccessKind.Read;
        }

        // What may be accessed is looked at again after every wait, before anything that went wrong meanwhile (R2, R14).
        Finding finding = Classify(address, access, out int cell);
        if (state.Exception != NtStatus.Success && finding != Finding.AccessViolation)
        {
            return Raise(thread, address, access, state.Exception, outbox);
        }

        switch (finding)
        {
            case Finding.AccessViolation:
                CountFault(thread, page, FaultKind.AccessViolation, access, outbox);
                return Raise(thread, address, access, NtStatus.AccessViolation, outbox);
            case Finding.GuardPageFault:
                return GuardFault(thread, address, access, outbox);
            case Finding.PageTableFault:
                return MakeTablesValid(page, thread, outbox) ? AccessOutcome.Completed : AccessOutcome.Waits;
            case Finding.DemandZeroFault:
                return DemandZero(thread, page, access, outbox);
            case Finding.TransitionFault:
                AskSoftFault(thread, page, Space.Tables.Pte(cell), outbox);
                return AccessOutcome.Waits;
            case Finding.HardPageFault:
                CountFault(thread, page, FaultKind.Hard, access, outbox);
                OpenRead(thread, page, outbox);
                return AccessOutcome.Waits;
            case Finding.CollidedFault:
                CountFault(thread, page, FaultKind.Collided, access, outbox);
                JoinRead(thread, page, outbox);
                return AccessOutcome.Waits;
            case Finding.PrototypeFault:
                AskPrototype(thread, page, access, outbox);
                return AccessOutcome.Waits;
            case Finding.CopyOnWriteFault:
                return CopyOnWrite(thread, page, cell, access, outbox);
            case Finding.AlreadyResolved:
                throw new BugCheckException(0x1A, FormattableString.Invariant($"page {page} is valid, but a walk did not find it"));
            default:
                throw new BugCheckException(0x1A, FormattableString.Invariant($"fault of unknown kind {finding}"));
        }
    }

    /// <summary>A page of zeros, from the frames the process keeps; when it keeps none it asks and waits (fact book §16.3).</summary>
    private AccessOutcome DemandZero(int thread, Vpn page, AccessKind access, Outbox outbox)
    {
        AddressSpace space = Space;
        if (IsLost(page))
        {
            CountFault(thread, page, FaultKind.Hard, access, outbox);
            return Raise(thread, page.Start, access, NtStatus.InPageError, outbox);
        }

        if (space.Kept.Count == 0)
        {
            WaitForMemory(thread, 1, outbox);
            return AccessOutcome.Waits;
        }

        if (page == AddressLimits.SharedUserData && !IsSharedDataPaid(thread, outbox))
        {
            return AccessOutcome.Waits;
        }

        int cell = space.Tables.CellOf(page);
        Pte pte = space.Tables.Pte(cell);
        ProtectionCode protection = pte == Pte.Zero ? space.Vads[space.Vads.Find(page)].Protection : pte.Protection;
        Pfn frame = TakeKept(outbox);
        CountFault(thread, page, FaultKind.DemandZero, access, outbox);
        outbox.Spend(new Ticks(_machine.Costs.DemandZeroFault));

        // A writable page counts as modified although nothing was stored yet: it has no copy in a paging file.
        MapPage(cell, page, frame, protection, FaultKind.DemandZero, protection.CanWrite, outbox);
        int priority = PagePriorityOf(thread);
        if (priority != _plan.MemoryPriority)
        {
            outbox.Send(_machine.Cast.PfnDatabase, new SetFramePriority(frame, priority));
        }

        return AccessOutcome.Completed;
    }

    /// <summary>The priority of the pages that a thread faults in: its own, or that of its process (fact book §22).</summary>
    private int PagePriorityOf(int thread)
    {
        if (!_hasThreadPriorities && _space!.Priorities is null)
        {
            return _plan.MemoryPriority;
        }

        int own = _space!.Priorities?.Of(thread) ?? -1;
        return own >= 0 ? own
            : thread < _plan.ThreadMemoryPriorities.Count ? _plan.ThreadMemoryPriorities[thread]
            : _plan.MemoryPriority;
    }

    /// <summary>The first touch of a guard page takes the guard away (fact book §12); whoever comes second meets an ordinary page (R15).</summary>
    private void ClearGuard(Vpn page)
    {
        PageTables tables = Space.Tables;
        int cell = tables.CellOf(page);
        Pte pte = tables.Pte(cell);
        Vad vad = Space.Vads[Space.Vads.Find(page)];
        ProtectionCode protection = (pte == Pte.Zero ? Space.UntouchedProtection(vad, page) : pte.Protection).WithoutGuard;
        tables.Write(cell, pte == Pte.Zero && vad.IsView ? Pte.ForPrototype(protection) : pte.WithProtection(protection));
    }

    private AccessOutcome Raise(int thread, VirtualAddress address, AccessKind access, NtStatus status, Outbox outbox)
    {
        // The processor cannot tell which address it was that is none.
        VirtualAddress told = address.IsCanonical ? address : new VirtualAddress(ulong.MaxValue);
        bool serves = Serves(thread);
        if (!serves)
        {
            outbox.State(new ExceptionRaised(told, status, thread));
        }

        if (_threads[thread].Fault == FaultProgress.Opened)
        {
            // The fault ended before its kind was known; what it wanted was a page of memory.
            CountFault(thread, address.Page, FaultKind.DemandZero, access, outbox);
        }

        EndFault(thread, address.Page, access, status, outbox);
        _raised = status;
        if (!serves)
        {
            Answer(thread, address.Value, 0, status, PageProtection.None, outbox);
        }

        return AccessOutcome.Raised;
    }

    private void CountFault(int thread, Vpn page, FaultKind kind, AccessKind access, Outbox outbox)
    {
        ref ThreadState state = ref _threads[thread];
        if (state.Fault == FaultProgress.Counted)
        {
            return;
        }

        state.Fault = FaultProgress.Counted;
        Counters.PageFaults++;
        CountKind(kind);
        outbox.State(new FaultCounted(page, thread, kind, access, 0));
    }

    private void CountKind(FaultKind kind) => Counters.Faults[(int)kind]++;

    /// <summary>The thread can go on. A fault that was opened but found valid on retry was resolved by somebody else.</summary>
    private void EndFault(int thread, Vpn page, AccessKind access, NtStatus status, Outbox outbox)
    {
        if (_threads[thread].Fault == FaultProgress.None)
        {
            return;
        }

        // An error that the thread was told of, but that somebody else overcame before it ran, must not meet its next fault.
        _threads[thread].Exception = NtStatus.Success;
        CountFault(thread, page, FaultKind.AlreadyResolved, access, outbox);
        _threads[thread].Fault = FaultProgress.None;
        SettleGrowth(thread, outbox);
        if (_threads[thread].ShortOfMemory)
        {
            _threads[thread].ShortOfMemory = false;
            outbox.State(new MemoryWait(thread, 0));
        }

        outbox.State(new FaultAnswered(page, thread, status));
    }

    private void WakeWaiters(ThreadWait wait, Vpn page)
    {
        for (int thread = 0; thread < _threadCount; thread++)
        {
            if (_threads[thread].Wait == wait && _threads[thread].WaitPage == page)
            {
                _threads[thread].Wait = ThreadWait.None;
            }
        }
    }
}
