using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>How many operations of each kind a trace holds.</summary>
internal sealed class OperationCounts
{
    private readonly long[] _byKind = new long[Enum.GetValues<OperationKind>().Length];

    public long Calls => _byKind.Sum() - this[OperationKind.Read] - this[OperationKind.Write] - this[OperationKind.Execute];

    public long this[OperationKind kind] => _byKind[(int)kind];

    public void Add(ReadOnlySpan<Operation> operations)
    {
        foreach (Operation operation in operations)
        {
            _byKind[(int)operation.Kind]++;
        }
    }
}
