using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime;

/// <summary>All actors of a machine by id. Cell 0 is the outside world, creator of the starting actors.</summary>
public sealed class ActorTable
{
    private readonly Record[] _record = new Record[1];
    private ActorCell[] _cells = new ActorCell[64];

    public ActorTable() => _cells[0].State = ActorState.Stopped;

    /// <summary>Ids given out so far, the outside world's included; ids are never used again.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Ids that have a cell: all but those reserved in turns that have not ended.</summary>
    internal int CellCount => Math.Min(Count, _cells.Length);

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

    /// <summary>Whether an actor has this id, or had it until it stopped.</summary>
    public bool Exists(int id) => (uint)(id - 1) < (uint)(CellCount - 1) && _cells[id].State != ActorState.Reserved;

    /// <summary>Takes the next id. The cells do not move before <see cref="Bear"/>, so a turn may reserve ids.</summary>
    public ActorId Reserve() => new(Count++);

    /// <summary>Makes room for an id that was given out elsewhere; the cells may move.</summary>
    internal void Admit(ActorId id)
    {
        if (id.Value >= Count)
        {
            Count = id.Value + 1;
        }

        if (_cells.Length < Count)
        {
            Array.Resize(ref _cells, Math.Max(_cells.Length * 2, Count));
        }
    }

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

    /// <summary>Passes all cells and their actors' states on; restored, ids given out since are forgotten.</summary>
    internal void Encode(StateCodec codec, MachineSnapshot snapshot)
    {
        int count = Count;
        int cells = CellCount;
        codec.Field("actors", ref count);
        codec.Field("cells", ref cells);
        if (codec.Restoring)
        {
            Resize(count);
        }

        for (int id = 0; id < cells; id++)
        {
            EncodeCell(codec, ref _cells[id], ref snapshot.Actors[id]);
        }
    }

    private void EncodeCell(StateCodec codec, ref ActorCell cell, ref IActor? actor)
    {
        _record[0] = new Record
        {
            Identity = cell.Identity,
            Chain = cell.Chain,
            Turns = cell.Turns,
            Counts = cell.Counts,
            Sent = cell.Sent,
            Role = cell.Role,
            State = cell.State,
            MayHoldFiredTimer = cell.MayHoldFiredTimer,
            Unused = 0,
        };
        codec.Values("actor", _record);
        if (!codec.Restoring)
        {
            actor = cell.Actor ?? actor;
        }
        else
        {
            Restore(ref cell, in _record[0], actor);
        }

        cell.Actor?.Encode(codec);
    }

    private static void Restore(ref ActorCell cell, in Record record, IActor? actor)
    {
        cell.Actor = record.State is ActorState.Reserved ? null : actor;
        cell.Identity = record.Identity;
        cell.Chain = record.Chain;
        cell.Turns = record.Turns;
        cell.Counts = record.Counts;
        cell.Sent = record.Sent;
        cell.Role = record.Role;
        cell.State = record.State;
        cell.MayHoldFiredTimer = record.MayHoldFiredTimer;
    }

    private void Resize(int count)
    {
        if (_cells.Length < count)
        {
            Array.Resize(ref _cells, count);
        }

        if (count < Count)
        {
            int from = Math.Min(count, CellCount);
            Array.Clear(_cells, from, CellCount - from);
        }

        Count = count;
    }

    /// <summary>What is saved of a cell, in one piece because going back is the explorer's daily bread. 48 bytes, no padding.</summary>
    private struct Record
    {
        public ActorIdentity Identity;
        public ulong Chain;
        public long Turns;
        public ActorCounts Counts;
        public int Sent;
        public Role Role;
        public ActorState State;
        public bool MayHoldFiredTimer;
        public int Unused;
    }
}
