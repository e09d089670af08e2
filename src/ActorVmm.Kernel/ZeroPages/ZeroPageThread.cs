using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel.ZeroPages;

/// <summary>
/// Turns free frames into zeroed ones, at priority 0: only when nobody else wants a processor (fact book §20).
/// <code>
/// 1. FreePagesAvailable   the PFN database has free frames worth zeroing
/// 2. TakeFree             asks for a batch
/// 3. FreePagesTaken       the batch: on no list, and not available to anybody (R10)
/// 4. FramesZeroed         brings it back; and again from 2, until a batch is empty
/// </code>
/// </summary>
public sealed class ZeroPageThread : IActor
{
    private readonly ActorId _frames;
    private readonly Contents _contents;
    private readonly int _batch;
    private readonly Ticks _zeroPage;
    private bool _asking;
    private bool _toldAgain;

    public ZeroPageThread(MachinePlan plan, Cast cast, Contents contents)
    {
        _frames = cast.PfnDatabase;
        _contents = contents;
        _batch = Math.Clamp(plan.Policy.ZeroBatch, 1, FrameBatch.Capacity);
        _zeroPage = new Ticks(plan.Costs.ZeroPage);
    }

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Protocol.FreePagesAvailable.Kind: FreePagesAvailable(outbox); break;
            case Protocol.FreePagesTaken.Kind: FreePagesTaken(delivery.Read<FreePagesTaken>().Frames, outbox); break;
            default: throw Impossible.Message(delivery, "the zero-page thread");
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("asking", ref _asking);
        codec.Field("told again", ref _toldAgain);
    }

    private void FreePagesAvailable(Outbox outbox)
    {
        // The answer under way may be older than this word: without the note, an empty batch would end the work too early.
        _toldAgain = _asking;
        if (!_asking)
        {
            Ask(outbox);
        }
    }

    private void FreePagesTaken(FrameBatch frames, Outbox outbox)
    {
        Invariant.Holds(_asking, "the zero-page thread is given frames only when it asked for some");
        _asking = false;
        if (frames.Count > 0)
        {
            Zero(frames, outbox);
            Ask(outbox);
        }
        else if (_toldAgain)
        {
            Ask(outbox);
        }
    }

    private void Zero(FrameBatch frames, Outbox outbox)
    {
        for (int i = 0; i < frames.Count; i++)
        {
            _contents[frames[i]] = ContentStamp.Zeros;
        }

        outbox.Spend(_zeroPage * frames.Count);
        outbox.State(new PagesZeroed(frames.Count));
        outbox.Send(_frames, new FramesZeroed(frames));
    }

    private void Ask(Outbox outbox)
    {
        _asking = true;
        _toldAgain = false;
        outbox.Send(_frames, new TakeFree(_batch));
    }
}
