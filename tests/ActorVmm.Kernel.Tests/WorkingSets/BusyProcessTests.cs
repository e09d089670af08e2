using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>The working-set manager knows of a process that never rests, too.</summary>
public sealed class BusyProcessTests
{
    private const ulong Heap = 0x5000_0000;

    // 64 frames, no paging file, 63 pages may be promised. The busy one has 4 tables and 4 pages, and keeps frames ready that the other
    // needs to touch all it was promised. It must not have to wait until the busy one has ended.
    [Fact]
    public void FramesThatABusyProcessKeepsAreFound()
    {
        const int Pages = 51;
        Operation[] toucher = [Allocate(Pages), .. Enumerable.Range(0, Pages).Select(Store)];
        var machine = new TestMachine(
            new MachinePlan(64) { Policy = TestMachine.Quiet with { FrameCache = 6, CheckEveryAccess = false } },
            [new ProcessPlan("busy", [new BusyProgram()]), new ProcessPlan("toucher", [new FixedProgram(toucher)])]);
        machine.Run();
        machine.Facts.Of<FrameWait>().ShouldNotBeEmpty("the test wants memory to be short");
        machine.Facts.Of<ProcessExited>().Select(exited => exited.Serial).ShouldBe([1, 0]);
        machine.EndsAtTheBaseline();
    }

    private static Operation Allocate(int pages) =>
        new(OperationKind.ReserveCommit, Heap, (ulong)pages << PageSize.Shift, PageProtection.ReadWrite);

    private static Operation Store(int page) => new(OperationKind.Write, Heap + ((ulong)page << PageSize.Shift));

    /// <summary>Stores to four pages, and then to one of them for a long time.</summary>
    private sealed class BusyProgram : IProgram
    {
        private const int Pages = 4;

        public ReadOnlySpan<Operation> Read(long position, Span<Operation> scratch)
        {
            if (position > 2_000_000)
            {
                return default;
            }

            scratch[0] = position == 0 ? Allocate(Pages) : Store((int)(position % Pages));
            return scratch[..1];
        }
    }
}
