using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Generators;

/// <summary>One access to each of some pages, upwards or downwards.</summary>
/// <param name="access">Read, write or execute.</param>
/// <param name="first">Address of the first page.</param>
/// <param name="pages">How many.</param>
/// <param name="step">From one to the next, in bytes; negative downwards.</param>
public sealed class PagesPhase(OperationKind access, ulong first, long pages, long step) : Phase
{
    public override long Length => pages;

    public override int Fill(long at, ulong noise, Span<Operation> operations)
    {
        int count = (int)Math.Min(operations.Length, pages - at);
        for (int i = 0; i < count; i++)
        {
            operations[i] = new Operation(access, unchecked(first + (ulong)((at + i) * step)), 1);
        }

        return count;
    }
}
