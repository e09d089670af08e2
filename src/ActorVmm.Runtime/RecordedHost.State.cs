namespace ActorVmm.Runtime;

/// <summary>What a replay holds between two turns: looked at, saved and gone back to.</summary>
public sealed partial class RecordedHost
{
    /// <inheritdoc/>
    /// <remarks>A timer's place is between the messages of its owner, in the order in which it was started.</remarks>
    public override void ListPending(ICollection<PendingDelivery> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        for (int id = 1; id < Actors.CellCount; id++)
        {
            for (int mail = Actors[id].MailboxHead; mail != 0; mail = _mail[mail].Next)
            {
                ref Envelope envelope = ref _mail[mail];
                (PendingPlace place, Ticks due) = IsNotDue(in envelope) ? (PendingPlace.Timer, Marked(envelope.Delivery.Now)) : (PendingPlace.Mailbox, Now);
                into.Add(new PendingDelivery(place, new ActorId(id), envelope.Delivery.Sender, envelope.Delivery.SenderCount, due, envelope.Delivery.Message) { Timer = envelope.Timer });
            }
        }
    }

    /// <summary>Mailboxes and time; whoever restores also takes the recording back to the turn after <c>Statistics.Turns</c>.</summary>
    private protected override void EncodeSchedule(StateCodec codec, MachineSnapshot snapshot)
    {
        codec.Field("now", ref _now);
        _mail.Encode(codec, Actors, keepsTimes: true);
        if (codec.Restoring)
        {
            (_hasNext, Divergence) = (false, null);
        }
    }
}
