namespace ActorVmm.Runtime.Parallel;

/// <summary>A starting actor of a replay. It is born again, as it was, whenever the replay comes past its birth.</summary>
internal sealed class GivenActor(IActor actor, Role role)
{
    private readonly SnapshotReader _reader = new();
    private SnapshotWriter? _initial;

    public Role Role { get; } = role;

    /// <summary>The actor in its first state.</summary>
    public IActor Born()
    {
        if (_initial is null)
        {
            Keep();
        }
        else
        {
            _reader.Open(_initial.WrittenMemory);
            actor.Encode(_reader);
        }

        return actor;
    }

    /// <summary>Keeps the first state, before anything changes it.</summary>
    public void Keep()
    {
        if (_initial is null)
        {
            _initial = new SnapshotWriter();
            actor.Encode(_initial);
        }
    }
}
