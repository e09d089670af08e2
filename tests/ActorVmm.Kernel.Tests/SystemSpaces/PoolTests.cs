using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.SystemSpaces;

/// <summary>Pool (fact book §23): limits, quota, what is always in memory and what is not.</summary>
public sealed class PoolTests
{
    private static readonly SystemRegions _regions = SystemRegions.Of(new Platform());
    private static readonly ulong _paged = _regions.PagedPool.Value;
    private static readonly ulong _nonPaged = _regions.NonPagedPool.Value;

    private readonly TestMachine _machine = Machine(new SystemPlan { NonPagedPool = 40, PagedPool = 60, PagedPoolQuota = 20, NonPagedPoolQuota = 10 });

    [Fact]
    public void NonPagedPoolIsInMemoryBeforeAnybodyTouchesIt()
    {
        Allocate(_nonPaged, 10).ShouldBe(NtStatus.Success);
        _machine.Processes[0].WorkingSetPages.ShouldBe(10);
        _machine.Trim();
        _machine.Processes[0].WorkingSetPages.ShouldBe(10, "nothing of it can be trimmed");
        _machine.Ledger.Private.ShouldBe(10UL, "and it is charged");
        Ends();
    }

    [Fact]
    public void PagedPoolComesByFaultsAndGoes()
    {
        Allocate(_paged, 10).ShouldBe(NtStatus.Success);
        _machine.Processes[0].WorkingSetPages.ShouldBe(0);
        _machine.Poke(_paged + 0x3000, 0x77);
        _machine.Processes[0].WorkingSetPages.ShouldBe(1);
        _machine.Trim();
        _machine.WriteOut();
        _machine.Processes[0].WorkingSetPages.ShouldBe(0);
        _machine.Peek(_paged + 0x3000).ShouldBe(0x77UL);
        Ends();
    }

    [Fact]
    public void EachPoolHasItsLimit()
    {
        Allocate(_nonPaged, 41).ShouldBe(NtStatus.InsufficientResources);
        Allocate(_nonPaged, 40).ShouldBe(NtStatus.Success);
        Allocate(_nonPaged + (40UL << 12), 1).ShouldBe(NtStatus.InsufficientResources);
        Allocate(_paged, 60).ShouldBe(NtStatus.Success, "the other pool is another one");
        Free(_nonPaged).ShouldBe(NtStatus.Success);
        Allocate(_nonPaged, 40).ShouldBe(NtStatus.Success);
        _machine.Ledger.PeakOf(PoolKind.NonPaged).ShouldBe(40UL);
        Ends();
    }

    [Fact]
    public void AProcessIsChargedForItsPool()
    {
        Allocate(_paged, 20, quotaOf: 3).ShouldBe(NtStatus.Success);
        Allocate(_paged + 0x10_0000, 1, quotaOf: 3).ShouldBe(NtStatus.QuotaExceeded);
        Allocate(_paged + 0x10_0000, 1, quotaOf: 4).ShouldBe(NtStatus.Success, "another process has its own");
        Allocate(_nonPaged, 11, quotaOf: 3).ShouldBe(NtStatus.QuotaExceeded);
        Free(_paged).ShouldBe(NtStatus.Success);
        Allocate(_paged, 20, quotaOf: 3).ShouldBe(NtStatus.Success);
        Ends();
    }

    [Fact]
    public void PoolIsRefusedWhenTheSystemCannotPromiseMore()
    {
        var machine = new TestMachine(new MachinePlan(64) { Policy = TestMachine.Quiet }, [TestMachine.Idle with { IsSystem = true }]);
        machine.Run();
        machine.Do(new Operation(OperationKind.AllocatePool, _paged, 64)).Status.ShouldBe(NtStatus.InsufficientResources);
        machine.Ledger.AllocatedOf(PoolKind.Paged).ShouldBe(0UL, "what the pool had granted is the pool's again");
        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(0x1_0000UL, 1)]
    [InlineData(0xFFFF_A000_0000_0000UL, 0)]
    public void WhatIsNoPoolIsRefused(ulong address, int pages)
    {
        Allocate(address, (ulong)pages).ShouldBe(NtStatus.InvalidParameter);
        Free(address).ShouldBe(NtStatus.MemoryNotAllocated);
    }

    [Fact]
    public void AllocatedTwiceOrFreedTwiceItIsRefused()
    {
        Allocate(_paged, 4).ShouldBe(NtStatus.Success);
        Allocate(_paged + 0x1000, 1).ShouldBe(NtStatus.InvalidParameter);
        Free(_paged + 0x1000).ShouldBe(NtStatus.MemoryNotAllocated);
        Free(_paged).ShouldBe(NtStatus.Success);
        Free(_paged).ShouldBe(NtStatus.MemoryNotAllocated);
        Ends();
    }

    [Fact]
    public void OtherProcessesNeitherAllocatePoolNorTouchIt()
    {
        var machine = TestMachine.With(TestMachine.Idle);
        machine.Do(new Operation(OperationKind.AllocatePool, _paged, 1)).Status.ShouldBe(NtStatus.NotSupported);
        machine.Read(_paged).ShouldBe(NtStatus.AccessViolation);
        machine.Write(_nonPaged).ShouldBe(NtStatus.AccessViolation);
    }

    // Killed in the middle of any of its steps, the system gives back what it had.
    [Fact]
    public void AnExitDuringAnAllocationLeavesNothing()
    {
        for (int turns = 1; turns < 40; turns++)
        {
            var machine = Machine(new SystemPlan());
            machine.Begin(new Operation(OperationKind.AllocatePool, _nonPaged, 6));
            machine.Host.Run(maxTurns: turns);
            machine.EndsAtTheBaseline();
            machine.Ledger.AllocatedOf(PoolKind.NonPaged).ShouldBe(0UL);
        }
    }

    private static TestMachine Machine(SystemPlan system)
    {
        var machine = new TestMachine(
            new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet, System = system }, [TestMachine.Idle with { IsSystem = true }]);
        machine.Run();
        return machine;
    }

    private NtStatus Allocate(ulong address, ulong pages, ulong quotaOf = 0) =>
        _machine.Do(new Operation(OperationKind.AllocatePool, address, pages | (quotaOf << Operation.QuotaShift))).Status;

    private NtStatus Free(ulong address) => _machine.Do(new Operation(OperationKind.FreePool, address)).Status;

    private void Ends()
    {
        _machine.EndsAtTheBaseline();
        (_machine.Ledger.AllocatedOf(PoolKind.Paged), _machine.Ledger.AllocatedOf(PoolKind.NonPaged)).ShouldBe((0UL, 0UL));
    }
}
