using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue.Cast;

/// <summary>A lock: given to one at a time, in the order of asking.</summary>
internal sealed class FairLock(int askers) : IActor
{
    private readonly Queue _waiting = new(askers);
    private bool _taken;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind == Leave.Kind && _waiting.Count == 0)
        {
            _taken = false;
        }
        else if (delivery.Kind == Leave.Kind)
        {
            outbox.Send(new ActorId(_waiting.Take()), new Granted());
        }
        else if (_taken)
        {
            _waiting.Add(delivery.Sender.Value);
        }
        else
        {
            _taken = true;
            outbox.Send(delivery.Sender, new Granted());
        }
    }

    public void Encode(StateCodec codec)
    {
        _waiting.Encode(codec);
        codec.Field("taken", ref _taken);
    }
}
