using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// Kernel stacks (fact book §18, §23), on machines that are asked to have them: 1. before its first quantum a thread is charged for its stack, and
/// its pages are brought in and kept; 2. a thread that begins a wait of 15 s or more (3 s where memory is below 12 MB) is noted; 3. at the
/// swapper's next round after that, every fourth second, its stack loses its hold and goes the way of trimmed pages; 4. when all stacks of the
/// process are out, its working set follows; 5. a thread that is to run again finds its stack out, and waits for it like for any page.
/// Nobody looks at every thread: who waits says so.
/// </summary>
public sealed partial class Process
{
    /// <summary>Marks the charge for the stack of thread 0; that of thread n is so much less.</summary>
    private const int FirstKernelStackRequest = -0x4000_0000;

    private const int SwapperPeriodSeconds = 4;
    private const uint SmallMachineFrames = 3072;

    /// <summary>The time at the start of the turn in which a thread runs.</summary>
    private Ticks _now;

    /// <summary>24 KB on x64, 12 KB on x86.</summary>
    private int StackPages => _machine.Platform.Is64Bit ? 6 : 3;

    private Ticks StackIdleTime => Ticks.FromSeconds(_machine.Frames < SmallMachineFrames ? 3 : 15);

    /// <summary>Where the stack of a thread is; unique in the machine as long as there are not too many.</summary>
    private Vpn KernelStackOf(int thread)
    {
        const ulong PagesEach = 8;
        ulong index = ((ulong)(uint)_serial * 64) + (uint)thread;
        return new Vpn(Regions.SystemPtes.Page.Value + (index * PagesEach % Regions.PagesEach));
    }

    /// <summary>Whether a thread has what it runs on. False: it waits for it, or cannot have it and has ended.</summary>
    private bool HasKernelStack(int thread, Outbox outbox)
    {
        if (!_machine.System.KernelStacks || thread >= _plan.Threads.Count)
        {
            return true;
        }

        KernelStacks stacks = Space.KernelStacks ??= new KernelStacks();
        ref KernelStack stack = ref stacks[thread];
        return stack.Place == StackPlace.Resident || (IsStackPaid(thread, ref stack, outbox) && BringStackIn(thread, outbox));
    }

    private bool IsStackPaid(int thread, ref KernelStack stack, Outbox outbox)
    {
        if (stack.Place != StackPlace.Nowhere)
        {
            return true;
        }

        ref ThreadState state = ref _threads[thread];
        if (state.Exception != NtStatus.Success)
        {
            outbox.State(new ExceptionRaised(KernelStackOf(thread).Start, NtStatus.InsufficientResources, thread));
            state.Exception = NtStatus.Success;
            EndThread(thread, outbox);
            return false;
        }

        state.Wait = ThreadWait.TableCharge;
        if (!_chargeAsked)
        {
            _chargeAsked = true;
            outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit((ulong)StackPages, FirstKernelStackRequest - thread, CommitKind.Private));
        }

