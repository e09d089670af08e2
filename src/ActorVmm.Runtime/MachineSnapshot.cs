namespace ActorVmm.Runtime;

/// <summary>
/// A machine in the middle of its run, to go back to as often as wanted. Taking one again into the same object allocates
/// nothing once it has grown. Actors keep their identity as objects: going back gives each its state, and brings those back
/// that have stopped since.
/// <para>
/// To keep one beyond the process, store <see cref="Written"/> and, by id, of which type each <see cref="Actor"/> is;
/// <see cref="Load"/> makes it a snapshot again for a host with the same options.
/// </para>
/// </summary>
public sealed class MachineSnapshot
{
    private readonly SnapshotReader _reader = new();
    private ReadOnlyMemory<byte> _loaded;
    private IActor?[] _actors = [];

    /// <summary>Ids given out when it was taken; the outside world's is 0.</summary>
    public int ActorCount { get; private set; }

    /// <summary>Every actor's state, and the host's.</summary>
    public ReadOnlySpan<byte> Written => Memory.Span;

    internal SnapshotWriter Writer { get; } = new();

    /// <summary>Names the place in what the host has recorded; null when it was taken elsewhere.</summary>
    internal object? Mark { get; set; }

    internal Span<IActor?> Actors => _actors;

    private ReadOnlyMemory<byte> Memory => _loaded.IsEmpty ? Writer.WrittenMemory : _loaded;

    /// <summary>Makes a snapshot of what another wrote.</summary>
    /// <param name="written">Its <see cref="Written"/>; not copied.</param>
    /// <param name="actors">By id, an actor of the right type in whatever state, or null where there was none.</param>
    public static MachineSnapshot Load(ReadOnlyMemory<byte> written, ReadOnlySpan<IActor?> actors) =>
        new() { _loaded = written, _actors = actors.ToArray(), ActorCount = actors.Length };

    /// <summary>The actor that had this id, as an object; null for the outside world and those that had stopped.</summary>
    public IActor? Actor(ActorId id) => (uint)id.Value < (uint)ActorCount ? _actors[id.Value] : null;

    internal void Begin(int actors)
    {
        (_loaded, Mark) = (default, null);
        Writer.Clear();
        if (_actors.Length < actors)
        {
            _actors = new IActor?[Math.Max(actors, _actors.Length * 2)];
        }

        Array.Clear(_actors);
        ActorCount = actors;
    }

    internal SnapshotReader Open()
    {
        _reader.Open(Memory);
        return _reader;
    }

    /// <summary>An actor that reads less or more than it wrote would shift everything behind it.</summary>
    internal void Close() => Invariant.Holds(_reader.Remaining == 0, "restoring reads exactly what saving wrote");
}
