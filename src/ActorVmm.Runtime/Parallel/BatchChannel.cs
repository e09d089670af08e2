using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>Carries batches from one core to one other, in order.</summary>
internal abstract class BatchChannel
{
    /// <summary>How many batches are waiting, as its receiver sees it.</summary>
    public abstract int Waiting { get; }

    public abstract bool HasRoom { get; }

    /// <summary>Sends a batch and puts an empty one in its place; there is room.</summary>
    public abstract void Send(ref Batch batch);

    /// <summary>The oldest batch; good until <see cref="Received"/>.</summary>
    public abstract Batch Oldest { get; }

    public abstract void Received();

    /// <summary>One of those that are waiting, the oldest at 0; nobody sends or receives meanwhile.</summary>
    public abstract Batch At(int place);

    /// <summary>Forgets what is waiting, and makes room for some batches at least; nobody sends or receives meanwhile.</summary>
    public abstract void Empty(int room);
}

/// <summary>A ring of a fixed number of batches, which are exchanged for empty ones: nothing is allocated, nothing is locked.</summary>
internal sealed class BatchRing : BatchChannel
{
    private Batch[] _ring;
    private Counter _sent;
    private Counter _received;

    public BatchRing(int capacity)
    {
        _ring = NewRing(capacity);
    }

    public override int Waiting => (int)(Volatile.Read(ref _sent.Value) - _received.Value);

    public override bool HasRoom => _sent.Value - Volatile.Read(ref _received.Value) < _ring.Length;

    public override Batch Oldest => _ring[(int)(_received.Value % _ring.Length)];

    public override void Send(ref Batch batch)
    {
        ref Batch slot = ref _ring[(int)(_sent.Value % _ring.Length)];
        (slot, batch) = (batch, slot);
        Volatile.Write(ref _sent.Value, _sent.Value + 1);
    }

    public override void Received()
    {
        Oldest.Clear();
        Volatile.Write(ref _received.Value, _received.Value + 1);
    }

    public override Batch At(int place) => _ring[(int)((_received.Value + place) % _ring.Length)];

    public override void Empty(int room)
    {
        _ring = NewRing(Math.Max(room, _ring.Length));
        (_sent.Value, _received.Value) = (0, 0);
    }

    private static Batch[] NewRing(int capacity) => [.. Enumerable.Range(0, capacity).Select(_ => new Batch())];

    /// <summary>Alone on its cache lines: each end writes its own.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 192)]
    private struct Counter
    {
        [System.Runtime.InteropServices.FieldOffset(64)]
        public long Value;
    }
}

/// <summary>
/// For replay: unbounded, because another order of the same steps may have more on its way than the recorded one had.
/// </summary>
internal sealed class BatchQueue : BatchChannel
{
    private readonly Lock _gate = new();
    private readonly Queue<Batch> _waiting = new();
    private readonly Stack<Batch> _empty = new();

    public override int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public override bool HasRoom => true;

    public override Batch Oldest
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Peek();
            }
        }
    }

    public override void Send(ref Batch batch)
    {
        lock (_gate)
        {
            _waiting.Enqueue(batch);
            batch = _empty.TryPop(out Batch? empty) ? empty : new Batch();
        }
    }

    public override void Received()
    {
        lock (_gate)
        {
            Batch batch = _waiting.Dequeue();
            batch.Clear();
            _empty.Push(batch);
        }
    }

    public override Batch At(int place) => _waiting.ElementAt(place);

    public override void Empty(int room) => _waiting.Clear();
}
