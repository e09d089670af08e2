using System.Runtime.InteropServices;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>A trace that knows when each page is accessed next: one backward pass over it, four bytes an operation.</summary>
public sealed class ForeseenTrace : IProgram, IForesight
{
    private readonly InMemoryTrace _trace;
    private readonly int[] _next;

    /// <exception cref="ArgumentOutOfRangeException">The trace is longer than 2^31 − 1 operations.</exception>
    public ForeseenTrace(InMemoryTrace trace)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trace.Length, Array.MaxLength);
        _trace = trace;
        _next = new int[trace.Length];

        // Forwards in fact: each access is the next use of the one that touched its page last. The same numbers, one pass.
        _next.AsSpan().Fill(-1);
        var last = new Dictionary<ulong, int>();
        int position = 0;
        while (trace.Read(position, default) is { Length: > 0 } operations)
        {
            foreach (Operation operation in operations)
            {
                if (operation.IsAccess)
                {
                    ref int previous = ref CollectionsMarshal.GetValueRefOrAddDefault(last, operation.Address >> PageSize.Shift, out bool seen);
                    if (seen)
                    {
                        _next[previous] = position;
                    }

                    previous = position;
                }

                position++;
            }
        }
    }

    public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch) => _trace.Read(position, scratch);

    public long NextUse(long position) => _next[position] is >= 0 and int next ? next : long.MaxValue;
}
