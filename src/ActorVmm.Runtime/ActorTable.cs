using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime;

/// <summary>All actors of a machine by id. Cell 0 is the outside world, creator of the starting actors.</summary>
public sealed class ActorTable
{
    private ActorCell[] _cells = new ActorCell[64];

    public ActorTable() => _cells[0].State = ActorState.Stopped;

    /// <summary>Ids given out so far, the outside world's included; ids are never used again.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>The cell of an actor; the reference is good until the next id is reserved.</summary>
    public ref ActorCell this[int id]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _cells[id];
    }

    public ref ActorCell this[ActorId id]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _cells[id.Value];
    }

    /// <summary>Takes the next id. The cells do not move before <see cref="Bear"/>, so a turn may reserve ids.</summary>
    public ActorId Reserve() => new(Count++);

    /// <summary>Makes the actor of a reserved id exist.</summary>
    public void Bear(ActorId id, IActor actor, Role role, ActorIdentity identity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(role.Priority, ReadyQueues.HighestPriority, nameof(role));
        if (_cells.Length < Count)
        {
            Array.Resize(ref _cells, Math.Max(_cells.Length * 2, Count));
        }

        ref ActorCell cell = ref _cells[id.Value];
        cell = default;
        cell.Actor = actor;
        cell.Role = role;
        cell.Identity = identity;
        cell.State = ActorState.Idle;
    }

    /// <summary>The cell of an actor that a message is going to.</summary>
    /// <exception cref="InvalidOperationException">The id is a number that no turn was ever given.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ActorCell Receiver(ActorId sender, ActorId to, int kind)
    {
        ActorCell[] cells = _cells;
        if ((uint)to.Value >= (uint)cells.Length || cells[to.Value].State == ActorState.Reserved)
        {
            NobodyThere(sender, to, kind);
        }

        return ref cells[to.Value];
    }

    private static void NobodyThere(ActorId sender, ActorId to, int kind) =>
        throw new InvalidOperationException(
            FormattableString.Invariant($"{sender} sent message kind {kind} to {to}, which nobody has created"));

    /// <summary>Forgets all ids from <paramref name="count"/> on: the machine goes back to before they were given out.</summary>
    internal void Truncate(int count)
    {
        Array.Clear(_cells, count, Math.Min(Count, _cells.Length) - count);
        Count = count;
    }
}
