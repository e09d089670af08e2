using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Faults;

namespace ActorVmm.Kernel;

/// <summary>
/// The end of a process (R6, R7): 1. no thread runs any more; 2. every page, slot and charge that nobody else is using goes back in
/// this one turn; 3. what the process has asked for and not got yet is waited for, and goes back as it comes; 4. it is gone.
/// </summary>
public sealed partial class Process
{
    private void Exit(NtStatus status, Outbox outbox)
    {
        if (_state is ProcessState.Exiting or ProcessState.Gone)
        {
            return;
        }

        bool started = _state == ProcessState.Running;
        _state = ProcessState.Exiting;
        _exitStatus = status;
        for (int thread = 0; thread < _threadCount; thread++)
        {
            EndAtExit(thread, outbox);
        }

        _space?.MemoryWaiters = 0;

        if (_reported && started)
        {
            outbox.Send(_machine.Cast.WorkingSetManager, default(ProcessLeaves));
        }
    }

    private void EndAtExit(int thread, Outbox outbox)
    {
        ref ThreadState state = ref _threads[thread];
        if (state.Wait == ThreadWait.Pause)
        {
            EndLongWait(thread, outbox);
            outbox.CancelTimer(state.Timer);
        }

        if (state.Wait != ThreadWait.Ended && state.Fault != FaultProgress.None)
        {
            outbox.State(new FaultAnswered(state.FaultPage, thread, NtStatus.ProcessIsTerminating));
        }

        // A visitor whose operation is done, at the end of a quantum, was answered; but not one that pauses, or has just paused.
        bool answered = state.Position > 0 && thread >= _plan.Threads.Count && VisitorOf(thread) is not { Call: null, Operation.Kind: OperationKind.Idle };
        if (state.Wait != ThreadWait.Ended && !answered)
        {
            Answer(thread, 0, 0, NtStatus.ProcessIsTerminating, PageProtection.None, outbox);
        }

        if (MovingOf(thread) is { Service: not CallService.CopyAttached } call && state.Wait is not (ThreadWait.Partner or ThreadWait.Ended))
        {
            GiveRowBack(call, outbox);
        }

        state.Wait = ThreadWait.Ended;
    }

    private void GiveBack(Outbox outbox)
    {
        AddressSpace space = _space!;
        RecallFrames(outbox);
        PageTables tables = space.Tables;
        int chargedTables = tables.ChargedTables + space.TableCredits;
        for (int vad = 0; vad < space.Vads.Count; vad++)
        {
            if (space.Vads[vad].Kind == VadKind.LargePages)
            {
                DeleteLarge(space.Vads[vad], UnmapCause.Exit, outbox);
            }
        }

        int cells = tables.ChunkCount * PageTables.ChunkLength;
        for (int cell = 0; cell < cells; cell++)
        {
            if (tables.Pte(cell) != Pte.Zero && space.FindBlock(tables.PageOf(cell)) < 0)
            {
                DeletePage(cell, Pte.Zero, UnmapCause.Exit, outbox);
            }
        }

        for (int row = tables.TableCount - 1; row >= 0; row--)
        {
            ref TablePage table = ref tables.Table(row);
            Vpn page = tables.TablePageOf(row);
            if (table.Entry != Pte.Zero && space.FindBlock(page) < 0)
            {
                DeleteEntry(page, table.Entry, ref table.Stamp, outbox);
                tables.WriteTable(row, Pte.Zero);
            }
        }

        FlushDeleted(outbox);
        MarkReads(outbox);
        GiveBackCharges(chargedTables, outbox);
        space.GivenBack = true;
    }

    private void GiveBackCharges(int chargedTables, Outbox outbox)
    {
        AddressSpace space = _space!;
        ReturnGrantedPool(outbox);
        for (int vad = 0; vad < space.Vads.Count; vad++)
        {
            if (space.Vads[vad].IsView)
            {
                LeaveSection(space.Vads[vad], outbox);
            }

            outbox.State(new VadCommitChanged(space.Vads[vad].Start, 0, 0));
            ReturnPool(space.Vads[vad], outbox);
        }

        ForsakeView(outbox);

        // A call or the growth of a stack under way may have been charged for what it has not done yet.
        outbox.State(new ProcessCommitChanged(0, 0));
        SendReturn(space.PrivateCommit + space.Call.Charged + (space.Stacks?.Unused ?? 0), CommitKind.Private, outbox);
        SendReturn((ulong)chargedTables, CommitKind.PageTable, outbox);
        space.Vads.Clear();
        space.PrivateCommit = 0;
        space.TableCredits = 0;
    }

    /// <summary>Pages being read stay until the read has ended; then all of them are deleted.</summary>
    private void MarkReads(Outbox outbox)
    {
        for (int index = 0; index < _space!.BlockCount; index++)
        {
            ref InPageBlock block = ref _space.Block(index);
            for (int i = 0; block.IsOpen && i < block.Count; i++)
            {
                if ((block.Deleted & (1 << i)) == 0)
                {
                    DeleteFromRead(index, new Vpn(block.First.Value + (uint)i), outbox);
                }
            }
        }
    }

    private void FinishExit(Outbox outbox)
    {
        if (_space is { GivenBack: false } && !_machine.Cast.Rules.AwaitsSoftFault(_space.SoftFaultCount > 0))
        {
            GiveBack(outbox);
        }

        StateWorkingSet(outbox);
        bool waits = _framesAsked || _chargeAsked
            || (_space is not null
                && (!_space.GivenBack || _machine.Cast.Rules.StaysForReads(_space.OpenBlocks) || _space.Unanswered > 0
                    || _machine.Cast.Rules.StaysForShares(_space.UnansweredBySections) || _space.Stacks?.Asked > 0
                    || _space.Call.Phase is CallPhase.Charging or CallPhase.OpeningSection or CallPhase.AskingSection or CallPhase.AskingPool or CallPhase.AskingLargePage));
        if (waits || LeavesContext(outbox))
        {
            return;
        }

        if (_space is { LockedPages: > 0 })
        {
            throw new BugCheckException(0x76, FormattableString.Invariant($"process {_serial} ends with {_space.LockedPages} pages locked by a driver"));
        }

        _state = ProcessState.Gone;
        outbox.State(new ProcessExited(_serial, _exitStatus));
        if (_plan.Job > 0)
        {
            outbox.Send(_machine.Cast.SystemSpace, default(LeaveJob));
        }

        outbox.Send(_machine.Cast.Operator, new ProcessEnded(_serial, _exitStatus));
        _space = null;
        _threads = [];
        _threadCount = 0;
        outbox.Stop();
    }
}
