using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Explorer.Models;

/// <summary>Where a model puts its actors.</summary>
public sealed class ModelStage
{
    private readonly List<Guest> _guests = [];

    /// <summary>The actors in the order in which they were added, which is that of their ids, from 1.</summary>
    public IReadOnlyList<Guest> Guests => _guests;

    /// <summary>Adds an actor that waits for others.</summary>
    public ActorId Add(string name, IActor actor) => Add(new Guest(name, actor));

    /// <summary>Adds an actor that receives one start message.</summary>
    public ActorId AddStarting(string name, IActor actor) => Add(new Guest(name, actor) { Start = Message.Of(new Start()) });

    private ActorId Add(Guest guest)
    {
        _guests.Add(guest);
        return new ActorId(_guests.Count);
    }
}
