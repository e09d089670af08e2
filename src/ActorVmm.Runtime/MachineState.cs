namespace ActorVmm.Runtime;

/// <summary>Summarises what can still happen in a machine without time.</summary>
internal static class MachineState
{
    private const ulong ActorSalt = 0x57A7E;
    private const ulong MessageSalt = 0x3E55;

    public static Fingerprint Of(StateHasher hasher, SteppedHost host, IEncodable? shared, PendingMessages messages, int firingsLeft)
    {
        hasher.Reset((ulong)(uint)firingsLeft);
        shared?.Encode(hasher);
        messages.EncodeKnowledge(hasher);
        Fingerprint sum = hasher.Build();
        for (int id = 1; id < host.Actors.Count; id++)
        {
            sum = sum.With(OfActor(hasher, ref host.Actors[id]));
        }

        ReadOnlySpan<PendingMessage> pending = messages.All;
        for (int at = 0; at < pending.Length; at++)
        {
            sum = sum.With(OfMessage(host, in pending[at], messages.PlaceInOrder(at)));
        }

        foreach (ref readonly PendingMessage timer in host.PendingTimers)
        {
            sum = sum.With(OfMessage(host, in timer, timer.Timer.Value));
        }

        return sum;
    }

    private static Fingerprint OfActor(StateHasher hasher, ref ActorCell cell)
    {
        hasher.Reset(Mix.Fold(ActorSalt, cell.Identity.Value));
        bool alive = cell.Actor is not null;
        hasher.Field("alive", ref alive);
        RunFingerprint.EncodeCounts(hasher, ref cell.Counts);
        cell.Actor?.Encode(hasher);
        return hasher.Build();
    }

    private static Fingerprint OfMessage(SteppedHost host, in PendingMessage message, int place)
    {
        FingerprintBuilder builder = new(message.IsTimer ? ~MessageSalt : MessageSalt);
        builder.Add(host.Actors[message.To].Identity.Value);
        builder.Add(host.Actors[message.Delivery.Sender].Identity.Value);
        builder.Add(message.Delivery.Message.HashInto(MessageSalt));
        builder.Add((ulong)(uint)place);
        return builder.Build();
    }
}
