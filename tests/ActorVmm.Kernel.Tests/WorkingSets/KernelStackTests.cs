using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>Kernel stacks and the swapper (fact book §18, §23).</summary>
public sealed class KernelStackTests
{
    private const ulong Heap = 0x10_0000;
    private static readonly SystemPlan _stacks = new() { KernelStacks = true };

    [Fact]
    public void AThreadHasAStackWhileItRuns()
    {
        var machine = Machine(frames: 4096, Sleeps(20));
        machine.Host.Run(Ticks.FromSeconds(1));
        machine.Facts.Of<KernelStackMoved>().ShouldBe([new KernelStackMoved(0, 1, 6)]);
        machine.Ledger.Private.ShouldBe(6UL + 4);
        machine.Inject(machine.Cast.WorkingSetManager, new TrimByTest(machine.IdOf(0), 1_000, 4, 1));
        machine.Host.Run(Ticks.FromSeconds(2));
        machine.Processes[0].WorkingSetPages.ShouldBe(6, "a stack is not trimmed");
    }

    // It waits from 0 s on: at 15 s it may go, and goes at the swapper's round at 16 s; nothing else is left to keep.
    [Fact]
    public void AStackLeavesAfterFifteenSecondsAndComesBack()
    {
        var machine = Machine(frames: 4096, Sleeps(20));
        machine.Host.Run(Ticks.FromMilliseconds(15_900));
        machine.Processes[0].WorkingSetPages.ShouldBe(10);
        machine.Host.Run(Ticks.FromMilliseconds(16_100));
        machine.Processes[0].WorkingSetPages.ShouldBe(0, "with its only stack the process is out");
        machine.Facts.Of<ProcessOutswapped>().ShouldHaveSingleItem().Pages.ShouldBe(4);
        machine.Run();
        machine.Facts.Of<KernelStackMoved>().Select(fact => fact.Resident).ShouldBe([1, 0, 1]);
        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(3_071U, 1)]
    [InlineData(3_072U, 0)]
    public void SmallMachinesAreImpatient(uint frames, int outswaps)
    {
        var machine = Machine(frames, Sleeps(10));
        machine.Run();
        machine.Facts.Of<KernelStackMoved>().Count(fact => fact.Resident == 0).ShouldBe(outswaps);
    }

    [Fact]
    public void AProcessStaysAsLongAsOneThreadIsAwake()
    {
        var machine = Machine(frames: 4096, Sleeps(30), Wakes());
        machine.Host.Run(Ticks.FromMilliseconds(16_100));
        machine.Facts.Of<KernelStackMoved>().Count(fact => fact.Resident == 0).ShouldBe(1);
        machine.Facts.Of<ProcessOutswapped>().ShouldBeEmpty();
        machine.Run();
        machine.EndsAtTheBaseline();
    }

    [Fact]
    public void AStackThatCannotBeReadStopsTheMachine()
    {
        var machine = Machine(frames: 4096, Sleeps(20));
        machine.Host.Run(Ticks.FromMilliseconds(16_100));
        machine.Inject(machine.Cast.PfnDatabase, default(FlushModified));
        machine.Host.Run(Ticks.FromMilliseconds(17_000));
        machine.Inject(machine.Cast.PfnDatabase, new PurgeStandby(7));
        machine.Inject(machine.Cast.PagingFiles[0], new Disturb(Ticks.Zero, InjectionCode.Offline, 1));
        Should.Throw<Runtime.MachineStoppedException>(machine.Run).Code.ShouldBe(0x77U);
    }

    [Fact]
    public void WithoutAChargeThereIsNoThread()
    {
        var machine = new TestMachine(new MachinePlan(64) { Policy = TestMachine.Quiet, System = _stacks }, [Plan([.. Enumerable.Repeat(Sleeps(1), 12)])]);
        machine.Run();
        machine.Facts.Of<ExceptionRaised>().ShouldContain(fact => fact.Status == NtStatus.InsufficientResources);
        machine.EndsAtTheBaseline();
    }

    private static TestMachine Machine(uint frames, params FixedProgram[] threads) =>
        new(new MachinePlan(frames) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet, System = _stacks }, [Plan(threads)]);

    private static ProcessPlan Plan(FixedProgram[] threads) => new("p", threads) { Lingers = true };

    private static FixedProgram Sleeps(int seconds) => new(
        new Operation(OperationKind.ReserveCommit, Heap, 0x4000, PageProtection.ReadWrite),
        new Operation(OperationKind.Write, Heap), new Operation(OperationKind.Write, Heap + 0x1000), new Operation(OperationKind.Write, Heap + 0x2000),
        new Operation(OperationKind.Write, Heap + 0x3000), new Operation(OperationKind.Idle, 0, (ulong)Ticks.FromSeconds(seconds).Value), new Operation(OperationKind.Write, Heap));

    private static FixedProgram Wakes() =>
        new([.. Enumerable.Range(0, 25).Select(_ => new Operation(OperationKind.Idle, 0, (ulong)Ticks.FromSeconds(1).Value))]);
}
