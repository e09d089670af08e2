namespace ActorVmm.Explorer.Strategies;

/// <summary>
/// What takes the place of a thread where a theorem speaks of threads: something of which at most one delivery is possible at a
/// time. Where messages keep their order along a channel, the channel; where they keep it at the receiver, the receiver; a timer,
/// and any message where nothing is kept in order, is a line of its own.
/// </summary>
internal static class Lines
{
    public static ulong Of(SteppedHost host, in PendingMessage message, DeliveryModel model)
    {
        ulong receiver = host.Actors[message.To].Identity.Value;
        ulong sender = host.Actors[message.Delivery.Sender].Identity.Value;
        if (message.IsTimer)
        {
            return Mix.Fold(~receiver, unchecked((uint)message.Delivery.SenderCount));
        }

        return model switch
        {
            DeliveryModel.Fifo or DeliveryModel.Causal => Mix.Fold(receiver, sender),
            DeliveryModel.Mailbox => receiver,
            DeliveryModel.Bag => Mix.Fold(Mix.Fold(receiver, sender), unchecked((uint)message.Delivery.SenderCount)),
        };
    }
}
