using ActorVmm.Protocol;

namespace ActorVmm.Benchmarks.Comparing;

/// <summary>The same operations again and again, for ever.</summary>
internal sealed class Loop(Operation[] operations) : IProgram
{
    public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch) => operations.AsSpan((int)(position % operations.Length));

    /// <summary>Reserves and commits memory, stores to each of its pages, goes over it again, and releases it.</summary>
    /// <param name="pages">How many pages.</param>
    /// <param name="rounds">How often each is touched; the first time it is a demand-zero fault.</param>
    public static Loop TouchAndRelease(int pages, int rounds)
    {
        const ulong Start = 0x1000_0000;
        ulong bytes = (ulong)pages * PageSize.Bytes;
        var operations = new List<Operation> { new(OperationKind.ReserveCommit, Start, bytes, PageProtection.ReadWrite) };
        for (int touch = 0; touch < pages * rounds; touch++)
        {
            operations.Add(new Operation(touch < pages ? OperationKind.Write : OperationKind.Read, Start + ((ulong)(touch % pages) * PageSize.Bytes), 8));
        }

        operations.Add(new Operation(OperationKind.Release, Start));
        return new Loop([.. operations]);
    }
}
