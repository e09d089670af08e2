using System.Runtime.InteropServices;
using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// A real actor with one rule broken: it hears something that was not said, or says something that it did not mean. The actor itself
/// is untouched.
/// </summary>
internal abstract class Breakage(IActor actor) : IActor
{
    public void Receive(in Delivery delivery, Outbox outbox)
    {
        var heard = delivery;
        if (!Hears(ref heard, outbox))
        {
            return;
        }

        actor.Receive(in heard, outbox);
        var sent = outbox.SentMessages;
        Says(in heard, MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(sent), sent.Length), outbox);
    }

    public void Encode(StateCodec codec) => actor.Encode(codec);

    /// <returns>Whether the actor hears it at all.</returns>
    protected virtual bool Hears(ref Delivery delivery, Outbox outbox) => true;

    protected virtual void Says(in Delivery heard, Span<Outbox.Sent> sent, Outbox outbox)
    {
    }
}

/// <summary>A trimmed page always counts as clean.</summary>
internal sealed class ForgetsThatPagesAreDirty(IActor frames) : Breakage(frames)
{
    protected override bool Hears(ref Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind == TrimPage.Kind)
        {
            delivery.Message = Message.Of(delivery.Read<TrimPage>() with { Dirty = false });
        }

        return true;
    }
}

/// <summary>A soft fault is always told that its page is still there (R13).</summary>
internal sealed class SaysThatEveryPageIsStillThere(IActor frames) : Breakage(frames)
{
    protected override void Says(in Delivery heard, Span<Outbox.Sent> sent, Outbox outbox)
    {
        foreach (ref var word in sent)
        {
            if (word.Message.Kind == SoftFaultAnswered.Kind && word.Message.Read<SoftFaultAnswered>() is { Result: SoftFaultResult.Repurposed } answer)
            {
                word.Message = Message.Of(answer with { Result = SoftFaultResult.RelinkedFromStandby });
            }
        }
    }
}

/// <summary>A write that failed counts as one that succeeded.</summary>
internal sealed class IgnoresWriteErrors(IActor frames) : Breakage(frames)
{
    protected override bool Hears(ref Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind == WriteCompleted.Kind)
        {
            delivery.Message = Message.Of(delivery.Read<WriteCompleted>() with { Status = NtStatus.Success });
        }

        return true;
    }
}

/// <summary>When a read ends, nobody looks whether its pages were deleted meanwhile (R2, R6).</summary>
internal sealed class DoesNotCheckAgainAfterARead(IActor frames) : Breakage(frames)
{
    protected override bool Hears(ref Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind == InPageCompleted.Kind)
        {
            delivery.Message = Message.Of(delivery.Read<InPageCompleted>() with { Deleted = 0 });
        }

        return true;
    }
}

/// <summary>Frames come back from the zero-page thread as they were (R10).</summary>
internal sealed class DoesNotZero(IActor zeroPageThread) : Breakage(zeroPageThread)
{
    protected override bool Hears(ref Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind != FreePagesTaken.Kind || delivery.Read<FreePagesTaken>() is not { Frames: { Count: > 0 } frames })
        {
            return true;
        }

        outbox.State(new PagesZeroed(frames.Count));
        outbox.Send(delivery.Sender, new FramesZeroed(frames));
        delivery.Message = Message.Of(new FreePagesTaken(default));
        return true;
    }
}

/// <summary>The slot of a page that is given up while it is written is freed at once instead of when the write has ended (R19).</summary>
internal sealed class FreesSlotsDuringTheirWrite(IActor frames, Cast cast) : Breakage(frames)
{
    private readonly Dictionary<Pfn, PagingFileSlot> _writing = [];
    private readonly HashSet<PagingFileSlot> _freed = [];

    protected override void Says(in Delivery heard, Span<Outbox.Sent> sent, Outbox outbox)
    {
        foreach (ref var word in sent)
        {
            if (word.Message.Kind == FreeSlots.Kind && _freed.Remove(word.Message.Read<FreeSlots>().First))
            {
                word.To = ActorId.Outside;
            }
        }

        foreach (ref readonly var fact in outbox.Facts)
        {
            if (fact.TryRead(out PageWriteStarted started))
            {
                _writing[started.Pfn] = started.Slot;
            }
            else if (fact.TryRead(out PageWriteEnded ended))
            {
                _writing.Remove(ended.Pfn);
            }
        }

        if (heard.Kind == DeleteHint.Kind && _writing.TryGetValue(heard.Read<DeleteHint>().Pfn, out var slot) && _freed.Add(slot))
        {
            outbox.Send(cast.PagingFiles[(int)slot.File], new FreeSlots(slot, 1));
        }
    }
}

/// <summary>A read is said to have ended before the device has begun (R1).</summary>
internal sealed class AnswersBeforeItHasRead(IActor file) : Breakage(file)
{
    protected override bool Hears(ref Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind == ReadPages.Kind)
        {
            outbox.Send(delivery.Sender, new PageRead(delivery.Read<ReadPages>().Block, NtStatus.Success));
        }

        return true;
    }

    protected override void Says(in Delivery heard, Span<Outbox.Sent> sent, Outbox outbox)
    {
        foreach (ref var word in sent)
        {
            word.To = heard.Kind == TransferDone.Kind && word.Message.Kind == PageRead.Kind ? ActorId.Outside : word.To;
        }
    }
}

/// <summary>Now and then a frame is granted that somebody else was granted before (R9).</summary>
internal sealed class GrantsAFrameTwice(IActor frames) : Breakage(frames)
{
    private FrameBatch _before;

    protected override void Says(in Delivery heard, Span<Outbox.Sent> sent, Outbox outbox)
    {
        foreach (ref var word in sent)
        {
            if (word.Message.Kind == FramesGranted.Kind)
            {
                var granted = word.Message.Read<FramesGranted>().Frames;
                if (_before.Count == granted.Count)
                {
                    word.Message = Message.Of(new FramesGranted(_before));
                }

                _before = granted;
            }
        }
    }
}

/// <summary>Of every few answers to soft faults one never arrives (liveness).</summary>
internal sealed class LosesAnswers(IActor frames) : Breakage(frames)
{
    private int _answers;

    protected override void Says(in Delivery heard, Span<Outbox.Sent> sent, Outbox outbox)
    {
        foreach (ref var word in sent)
        {
            if (word.Message.Kind == SoftFaultAnswered.Kind && ++_answers % 4 == 0)
            {
                word.To = ActorId.Outside;
            }
        }
    }
}

/// <summary>Of what is returned to the ledger one page is forgotten.</summary>
internal sealed class ReturnsTooLittle(IActor space) : Breakage(space)
{
    protected override bool Hears(ref Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind == ReturnCommit.Kind)
        {
            var returned = delivery.Read<ReturnCommit>();
            delivery.Message = Message.Of(returned with { Pages = returned.Pages - 1 });
        }

        return true;
    }
}

/// <summary>The working-set manager and the writer never hear that memory is short (R11).</summary>
internal sealed class WakesNobody(IActor frames) : Breakage(frames)
{
    protected override void Says(in Delivery heard, Span<Outbox.Sent> sent, Outbox outbox)
    {
        foreach (ref var word in sent)
        {
            word.To = word.Message.Kind is LowMemory.Kind or ModifiedPagesAvailable.Kind ? ActorId.Outside : word.To;
        }
    }
}
