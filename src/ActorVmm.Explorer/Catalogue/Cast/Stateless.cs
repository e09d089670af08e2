namespace ActorVmm.Explorer.Catalogue.Cast;

/// <summary>An actor that remembers nothing between two turns.</summary>
internal abstract class Stateless : IActor
{
    public abstract void Receive(in Delivery delivery, Outbox outbox);

    public void Encode(StateCodec codec)
    {
    }
}
