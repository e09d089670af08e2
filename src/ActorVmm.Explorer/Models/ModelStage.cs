namespace ActorVmm.Explorer.Models;

/// <summary>Where a model puts its actors.</summary>
public sealed class ModelStage(SteppedHost host)
{
    private readonly Dictionary<int, string> _names = [];
    private readonly List<ActorId> _starting = [];

    public IReadOnlyDictionary<int, string> Names => _names;

    /// <summary>Adds an actor that waits for others.</summary>
    public ActorId Add(string name, IActor actor)
    {
        ActorId id = host.Create(actor, Role.Thread);
        _names[id.Value] = name;
        return id;
    }

    /// <summary>Adds an actor that receives one start message.</summary>
    public ActorId AddStarting(string name, IActor actor)
    {
        ActorId id = Add(name, actor);
        _starting.Add(id);
        return id;
    }

    /// <summary>Sends the start messages.</summary>
    internal void Begin()
    {
        foreach (ActorId id in _starting)
        {
            host.Inject(id, Message.Of(new Start()));
        }
    }
}
