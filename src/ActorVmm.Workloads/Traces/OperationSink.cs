using System.Runtime.CompilerServices;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>Where a parser puts the operations of one thread, in order.</summary>
internal abstract class OperationSink
{
    protected Operation[] Chunk { get; set; } = [];

    protected int Count { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Operation operation)
    {
        Operation[] chunk = Chunk;
        int count = Count;
        if ((uint)count >= (uint)chunk.Length)
        {
            Full();
            chunk = Chunk;
            count = Count;
        }

        chunk[count] = operation;
        Count = unchecked(count + 1);
    }

    /// <summary>Makes room for at least one operation in <see cref="Chunk"/> at <see cref="Count"/>.</summary>
    protected abstract void Full();
}

/// <summary>Forgets what it is given.</summary>
internal sealed class DiscardingSink : OperationSink
{
    public DiscardingSink() => Chunk = new Operation[64];

    protected override void Full() => Count = 0;
}
