using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// For replay: unbounded, because another order of the same steps may have more on its way than the recorded one had. Batches
/// stand in segments, and are exchanged for empty ones; a segment that has been read is written again. Nothing is locked.
/// </summary>
internal sealed class BatchQueue : BatchChannel
{
    private Counter _sent;
    private Counter _received;
    private Segment _written;
    private Segment _read;
    private Segment? _spare;
    private int _writtenCount;
    private int _readCount;

    public BatchQueue() => _written = _read = new Segment();

    public override int Waiting => (int)(Volatile.Read(ref _sent.Value) - _received.Value);

    public override bool HasRoom => true;

    public override Batch Oldest
    {
        get
        {
            if (_readCount == Segment.Size)
            {
                Segment done = _read;
                _read = done.Next!;
                _readCount = 0;
                done.Next = null;
                Volatile.Write(ref _spare, done);
            }

            return _read.Batches[_readCount];
        }
    }

    public override void Send(ref Batch batch)
    {
        if (_writtenCount == Segment.Size)
        {
            Segment next = Interlocked.Exchange(ref _spare, null) ?? new Segment();
            _written.Next = next;
            _written = next;
            _writtenCount = 0;
        }

        ref Batch slot = ref _written.Batches[_writtenCount++];
        (slot, batch) = (batch, slot);
        Volatile.Write(ref _sent.Value, _sent.Value + 1);
    }

    public override void Received()
    {
        Oldest.Clear();
        _readCount++;
        Volatile.Write(ref _received.Value, _received.Value + 1);
    }

    public override Batch At(int place)
    {
        Segment segment = _read;
        int at = _readCount + place;
        for (; at >= Segment.Size; at -= Segment.Size)
        {
            segment = segment.Next!;
        }

        return segment.Batches[at];
    }

    public override void Empty(int room)
    {
        _written = _read = new Segment();
        (_sent.Value, _received.Value, _writtenCount, _readCount) = (0, 0, 0, 0);
    }

    private sealed class Segment
    {
        public const int Size = 16;

        public readonly Batch[] Batches = [.. Enumerable.Range(0, Size).Select(_ => new Batch())];
        public Segment? Next;
    }
}
