using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>Fact book §4.3, §8 and §9 on private memory.</summary>
public sealed class ProtectAndQueryTests
{
    private const ulong Region = 0x5000_0000;
    private const ulong HighestUser = 0x7FFF_FFFE_FFFF;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    [Fact]
    public void TheOldProtectionIsThatOfTheFirstPage()
    {
        _machine.Allocate(Region, 4);
        Protect(Region + 0x1000, 0x1000, PageProtection.ReadOnly).ShouldBe(PageProtection.ReadWrite);
        Protect(Region + 0x1FFF, 2, PageProtection.ExecuteRead).ShouldBe(PageProtection.ReadOnly);
        Protect(Region, 0x4000, PageProtection.ReadWrite | PageProtection.Guard).ShouldBe(PageProtection.ReadWrite);
        Protect(Region, 0x4000, PageProtection.NoAccess).ShouldBe(PageProtection.ReadWrite | PageProtection.Guard);
        Protect(Region, 0x4000, PageProtection.ReadWrite | PageProtection.NoCache).ShouldBe(PageProtection.NoAccess);
        Protect(Region, 0x4000, PageProtection.ReadWrite).ShouldBe(PageProtection.ReadWrite, "caching is the allocation's affair");
        _machine.Ledger.Private.ShouldBe(4UL, "protection costs nothing");
        _machine.EndsAtTheBaseline();
    }

