using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>Large pages (fact book §1, §11): whole, aligned, in memory at once, or not at all.</summary>
public sealed class LargePageTests
{
    private const ulong TwoMegabytes = 0x20_0000;
    private const ulong Base = 0x4000_0000;

    private readonly TestMachine _machine = Machine(2048);

    [Fact]
    public void ALargePageIsAnAlignedRunOfFrames()
    {
        Allocate(Base, 2 * TwoMegabytes).ShouldBe(NtStatus.Success);
        Pfn first = _machine.Processes[0].Walk(new VirtualAddress(Base).Page).Steps[^1].Entry.Pfn;
        (first.Value % 512).ShouldBe(0U);
        _machine.Processes[0].WorkingSetPages.ShouldBe(0, "it is in no working set");
        _machine.Ledger.Private.ShouldBe(1024UL);
        _machine.Trim();
        _machine.Poke(Base + 0x12_3450, 0x77);
        _machine.Peek(Base + 0x12_3450).ShouldBe(0x77UL);
        _machine.Facts.Of<FaultOpened>().ShouldBeEmpty("nothing about it ever faults");
        _machine.Do(OperationKind.Release, Base).Status.ShouldBe(NtStatus.Success);
        _machine.Frames.CountOf(PageLocation.Free).ShouldBeGreaterThanOrEqualTo(1024);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void TheWalkEndsAtThePde()
    {
        Allocate(Base, TwoMegabytes).ShouldBe(NtStatus.Success);
        var steps = _machine.Processes[0].Walk(new VirtualAddress(Base + 0x1_2345).Page).Steps;
        steps.Select(step => step.Level).ShouldBe(["PXE", "PPE", "PDE"]);
        steps[^1].Entry.IsLargePage.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Base, TwoMegabytes + 0x1000, NtStatus.InvalidParameter4)]
    [InlineData(Base + 0x1_0000, TwoMegabytes, NtStatus.InvalidParameter2)]
    public void OnlyWholeLargePagesAreGiven(ulong address, ulong size, NtStatus status) => Allocate(address, size).ShouldBe(status);

    [Fact]
    public void WithoutThePrivilegeThereAreNone()
    {
        var machine = TestMachine.With(TestMachine.Idle, frames: 2048);
        machine.Do(new Operation(OperationKind.AllocateLarge, Base, TwoMegabytes, PageProtection.ReadWrite)).Status.ShouldBe(NtStatus.PrivilegeNotHeld);
    }

    [Fact]
    public void APartOfItIsNeitherFreedNorProtectedNorDecommitted()
    {
        Allocate(Base, TwoMegabytes).ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.Release, Base, 0x1000).Status.ShouldBe(NtStatus.InvalidParameter);
        _machine.Do(OperationKind.Decommit, Base, 0x1000).Status.ShouldBe(NtStatus.MemoryNotAllocated);
        _machine.Do(OperationKind.Protect, Base, 0x1000, PageProtection.ReadOnly).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.EndsAtTheBaseline();
    }

    // One page in use in every 2 MB: plenty is available, and there is no large page.
    [Fact]
    public void FragmentedMemoryHasNone()
    {
        _machine.Allocate(0x1000_0000, 2000);
        _machine.WriteAll(0x1000_0000, 2000);
        for (ulong page = 0; page < 2000; page++)
        {
            if (page % 250 != 0)
            {
                _machine.Do(OperationKind.Decommit, 0x1000_0000 + (page << 12), 0x1000);
            }
        }

        _machine.Frames.Available.ShouldBeGreaterThan(1900);
        Allocate(Base, TwoMegabytes).ShouldBe(NtStatus.InsufficientResources);
        _machine.Facts.Of<LargePageRefused>().ShouldHaveSingleItem().Available.ShouldBeGreaterThan(1900);
        _machine.Holds();
        _machine.Do(OperationKind.Release, 0x1000_0000).Status.ShouldBe(NtStatus.Success);
        Allocate(Base, TwoMegabytes).ShouldBe(NtStatus.Success);
        _machine.EndsAtTheBaseline();
    }

    // Half of it can be assembled: all of it goes back.
    [Fact]
    public void ItIsAllOrNothing()
    {
        Allocate(Base, 3 * TwoMegabytes).ShouldBe(NtStatus.Success);
        Allocate(Base + (4 * TwoMegabytes), 2 * TwoMegabytes).ShouldBe(NtStatus.InsufficientResources);
        _machine.Ledger.Private.ShouldBe(3UL * 512);
        _machine.Holds();
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void StandbyPagesGoForItAndComeBackFromTheirSlots()
    {
        _machine.Allocate(0x1000_0000, 1800);
        for (ulong table = 0; table < 4; table++)
        {
            _machine.Write(0x1000_0000 + (table * TwoMegabytes)).ShouldBe(NtStatus.Success, "its page tables lie together");
        }

        _machine.WriteAll(0x1000_0000, 1800);
        _machine.Trim();
        _machine.WriteOut();
        Allocate(Base, 2 * TwoMegabytes).ShouldBe(NtStatus.Success);
        _machine.Facts.Of<LargePageAssembled>().Sum(fact => fact.FromStandby).ShouldBeGreaterThan(500U);
        for (ulong page = 0; page < 900; page++)
        {
            _machine.Read(0x1000_0000 + (page << 12)).ShouldBe(NtStatus.Success);
        }

        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void AnExitInTheMiddleLeavesNothing()
    {
        for (int turns = 1; turns < 40; turns += 3)
        {
            var machine = Machine(2048);
            machine.Begin(new Operation(OperationKind.AllocateLarge, Base, 2 * TwoMegabytes, PageProtection.ReadWrite));
            machine.Host.Run(maxTurns: turns);
            machine.EndsAtTheBaseline();
        }
    }

    // 1 GB pages where the range has room for one and memory has such a run.
    [Fact]
    public void AGigabyteCanBeOnePage()
    {
        var machine = Machine((1U << 18) + (1U << 18) + 512);
        machine.Facts.Keeping = false;
        machine.Do(new Operation(OperationKind.AllocateLarge, 1UL << 32, 1UL << 30, PageProtection.ReadWrite)).Status.ShouldBe(NtStatus.Success);
        var steps = machine.Processes[0].Walk(new VirtualAddress((1UL << 32) + 0x1234_5678).Page).Steps;
        steps.Select(step => step.Level).ShouldBe(["PXE", "PPE"]);
        machine.EndsAtTheBaseline();
    }

    private static TestMachine Machine(uint frames)
    {
        var machine = new TestMachine(
            new MachinePlan(frames) { PagingFiles = [new PagingFilePlan(4096)], Policy = TestMachine.Quiet }, [TestMachine.Idle with { LockMemoryPrivilege = true }]);
        machine.Run();
        return machine;
    }

    private NtStatus Allocate(ulong address, ulong size) => _machine.Do(new Operation(OperationKind.AllocateLarge, address, size, PageProtection.ReadWrite)).Status;
}
