using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>How many operations may be kept in memory, over all threads of a trace.</summary>
internal sealed class OperationBudget(long limit)
{
    private long _taken;

    public bool Exceeded { get; private set; }

    public void Take(int operations)
    {
        _taken += operations;
        Exceeded |= _taken > limit;
    }
}

/// <summary>
/// Counts the operations of one thread and keeps them in chunks. Once the trace has exceeded its budget it gives them up and
/// only counts on.
/// </summary>
internal sealed class OperationList(OperationBudget budget, OperationCounts counts) : OperationSink
{
    private const int FirstLength = 64;

    private readonly List<Operation[]> _chunks = [];
    private int _counted;

    /// <summary>Counts what has come since the latest chunk was full.</summary>
    public void Finish()
    {
        counts.Add(Chunk.AsSpan(_counted, Count - _counted));
        _counted = Count;
    }

    public InMemoryTrace ToTrace(Operation[] prologue) =>
        new(prologue, [.. _chunks, Chunk.AsSpan(0, Count).ToArray()], ((long)_chunks.Count * InMemoryTrace.ChunkLength) + Count);

    protected override void Full()
    {
        Finish();
        if (budget.Exceeded && Count > 0)
        {
            _chunks.Clear();
            _counted = Count = 0;
            return;
        }

        if (Count < InMemoryTrace.ChunkLength)
        {
            var grown = new Operation[Count == 0 ? FirstLength : Count * 2];
            budget.Take(grown.Length - Count);
            Chunk.CopyTo(grown, 0);
            Chunk = grown;
            return;
        }

        budget.Take(InMemoryTrace.ChunkLength);
        _chunks.Add(Chunk);
        Chunk = new Operation[InMemoryTrace.ChunkLength];
        _counted = Count = 0;
    }
}
