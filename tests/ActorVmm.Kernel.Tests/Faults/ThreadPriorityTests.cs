using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Faults;

/// <summary>The priority of a page is that of the thread that faulted it in (fact book §22).</summary>
public sealed class ThreadPriorityTests
{
    private const ulong Heap = 0x10_0000;

    [Fact]
    public void EachThreadHasItsOwn()
    {
        var machine = Run(new ProcessPlan("p", [Allocates(0), Writes(1), Writes(2)]) { Lingers = true, MemoryPriority = 4, ThreadMemoryPriorities = [6, 1] });
        machine.Trim();
        machine.WriteOut();
        (machine.Frames.StandbyOf(6), machine.Frames.StandbyOf(1), machine.Frames.StandbyOf(4)).ShouldBe((1, 1, 1 + Tables(machine)));
    }

    [Fact]
    public void AThreadCanChangeIt()
    {
        var machine = Run(new ProcessPlan("p",
        [
            new FixedProgram(
                new Operation(OperationKind.ReserveCommit, Heap, 0x3000, PageProtection.ReadWrite), new Operation(OperationKind.SetMemoryPriority, 0, 2),
                new Operation(OperationKind.Write, Heap), new Operation(OperationKind.SetMemoryPriority, 0, 7), new Operation(OperationKind.Write, Heap + 0x1000)),
        ]) { Lingers = true });
        machine.Trim();
        machine.WriteOut();
        (machine.Frames.StandbyOf(2), machine.Frames.StandbyOf(7)).ShouldBe((1, 1));
        machine.EndsAtTheBaseline();
    }

    private static TestMachine Run(ProcessPlan plan) => TestMachine.With(plan);

    private static FixedProgram Allocates(int page) =>
        new(new Operation(OperationKind.ReserveCommit, Heap, 0x3000, PageProtection.ReadWrite), new Operation(OperationKind.Write, Heap + ((ulong)page << 12)));

    // It waits until the first thread has allocated.
    private static FixedProgram Writes(int page) => new(new Operation(OperationKind.Idle, 0, 1_000_000), new Operation(OperationKind.Write, Heap + ((ulong)page << 12)));

    private static int Tables(TestMachine machine) => machine.Frames.StandbyOf(4) - 1;
}
