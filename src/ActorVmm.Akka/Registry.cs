namespace ActorVmm.Akka;

/// <summary>
/// All actors of a machine by id. Ids are given out under <see cref="Rare"/>, which a turn that creates an actor holds to its
/// end: so the order of ids is the order of turns, and a replay, one turn after the other, gives out the same.
/// </summary>
internal sealed class Registry
{
    private Resident?[] _byId = new Resident?[64];
    private int _next = 1;
    private int _born;

    public Registry()
    {
        Outside = new Resident(ActorId.Outside);
        Outside.Cell.State = ActorState.Stopped;
        _byId[0] = Outside;
    }

    /// <summary>Held for whatever is rare and must have one order: births, timers, stops.</summary>
    public Lock Rare { get; } = new();

    /// <summary>The outside world: creator of the starting actors, sender of what comes from outside.</summary>
    public Resident Outside { get; }

    /// <summary>Ids given out so far, the outside world's included.</summary>
    public int Count => _next;

    /// <summary>How many actors were ever created.</summary>
    public int Born => _born;

    /// <summary>Everybody who was ever created, in the order of their ids.</summary>
    public IEnumerable<Resident> Everybody => _byId.Skip(1).OfType<Resident>();

    /// <summary>Takes the next id; <see cref="Rare"/> is held.</summary>
    public ActorId Reserve() => new(_next++);

    /// <summary>Makes the actor of a reserved id exist; <see cref="Rare"/> is held.</summary>
    public Resident Bear(ActorId id, IActor actor, Role role, ActorIdentity identity)
    {
        Resident resident = new(id);
        resident.Cell.Actor = actor;
        resident.Cell.Role = role;
        resident.Cell.Identity = identity;
        resident.Cell.State = ActorState.Idle;
        if (id.Value >= _byId.Length)
        {
            Resident?[] larger = new Resident?[Math.Max(_byId.Length * 2, id.Value + 1)];
            _byId.CopyTo(larger, 0);
            Volatile.Write(ref _byId, larger);
        }

        Volatile.Write(ref _byId[id.Value], resident);
        _born++;
        return resident;
    }

    /// <summary>
    /// Takes over somebody who has lived on another host. Nobody else was born here.
    /// </summary>
    public Resident Adopt(ActorId id, in ActorVmm.Runtime.ActorCell cell)
    {
        Resident resident = Bear(id, cell.Actor!, cell.Role, cell.Identity);
        (resident.Cell.Chain, resident.Cell.Turns, resident.Cell.Counts, resident.Cell.Sent) = (cell.Chain, cell.Turns, cell.Counts, cell.Sent);
        _next = Math.Max(_next, id.Value + 1);
        if (cell.State == ActorState.Stopped)
        {
            resident.Stop(place: 0);
        }

        return resident;
    }

    /// <summary>Who has this id, or had it until it stopped; null when nobody ever did.</summary>
    public Resident? Find(ActorId id)
    {
        Resident?[] byId = Volatile.Read(ref _byId);
        return (uint)(id.Value - 1) < (uint)(byId.Length - 1) ? Volatile.Read(ref byId[id.Value]) : null;
    }

    /// <exception cref="InvalidOperationException">The id is a number that nobody was ever given.</exception>
    public Resident Receiver(ActorId sender, ActorId to, int kind) =>
        Find(to) ?? throw new InvalidOperationException(
            FormattableString.Invariant($"{sender} sent message kind {kind} to {to}, which nobody has created"));
}
