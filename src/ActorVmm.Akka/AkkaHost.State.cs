namespace ActorVmm.Akka;

/// <summary>The machine between runs: looked at, and taken over from a replay.</summary>
public sealed partial class AkkaHost
{
    /// <inheritdoc/>
    public int ActorCount => _registry.Count;

    /// <inheritdoc/>
    public IActor? ActorOf(ActorId id) => _registry.Find(id)?.Cell.Actor;

    /// <inheritdoc/>
    public ActorIdentity IdentityOf(ActorId id) => _registry.Find(id)?.Cell.Identity ?? default;

    /// <inheritdoc/>
    public bool TryChain(ActorId actor, out ulong chain, out long turns)
    {
        Resident? resident = _registry.Find(actor);
        (chain, turns) = resident is null ? default : (resident.Cell.Chain, resident.Cell.Turns);
        return resident is not null;
    }

    /// <inheritdoc/>
    public Fingerprint FingerprintOf(ActorId actor, StateHasher hasher) =>
        RunFingerprint.OfActor(hasher, ref (_registry.Find(actor) ?? throw new ArgumentException($"{actor} does not exist", nameof(actor))).Cell);

    /// <inheritdoc/>
    public void ListPending(ICollection<PendingDelivery> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        RefuseInsideRun();
        foreach (Resident resident in _registry.Everybody)
        {
            foreach (Letter letter in resident.HasLaidBy ? resident.LaidBy : [])
            {
                into.Add(new PendingDelivery(PendingPlace.Mailbox, resident.Id, letter.Sender, letter.SenderCount, Now, letter.ToDelivery().Message) { Timer = letter.Timer });
            }
        }

        _conductor.ListTimers(into);
    }

    /// <inheritdoc/>
    public void Adopt(RecordedHost from)
    {
        ArgumentNullException.ThrowIfNull(from);
        RefuseInsideRun();
        if (_registry.Born > 0)
        {
            throw new InvalidOperationException("a machine is here already");
        }

        HostStatistics done = from.Statistics;
        _counted = done with { Messages = done.Messages - done.TimersFired };
        _conductor.Adopt(from.Now, done.TimersFired);
        _chronicle?.Adopt(done.Turns);
        ref ActorCell outside = ref from.Actors[ActorId.Outside];
        (_registry.Outside.Cell.Counts, _registry.Outside.Cell.Sent) = (outside.Counts, outside.Sent);
        for (int id = 1; id < from.Actors.Count; id++)
        {
            if (from.Actors.Exists(id))
            {
                AdoptActor(new ActorId(id), in from.Actors[id]);
            }
        }

        List<PendingDelivery> pending = [];
        from.ListPending(pending);
        foreach (PendingDelivery one in pending)
        {
            AdoptMessage(in one);
        }
    }

    private void AdoptActor(ActorId id, in ActorCell cell)
    {
        Resident resident = _registry.Adopt(id, in cell);
        if (!resident.HasStopped)
        {
            MoveIn(resident);
        }
    }

    private void AdoptMessage(in PendingDelivery pending)
    {
        Resident to = _registry.Find(pending.To)!;
        if (pending.Place == PendingPlace.Timer)
        {
            _conductor.Adopt(to, in pending);
            return;
        }

        if (pending.Timer != default)
        {
            to.Fired(pending.Timer);
        }

        Message message = pending.Message;
        _conductor.LayBy(to, new Letter(in message, pending.From, pending.From.IsOutside ? _registry.Outside.Cell.Identity : IdentityOf(pending.From), pending.SenderCount, place: 0, pending.Timer));
    }
}
