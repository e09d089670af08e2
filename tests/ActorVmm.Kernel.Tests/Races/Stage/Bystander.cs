using ActorVmm.Actors;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Somebody who hears everything and does nothing: the operator of a machine that is operated by a test.</summary>
internal sealed class Bystander : IActor
{
    public void Receive(in Delivery delivery, Outbox outbox)
    {
    }

    public void Encode(StateCodec codec)
    {
    }
}
