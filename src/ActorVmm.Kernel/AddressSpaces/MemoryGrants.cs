using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>
/// Frames and commitment coming in. A grant wakes as many of the threads that wait for memory as it can serve, and each retries from the
/// beginning (R11); the others follow one by one. Waking all of them for one frame would be a turn for each, every time.
/// </summary>
public sealed partial class Process
{
    /// <summary>Asks for frames, unless a request is on its way already, and lets the thread wait.</summary>
    /// <param name="thread">Who needs them.</param>
    /// <param name="needed">How many it needs in all, 1 to 6; more than are kept.</param>
    /// <param name="outbox">The turn's outbox.</param>
    private void WaitForMemory(int thread, int needed, Outbox outbox)
    {
        ref ThreadState state = ref _threads[thread];
        state.Wait = ThreadWait.Memory;
        state.FramesNeeded = (byte)needed;
        Space.MemoryWaiters++;
        if (!state.ShortOfMemory)
        {
            state.ShortOfMemory = true;
            outbox.State(new MemoryWait(thread, 1));
        }

        if (_framesAsked)
        {
            return;
        }

        _framesAsked = true;
        int lacking = Math.Max(1, needed - Space.Kept.Count);
        int wanted = Math.Min(FrameBatch.Capacity - Space.Kept.Count, Math.Max(lacking, 1 + Space.Appetite));
        outbox.Send(_machine.Cast.PfnDatabase, new TakeFrames(lacking, Math.Max(lacking, wanted), _plan.MemoryPriority));

        // Who comes back so soon is growing: next time it may have more at once.
        Space.Appetite = (byte)Math.Min(_machine.Policy.FrameCache, (Space.Appetite * 2) + 1);
    }

    /// <summary>
    /// Wakes the threads that the kept frames are enough for. When they are enough for none, and none are on their way, the next thread in
    /// turn tries again: it finds its page there, or asks.
    /// </summary>
    private void WakeMemoryWaiters(Outbox outbox)
    {
        int frames = Space.Kept.Count;
        bool asks = !_framesAsked;
        for (int i = 1; i <= _threadCount && Space.MemoryWaiters > 0 && (frames > 0 || asks); i++)
        {
            ref ThreadState state = ref _threads[(_lastThread + i) % _threadCount];
            if (state.Wait == ThreadWait.Memory && (state.FramesNeeded <= frames || asks))
            {
                frames -= state.FramesNeeded;
                asks = false;
                state.Wait = ThreadWait.None;
                Space.MemoryWaiters--;
                if (!_machine.Cast.Rules.RepeatsAccess && state.FramesNeeded == 1 && Space.Kept.Count > 0)
                {
                    DemandZero((_lastThread + i) % _threadCount, state.FaultPage, AccessKind.Write, outbox);
                }
            }
        }
    }

    /// <summary>Asks for the charge of page tables, unless a request is on its way already, and lets the thread wait.</summary>
    private void WaitForCharge(int thread, int tables, Outbox outbox)
    {
        _threads[thread].Wait = ThreadWait.TableCharge;
        if (!_chargeAsked)
        {
            _chargeAsked = true;
            outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit((ulong)tables, TableRequest, CommitKind.PageTable));
        }
    }

    /// <summary>
    /// The page shared with Windows costs nothing until it is touched, because most processes never do; then it is a page like any other, and is
    /// charged. False: the thread waits for the answer.
    /// </summary>
    private bool IsSharedDataPaid(int thread, Outbox outbox)
    {
        if (Space.Vads[Space.Vads.Find(AddressLimits.SharedUserData)].CommitCharge > 0)
        {
            return true;
        }

        _threads[thread].Wait = ThreadWait.TableCharge;
        if (!_chargeAsked)
        {
            _chargeAsked = true;
            outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit(1, SharedDataRequest, CommitKind.Private));
        }

        return false;
    }

    private void TakeCharge(CommitAnswered answer, Outbox outbox)
    {
        if (answer.Request == TableRequest)
        {
            Space.TableCredits += (int)answer.Pages;
        }
        else if (answer.Request <= FirstKernelStackRequest)
        {
            MakeKernelStack(FirstKernelStackRequest - answer.Request, answer.Pages, outbox);
        }
        else
        {
            ref Vad shared = ref Space.Vads[Space.Vads.Find(AddressLimits.SharedUserData)];
            shared.CommitCharge = answer.Pages;
            Space.PrivateCommit += answer.Pages;
            StateVad(shared, outbox);
        }

        StateCommit(outbox);
    }

    private Pfn TakeKept(Outbox outbox)
    {
        Pfn frame = Space.Kept.RemoveLast();
        outbox.State(new FramesKept(Space.Kept.Count));
        return frame;
    }

    private void FramesGranted(FrameBatch frames, Outbox outbox)
    {
        _framesAsked = false;
        if (_state == ProcessState.Exiting)
        {
            outbox.Send(_machine.Cast.PfnDatabase, new ReturnFrames(frames));
            return;
        }

        for (int i = 0; i < frames.Count; i++)
        {
            Space.Kept.Add(frames[i]);
        }

        outbox.State(new FramesKept(Space.Kept.Count));
    }

    /// <summary>Memory is short somewhere: what is kept ready goes back.</summary>
    private void RecallFrames(Outbox outbox)
    {
        if (_space is null)
        {
            return;
        }

        _space.Appetite = 0;
        if (_space.Kept.Count == 0)
        {
            return;
        }

        outbox.Send(_machine.Cast.PfnDatabase, new ReturnFrames(_space.Kept));
        _space.Kept = default;
        outbox.State(new FramesKept(0));
    }

    private void CommitAnswered(CommitAnswered answer, Outbox outbox)
    {
        if (answer.Request is not (TableRequest or SharedDataRequest) && answer.Request > FirstKernelStackRequest)
        {
            if (answer.Request <= FirstStackRequest)
            {
                GrowthCharged(answer, outbox);
            }
            else
            {
                CallCharged(answer, outbox);
            }

            return;
        }

        _chargeAsked = false;
        if (_state == ProcessState.Exiting)
        {
            if (answer.Status == NtStatus.Success)
            {
                SendReturn(answer.Pages, answer.Request == TableRequest ? CommitKind.PageTable : CommitKind.Private, outbox);
            }

            return;
        }

        if (answer.Status == NtStatus.Success)
        {
            TakeCharge(answer, outbox);
        }

        for (int thread = 0; thread < _threadCount; thread++)
        {
            ref ThreadState state = ref _threads[thread];
            if (state.Wait == ThreadWait.TableCharge)
            {
                state.Exception = answer.Status;
                state.Wait = ThreadWait.None;
            }
        }
    }

    private void ReturnCommit(ulong pages, CommitKind kind, Outbox outbox)
    {
        if (pages == 0)
        {
            return;
        }

        StateCommit(outbox);
        SendReturn(pages, kind, outbox);
    }

    private void SendReturn(ulong pages, CommitKind kind, Outbox outbox)
    {
        if (pages > 0)
        {
            outbox.Send(_machine.Cast.SystemSpace, new ReturnCommit(pages, kind, 0));
        }
    }

    private void StateCommit(Outbox outbox) =>
        outbox.State(new ProcessCommitChanged(Space.PrivateCommit, (ulong)(Space.Tables.ChargedTables + Space.TableCredits)));
}
