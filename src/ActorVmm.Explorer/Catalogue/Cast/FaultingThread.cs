using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue.Cast;

/// <summary>A thread that touches one page: it faults, and again when told to look again; some then store.</summary>
internal sealed class FaultingThread(ActorId page, bool stores) : Stateless
{
    public override void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Start.Kind or Retry.Kind: outbox.Send(page, new Fault()); break;
            case Ok.Kind when stores: outbox.Send(page, new Store()); break;
        }
    }
}