    // Whether the pages were never touched, valid, on standby or in the paging file, the new rights are what counts.
    [Theory]
    [InlineData("untouched")]
    [InlineData("valid")]
    [InlineData("modified")]
    [InlineData("standby")]
    [InlineData("paged out")]
    public void NewRightsHoldWhereverThePageIs(string where)
    {
        var machine = new TestMachine(new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet }, [TestMachine.Idle, TestMachine.Idle]);
        machine.Run();
        foreach (var (protection, rights) in ((PageProtection, string)[])[(PageProtection.ReadOnly, "r"), (PageProtection.ReadWrite, "rw"), (PageProtection.ExecuteRead, "rx"), (PageProtection.ExecuteReadWrite, "rwx"), (PageProtection.NoAccess, "")])
        {
            foreach (var access in Enum.GetValues<OperationKind>().Take(3))
            {
                machine.Allocate(Region, 1);
                Bring(machine, where);
                machine.Do(OperationKind.Protect, Region, 0x1000, protection).OldProtection.ShouldBe(PageProtection.ReadWrite);
                bool allowed = rights.Contains("rwx"[(int)access]);
                machine.Do(access, Region).Status.ShouldBe(allowed ? NtStatus.Success : NtStatus.AccessViolation, $"{access} of {protection}, {where}");
                machine.Query(Region).Protection.ShouldBe((ushort)protection);
                machine.Do(OperationKind.Protect, Region, 0x1000, PageProtection.ReadWrite).OldProtection.ShouldBe(protection);
                machine.Write(Region).ShouldBe(NtStatus.Success);
                machine.Do(OperationKind.Release, Region);
            }
        }

        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(PageProtection.NoAccess)]
    [InlineData(PageProtection.ReadWrite | PageProtection.Guard)]
    public void AnInaccessiblePageLeavesTheWorkingSetAndComesBackByASoftFault(PageProtection protection)
    {
        _machine.Allocate(Region, 2);
        _machine.WriteAll(Region, 2);
        _machine.Processes[0].WorkingSetPages.ShouldBe(2);
        Protect(Region, 0x1000, protection);
        _machine.Processes[0].WorkingSetPages.ShouldBe(1);
        Protect(Region, 0x1000, PageProtection.ReadWrite);
        _machine.Processes[0].WorkingSetPages.ShouldBe(1, "undoing it does not bring the page back");
        _machine.Facts.Clear();
        _machine.Read(Region).ShouldBe(NtStatus.Success);
        _machine.Facts.Of<FaultCounted>().ShouldHaveSingleItem().FaultKind.ShouldBe(FaultKind.Transition);
        _machine.Processes[0].WorkingSetPages.ShouldBe(2);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void NothingChangesWhenOnePageIsNotCommitted()
    {
        _machine.Do(OperationKind.Reserve, Region, 0x4000, PageProtection.ReadWrite);
        _machine.Do(OperationKind.Commit, Region, 0x3000, PageProtection.ReadWrite);
        _machine.Do(OperationKind.Protect, Region, 0x4000, PageProtection.ReadOnly).Status.ShouldBe(NtStatus.NotCommitted);
        _machine.Write(Region).ShouldBe(NtStatus.Success);
        _machine.Query(Region).Protection.ShouldBe((ushort)PageProtection.ReadWrite);
    }

    [Fact]
    public void RunsEndWhereStateOrProtectionChanges()
    {
        _machine.Do(OperationKind.Reserve, Region, 0x1_0000, PageProtection.ExecuteRead | PageProtection.Guard);
        _machine.Do(OperationKind.Commit, Region + 0x2000, 0x6000, PageProtection.ReadWrite);
        Protect(Region + 0x4000, 0x1000, PageProtection.NoAccess);
        const ushort Given = (ushort)(PageProtection.ExecuteRead | PageProtection.Guard);
        Query(0).ShouldBe(new MemoryQueried(Region, Region, 0x2000, RegionState.Reserve, 0, Given));
        Query(0x1FFF).ShouldBe(new MemoryQueried(Region + 0x1000, Region, 0x1000, RegionState.Reserve, 0, Given));
        Query(0x2000).ShouldBe(new MemoryQueried(Region + 0x2000, Region, 0x2000, RegionState.Commit, 4, Given));
        Query(0x4000).ShouldBe(new MemoryQueried(Region + 0x4000, Region, 0x1000, RegionState.Commit, 1, Given));
        Query(0x5123).ShouldBe(new MemoryQueried(Region + 0x5000, Region, 0x3000, RegionState.Commit, 4, Given));
        Query(0x8000).ShouldBe(new MemoryQueried(Region + 0x8000, Region, 0x8000, RegionState.Reserve, 0, Given));
        _machine.Processes[0].PageFaults.ShouldBe(0, "a query touches nothing");
    }

    [Theory]
    [InlineData(0x0, 0x0, 0x5000_0000, RegionState.Free, 1)] // up to the next region
    [InlineData(0x1234, 0x1000, 0x4FFF_F000, RegionState.Free, 1)]
    [InlineData(0x5001_0000, 0x5001_0000, 0x2FFD_0000, RegionState.Free, 1)] // up to the page shared with Windows
    [InlineData(0x7FFE_1000, 0x7FFE_1000, 0x7FFF_7FFF_F000, RegionState.Free, 1)] // up to the highest VAD address
    [InlineData(0x7FFF_FFFD_FFFF, 0x7FFF_FFFD_F000, 0x1000, RegionState.Free, 1)]
    [InlineData(0x7FFF_FFFE_0000, 0x7FFF_FFFE_0000, 0x1_0000, RegionState.Reserve, 1)] // above it: reserved, no access
    [InlineData(HighestUser, 0x7FFF_FFFE_F000, 0x1000, RegionState.Reserve, 1)]
    [InlineData(HighestUser + 1, 0x7FFF_FFFF_0000, 0, RegionState.Free, 1)] // invalid: size 0
    [InlineData(0xFFFF_8000_0000_0000, 0xFFFF_8000_0000_0000, 0, RegionState.Free, 1)]
    public void SpaceThatIsNobodys(ulong address, ulong start, ulong size, RegionState state, ushort protection)
    {
        _machine.Do(OperationKind.Reserve, Region, 0x1_0000, PageProtection.ReadWrite);
        var found = _machine.Query(address);
        (found.Base, found.Size, found.State, found.Protection, found.AllocationProtection).ShouldBe((start, size, state, protection, (ushort)0));
    }

    // Runs of pages nobody touched are skipped page table by page table, and still end where they should.
    [Fact]
    public void ALongRunIsMeasuredExactly()
    {
        _machine.Do(OperationKind.Reserve, Region, 0x1000_0000, PageProtection.ReadWrite);
        Query(0).Size.ShouldBe(0x1000_0000UL);
        _machine.Do(OperationKind.Commit, Region + 0x812_3000, 0x1000, PageProtection.ReadWrite);
        Query(0).Size.ShouldBe(0x812_3000UL);
        Query(0x812_4000).Size.ShouldBe(0x7ED_C000UL);
        _machine.Do(OperationKind.Decommit, Region + 0x812_3000, 0x1000);
        Query(0).Size.ShouldBe(0x1000_0000UL, "decommitted and never committed are both reserved");
    }

    // 31 TB: looked at page table by page table, one answer would take a second.
    [Theory]
    [InlineData(0x0, 0x1000_0000_0000, RegionState.Reserve)]
    [InlineData(0x1000_0000_0000, 0x1000, RegionState.Commit)]
    [InlineData(0x1000_0000_1000, 0x7FF_FFFF_F000, RegionState.Reserve)]
    [InlineData(0x1800_0000_0000, 0x2000, RegionState.Commit)]
    [InlineData(0x1800_0000_2000, 0x6FF_FFFF_E000, RegionState.Reserve)]
    public void AVeryLongRunIsMeasuredByThePagesThatDiffer(ulong offset, ulong size, RegionState state)
    {
        const ulong Huge = 0x1_0000_0000;
        _machine.Do(OperationKind.Reserve, Huge, 0x1F00_0000_0000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.Commit, Huge + 0x1800_0000_0000, 0x2000, PageProtection.ReadWrite);
        _machine.Do(OperationKind.Commit, Huge + 0x1000_0000_0000, 0x1000, PageProtection.ReadWrite);
        (_machine.Query(Huge + offset).Size, _machine.Query(Huge + offset).State).ShouldBe((size, state));
    }

    private static void Bring(TestMachine machine, string where)
    {
        if (where == "untouched")
        {
            return;
        }

        machine.Write(Region).ShouldBe(NtStatus.Success);
        if (where != "valid")
        {
            machine.Trim();
        }

        if (where is "standby" or "paged out")
        {
            machine.WriteOut();
        }

        if (where == "paged out")
        {
            machine.RepurposeStandby();
        }
    }

    private MemoryQueried Query(ulong offset) => _machine.Query(Region + offset);

    private PageProtection Protect(ulong address, ulong size, PageProtection protection)
    {
        var answer = _machine.Do(OperationKind.Protect, address, size, protection);
        answer.Status.ShouldBe(NtStatus.Success);
        answer.Base.ShouldBe(address & ~0xFFFUL);
        return answer.OldProtection;
    }
}
