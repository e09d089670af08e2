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
        Fingerprint sum = hasher.Build();
        for (int id = 1; id < host.Actors.Count; id++)
        {
            sum = sum.With(OfActor(hasher, ref host.Actors[id])).With(OfKnowledge(host, ActorSalt ^ host.Actors[id].Identity.Value, messages.KnownTo(new ActorId(id))));
        }

        ReadOnlySpan<PendingMessage> pending = messages.All;
        for (int at = 0; at < pending.Length; at++)
        {
            Fingerprint known = OfKnowledge(host, MessageSalt, messages.KnownBehind(at));
            sum = sum.With(OfMessage(host, in pending[at], messages.PlaceInOrder(at), messages.NumbersMatter ? pending[at].Delivery.SenderCount : 0, known));
        }

        foreach (ref readonly PendingMessage timer in host.PendingTimers)
        {
            sum = sum.With(OfMessage(host, in timer, timer.Timer.Value, 0, default));
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

    private static Fingerprint OfMessage(SteppedHost host, in PendingMessage message, int place, int number, Fingerprint known)
    {
        FingerprintBuilder builder = new(message.IsTimer ? ~MessageSalt : MessageSalt);
        builder.Add(host.Actors[message.To].Identity.Value);
        builder.Add(host.Actors[message.Delivery.Sender].Identity.Value);
        builder.Add(message.Delivery.Message.HashInto(MessageSalt));
        builder.Add((ulong)(uint)place);
        builder.Add((ulong)(uint)number);
        builder.Add(known.High);
        builder.Add(known.Low);
        return builder.Build();
    }

    /// <summary>Who knows nothing of an actor looks like one for whom there was never room to know.</summary>
    private static Fingerprint OfKnowledge(SteppedHost host, ulong salt, ReadOnlySpan<int> known)
    {
        Fingerprint sum = default;
        for (int id = 0; id < known.Length; id++)
        {
            if (known[id] != 0)
            {
                FingerprintBuilder builder = new(salt);
                builder.Add(host.Actors[id].Identity.Value);
                builder.Add((ulong)(uint)known[id]);
                sum = sum.With(builder.Build());
            }
        }

        return sum;
    }
}
