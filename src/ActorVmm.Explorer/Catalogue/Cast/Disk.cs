namespace ActorVmm.Explorer.Catalogue.Cast;

/// <summary>A device that reads in its own time: every read is answered, with the tag it had.</summary>
internal sealed class Disk : Stateless
{
    public override void Receive(in Delivery delivery, Outbox outbox) => outbox.Send(delivery.Sender, new ReadDone(delivery.Read<Read>().Tag, 0));
}
