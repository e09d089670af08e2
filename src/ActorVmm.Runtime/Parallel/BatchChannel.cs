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
}

/// <summary>Alone on its cache lines: each end of a channel writes its own.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 192)]
internal struct Counter
{
    [System.Runtime.InteropServices.FieldOffset(64)]
    public long Value;
}
