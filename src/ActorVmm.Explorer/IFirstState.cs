namespace ActorVmm.Explorer;

/// <summary>A machine's first state, to which every execution goes back.</summary>
public interface IFirstState
{
    /// <summary>Keeps the state that the machine is in.</summary>
    void Save();

    /// <summary>Takes the machine back to it.</summary>
    void Restore();
}

/// <summary>The first state of a machine all of whose state is its actors'.</summary>
internal sealed class HostState(SteppedHost host) : IFirstState
{
    private readonly MachineSnapshot _start = new();

    public void Save() => host.Save(_start);

    public void Restore() => host.Restore(_start);
}
