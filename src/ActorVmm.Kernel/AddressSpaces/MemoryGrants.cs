using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel;

/// <summary>
/// Frames and commitment coming in. A grant wakes every thread that waits for memory, and each retries from the beginning (R11); what
/// one of them does not use the next one finds.
/// </summary>
public sealed partial class Process
{
    /// <summary>Asks for frames, unless a request is on its way already, and lets the thread wait.</summary>
    /// <param name="thread">Who needs them.</param>
    /// <param name="needed">How many it needs in all, 1 to 6.</param>
    /// <param name="outbox">The turn's outbox.</param>
    private void WaitForMemory(int thread, int needed, Outbox outbox)
    {
        ref ThreadState state = ref _threads[thread];
        state.Wait = ThreadWait.Memory;
        state.WantsCharge = false;
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

    /// <summary>Asks for the charge of page tables, unless a request is on its way already, and lets the thread wait.</summary>
    private void WaitForCharge(int thread, int tables, Outbox outbox)
    {
        _threads[thread].Wait = ThreadWait.Memory;
        _threads[thread].WantsCharge = true;
        if (!_chargeAsked)
        {
            _chargeAsked = true;
            outbox.Send(_machine.Cast.SystemSpace, new ChargeCommit((ulong)tables, TableRequest, CommitKind.PageTable));
        }
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
        Wake(ThreadWait.Memory);
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
        if (answer.Request != TableRequest)
        {
            CallCharged(answer, outbox);
            return;
        }

        _chargeAsked = false;
        if (_state == ProcessState.Exiting)
        {
            if (answer.Status == NtStatus.Success)
            {
                outbox.Send(_machine.Cast.SystemSpace, new ReturnCommit(answer.Pages, CommitKind.PageTable, 0));
            }

            return;
        }

        if (answer.Status == NtStatus.Success)
        {
            Space.TableCredits += (int)answer.Pages;
            StateCommit(outbox);
        }

        for (int thread = 0; thread < _threadCount; thread++)
        {
            ref ThreadState state = ref _threads[thread];
            if (state.Wait == ThreadWait.Memory && state.WantsCharge)
            {
                state.Exception = answer.Status;
            }

            // Who was woken by something else meanwhile tries again, and no later answer is for it.
            state.WantsCharge = false;
        }

        Wake(ThreadWait.Memory);
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
