namespace ActorVmm.Runtime;

/// <summary>
/// A machine in the middle of its run, to go back to: as often as wanted, on the host that it was taken from. Taking one again
/// into the same object allocates nothing once it has grown. Actors keep their identity as objects: going back gives each its
/// state, and brings those back that have stopped or were created since.
/// </summary>
public sealed class MachineSnapshot
{
    private readonly SnapshotReader _reader = new();
    private IActor?[] _actors = [];

    /// <summary>What was written: every actor's state, and the host's.</summary>
    public ReadOnlySpan<byte> Written => Writer.Written;

    internal SnapshotWriter Writer { get; } = new();

    internal ref IActor? Actor(ActorId id) => ref _actors[id.Value];

    internal Span<IActor?> Actors => _actors;

    internal void Begin(int actors)
    {
        Writer.Clear();
        if (_actors.Length < actors)
        {
            _actors = new IActor?[Math.Max(actors, _actors.Length * 2)];
        }

        Array.Clear(_actors);
    }

    internal SnapshotReader Open()
    {
        _reader.Open(Writer.WrittenMemory);
        return _reader;
    }

    /// <summary>An actor that reads less or more than it wrote would shift everything behind it.</summary>
    internal void Close() => Invariant.Holds(_reader.Remaining == 0, "restoring reads exactly what saving wrote");
}