        return false;
    }

    /// <summary>The charge for a stack was entered: it exists from now on.</summary>
    private void MakeKernelStack(int thread, ulong pages, Outbox outbox)
    {
        Vpn start = KernelStackOf(thread);
        var vad = new Vad
        {
            Start = start,
            End = new Vpn(start.Value + pages - 1),
            CommitCharge = pages,
            AllocationProtection = PageProtection.ReadWrite,
            Protection = ProtectionCode.ReadWrite,
            MemCommit = true,
            Kind = VadKind.KernelStack,
        };
        Space.Vads.Insert(vad);
        Space.PrivateCommit += pages;
        Space.KernelStacks![thread].Place = StackPlace.Out;
        StateVad(vad, outbox);
    }

    private bool BringStackIn(int thread, Outbox outbox)
    {
        AddressSpace space = Space;
        Vpn start = KernelStackOf(thread);
        for (int page = 0; page < StackPages; page++)
        {
            Vpn at = new(start.Value + (uint)page);
            int held = space.Tables.FindCell(at);
            if (held >= 0 && IsLocked(held))
            {
                continue;
            }

            if (!Touch(thread, at, AccessKind.Write, outbox, out NtStatus status))
            {
                return false;
            }

            if (status != NtStatus.Success)
            {
                throw new BugCheckException(0x77, FormattableString.Invariant($"KERNEL_STACK_INPAGE_ERROR: page {at} of the stack of thread {_serial}.{thread}: {status}"));
            }

            space.WorkingSet[(int)space.Tables.WorkingSetIndex(space.Tables.FindCell(at))].Locked = true;
        }

        space.KernelStacks![thread].Place = StackPlace.Resident;
        outbox.State(new KernelStackMoved(thread, 1, StackPages));
        return true;
    }

    /// <summary>A thread begins to wait: if it will be for long, the swapper comes for its stack.</summary>
    private void NoteLongWait(int thread, Ticks pause, Outbox outbox)
    {
        if (_space?.KernelStacks is not { } stacks || pause < StackIdleTime || thread >= stacks.Count || stacks[thread].Place != StackPlace.Resident)
        {
            return;
        }

        long period = Ticks.FromSeconds(SwapperPeriodSeconds).Value;
        long due = (_now + StackIdleTime).Value;
        long round = ((due + period - 1) / period) * period;
        ref KernelStack stack = ref stacks[thread];
        stack.Wait++;
        stack.Timed = true;
        stack.Timer = outbox.StartTimer(new Ticks(round - _now.Value), new OutswapStack(thread, stack.Wait));
    }

    /// <summary>The thread goes on, or is no more: the swapper need not come.</summary>
    private void EndLongWait(int thread, Outbox outbox)
    {
        if (_space?.KernelStacks is { } stacks && thread < stacks.Count && stacks[thread].Timed)
        {
            stacks[thread].Timed = false;
            outbox.CancelTimer(stacks[thread].Timer);
        }
    }

    private void OutswapStack(OutswapStack word, Outbox outbox)
    {
        if (_state != ProcessState.Running || _space?.KernelStacks is not { } stacks)
        {
            return;
        }

        ref KernelStack stack = ref stacks[word.Thread];
        if (!stack.Timed || stack.Wait != word.Wait)
        {
            return;
        }

        stack.Timed = false;
        stack.Place = StackPlace.Out;
        Vpn start = KernelStackOf(word.Thread);
        for (int page = 0; page < StackPages; page++)
        {
            int cell = _space.Tables.FindCell(new Vpn(start.Value + (uint)page));
            if (!_space.Tables.Pte(cell).IsValid)
            {
                // Its frame has failed meanwhile.
                continue;
            }

            ref WorkingSetEntry entry = ref _space.WorkingSet[(int)_space.Tables.WorkingSetIndex(cell)];
            entry.Locked = false;
            UnmapPage(cell, UnmapCause.Trimmed, entry.Protection, outbox);
        }

        outbox.State(new KernelStackMoved(word.Thread, 0, StackPages));
        OutswapProcess(outbox);
    }

    /// <summary>When no thread has its stack in memory, the working set is of no use.</summary>
    private void OutswapProcess(Outbox outbox)
    {
        for (int thread = 0; thread < _plan.Threads.Count; thread++)
        {
            if (_threads[thread].Wait != ThreadWait.Ended && _space!.KernelStacks![thread].Place == StackPlace.Resident)
            {
                return;
            }
        }

        WorkingSet set = _space!.WorkingSet;
        int before = set.Count;
        for (int index = 1; index < set.Limit; index++)
        {
            WorkingSetEntry entry = set[index];
            if (entry.Valid && !entry.Locked)
            {
                UnmapPage(entry.Cell, UnmapCause.Trimmed, entry.Protection, outbox);
            }
        }

        outbox.State(new ProcessOutswapped(_serial, before - set.Count));
    }

    /// <summary>The thread has ended: its stack is given back.</summary>
    private void GiveStackBack(int thread, Outbox outbox)
    {
        EndLongWait(thread, outbox);
        if (_space?.KernelStacks is not { } stacks || thread >= stacks.Count || stacks[thread].Place != StackPlace.Resident)
        {
            return;
        }

        stacks[thread].Place = StackPlace.Nowhere;
        int index = _space.Vads.Find(KernelStackOf(thread));
        Vad vad = _space.Vads[index];
        ulong committed = DeleteCommitted(vad, vad.Start, vad.End, outbox);
        _space.Vads.RemoveAt(index);
        outbox.State(new VadCommitChanged(vad.Start, 0, 0));
        _space.PrivateCommit -= committed;
        FreeEmptyTables(outbox);
        ReturnCommit(committed, CommitKind.Private, outbox);
    }
}
