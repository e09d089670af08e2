namespace ActorVmm.Runtime.Parallel;

/// <summary>An actor moves to another core, between runs, when nothing is on its way.</summary>
internal sealed partial class Core
{
    public void Move(ActorId actor, Core to)
    {
        to.Actors.Admit(new ActorId(Actors.Count - 1));
        Leave(actor);
        ref ActorCell from = ref Actors[actor];
        ref ActorCell cell = ref to.Actors[actor];
        cell = from;
        (cell.MailboxHead, cell.MailboxTail, cell.TimerHead, cell.NextReady) = (0, 0, 0, 0);
        while (from.MailboxHead != 0)
        {
            int mail = _mail.TakeOldest(ref from);
            ref Envelope envelope = ref to._mail.Put(ref cell);
            (envelope.Delivery, envelope.Timer) = (_mail[mail].Delivery, _mail[mail].Timer);
            if (envelope.Delivery.Sender != actor)
            {
                to.Actors[envelope.Delivery.Sender].Identity = Actors[envelope.Delivery.Sender].Identity;
            }

            _mail.Free(mail);
        }

        _timers.Move(ref from, to._timers, ref cell);
        to.Now = Math.Max(to.Now, Now);
        ActorIdentity identity = from.Identity;
        from = default;
        from.Identity = identity;
        if (cell.State == ActorState.Ready)
        {
            to.MakeReady(actor.Value, ref cell);
        }
    }

    /// <summary>Takes an actor out of the queues of those that wait for a turn.</summary>
    private void Leave(ActorId actor)
    {
        for (int left = _readyDevices.Count; left > 0; left--)
        {
            int id = _readyDevices.Dequeue();
            if (id != actor.Value)
            {
                _readyDevices.Enqueue(id);
            }
        }

        List<int> others = [];
        while (!_ready.IsEmpty)
        {
            others.Add(_ready.Take(Actors));
        }

        foreach (int id in others.Where(id => id != actor.Value))
        {
            _ready.Add(Actors, id, ref Actors[id]);
        }
    }
}
