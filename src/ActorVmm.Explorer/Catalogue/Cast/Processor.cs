using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue.Cast;

/// <summary>
/// A processor with one translation cached. It makes one access through it, which is over when memory has answered. A flush is
/// acknowledged between two instructions, so never while an access is on its way; without that rule a repair that waits for
/// acknowledgements would not be enough (see race <c>shoot-down</c>, whose processors do not wait).
/// </summary>
internal sealed class Processor(ActorId memory, bool stores) : IActor
{
    private bool _flushed;
    private bool _accessing;
    private bool _stored;
    private int _flusher;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Start.Kind when !_flushed: Access(outbox); break;
            case Accessed.Kind: InstructionIsOver(outbox); break;
            case Flush.Kind: Flushed(delivery.Sender, outbox); break;
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("flushed", ref _flushed);
        codec.Field("accessing", ref _accessing);
        codec.Field("stored", ref _stored);
        codec.Field("flusher", ref _flusher);
    }

    private void Access(Outbox outbox)
    {
        (_accessing, _stored) = (true, stores);
        if (stores)
        {
            outbox.Send(memory, new Store());
        }
        else
        {
            outbox.Send(memory, new Load());
        }
    }

    private void InstructionIsOver(Outbox outbox)
    {
        _accessing = false;
        if (_flushed)
        {
            AnswerFlush(outbox);
        }
    }

    private void Flushed(ActorId flusher, Outbox outbox)
    {
        (_flushed, _flusher) = (true, flusher.Value);
        if (!_accessing)
        {
            AnswerFlush(outbox);
        }
    }

    private void AnswerFlush(Outbox outbox) => outbox.Send(new ActorId(_flusher), new Acknowledge(_stored ? 1 : 0));
}
