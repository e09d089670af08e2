using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// A thread's part of a trace, kept in memory in chunks of 16-byte operations. Reading lends a span of that memory, so that
/// any number of processes run one trace without a copy.
/// </summary>
public sealed class InMemoryTrace : IProgram
{
    internal const int ChunkShift = 16;
    internal const int ChunkLength = 1 << ChunkShift;

    private readonly Operation[] _prologue;
    private readonly Operation[][] _chunks;

    /// <summary>A program of these operations.</summary>
    public InMemoryTrace(ReadOnlySpan<Operation> operations)
    {
        _prologue = [];
        _chunks = new Operation[(operations.Length / ChunkLength) + 1][];
        for (int i = 0; i < _chunks.Length; i++)
        {
            ReadOnlySpan<Operation> rest = operations[(i * ChunkLength)..];
            _chunks[i] = rest[..Math.Min(rest.Length, ChunkLength)].ToArray();
        }

        Length = operations.Length;
    }

    internal InMemoryTrace(Operation[] prologue, Operation[][] chunks, long operations)
    {
        _prologue = prologue;
        _chunks = chunks;
        Length = prologue.Length + operations;
    }

    /// <summary>How many operations there are; the first position at which reading ends.</summary>
    public long Length { get; }

    public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch)
    {
        if (position < _prologue.Length)
        {
            return _prologue.AsSpan(checked((int)position));
        }

        if (position >= Length)
        {
            return default;
        }

        long at = position - _prologue.Length;
        return _chunks[at >> ChunkShift].AsSpan((int)(at & (ChunkLength - 1)));
    }

    /// <summary>The same program, knowing its future.</summary>
    public ForeseenTrace WithForesight() => new(this);
}
