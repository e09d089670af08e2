using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>Release and decommit (fact book §7). The region has 16 pages, all committed and stored to, pages 2 to 5 out on standby.</summary>
public sealed class FreeTests
{
    private const ulong Region = 0x5000_0000;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    public FreeTests()
    {
        _machine.Allocate(Region, 16);
        _machine.WriteAll(Region + 0x2000, 4);
        _machine.Trim();
        _machine.WriteOut();
        _machine.WriteAll(Region, 2);
        _machine.WriteAll(Region + 0x6000, 10);
        _machine.Frames.CountOf(PageLocation.Standby).ShouldBe(4);
        _machine.Files[0].CurrentUsage.ShouldBe(4U);
    }

    // Fact book §7: decommitting pages that were never committed is no error. Page tables for 1 TB would be more than may be promised.
    [Fact]
    public void DecommittingWhatWasNeverCommittedNeedsNoPageTables()
    {
        const ulong Huge = 0x100_0000_0000;
        _machine.Do(OperationKind.Reserve, Huge, 0x200_0000_0000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.Commit, Huge + 0x80_0000_0000, 0x2000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        ulong tables = _machine.Ledger.PageTables;
        ulong promised = _machine.Ledger.Private;
        _machine.Do(OperationKind.Decommit, Huge, 0x100_0000_0000).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.PageTables.ShouldBe(tables);
        _machine.Ledger.Private.ShouldBe(promised - 2);
        _machine.Query(Huge).Size.ShouldBe(0x200_0000_0000UL);
        _machine.EndsAtTheBaseline();
    }

    // part · first page, pages · answered · what is left as runs (base page, pages)
    [Theory]
    [InlineData("head", 0, 4, "4+12")]
    [InlineData("tail", 8, 8, "0+8")]
    [InlineData("middle", 3, 2, "0+3 5+11")]
    [InlineData("one page", 7, 1, "0+7 8+8")]
    [InlineData("all", 0, 16, "")]
    [InlineData("all, as size 0", 0, 0, "")]
    public void AReleaseLeavesTheRest(string part, uint first, uint pages, string left)
    {
        var answer = _machine.Do(OperationKind.Release, Region + (first << 12), pages << 12);
        (answer.Status, answer.Base, answer.Size).ShouldBe((NtStatus.Success, Region + (first << 12), (ulong)(pages == 0 ? 16 : pages) << 12), part);
        Regions().ShouldBe(left);
        uint gone = pages == 0 ? 16 : pages;
        _machine.Processes[0].PrivateCommit.ShouldBe(16UL - gone);
        _machine.Ledger.Private.ShouldBe(16UL - gone);
        uint standbyGone = (uint)Enumerable.Range((int)first, (int)gone).Count(page => page is >= 2 and <= 5);
        _machine.Frames.CountOf(PageLocation.Standby).ShouldBe(4 - (int)standbyGone, "transition copies go too");
        _machine.Files[0].CurrentUsage.ShouldBe(4 - standbyGone, "and their slots");
        _machine.EndsAtTheBaseline();
    }

    // A partial release leaves regions that start at any page; what was cut out can be reserved only from a free granule on.
    [Fact]
    public void AHoleInARegionIsTooSmallForAReservation()
    {
        _machine.Do(OperationKind.Release, Region + 0x3000, 0x2000);
        _machine.Do(OperationKind.Reserve, Region + 0x3000, 0x1000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Read(Region + 0x3000).ShouldBe(NtStatus.AccessViolation);
        _machine.Do(OperationKind.Release, Region + 0x5000).Status.ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.Protect, Region + 0x2000, 0x1001, PageProtection.ReadOnly).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void DecommittingAPartReturnsTheChargeOfCommittedPagesOnly()
    {
        _machine.Do(OperationKind.Decommit, Region + 0x1000, 0x3000).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.Private.ShouldBe(13UL);
        _machine.Frames.CountOf(PageLocation.Standby).ShouldBe(2);
        _machine.Files[0].CurrentUsage.ShouldBe(2U);
        var again = _machine.Do(OperationKind.Decommit, Region, 0x4001);
        (again.Status, again.Base, again.Size).ShouldBe((NtStatus.Success, Region, 0x5000UL), "pages not committed are no error");
        _machine.Ledger.Private.ShouldBe(11UL);
        _machine.Read(Region + 0x2000).ShouldBe(NtStatus.AccessViolation);
        _machine.Query(Region).ShouldBe(new MemoryQueried(Region, Region, 0x5000, RegionState.Reserve, 0, 4));
        _machine.Do(OperationKind.Commit, Region, 0x5000, PageProtection.ReadOnly).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.Private.ShouldBe(16UL);
        _machine.Read(Region + 0x2000).ShouldBe(NtStatus.Success, "a page of zeros again; the promise of contents looks on");
        _machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(0, 0)] // Windows 10 since 1709 reports 0 when it was told 0
    [InlineData(0x1_0000, 0x1_0000)]
    public void DecommittingAllLeavesAReservation(ulong size, ulong reported)
    {
        var answer = _machine.Do(OperationKind.Decommit, Region + (size == 0 ? 0xFFFUL : 0), size);
        (answer.Status, answer.Base, answer.Size).ShouldBe((NtStatus.Success, Region, reported));
        _machine.Ledger.Total.ShouldBe(0UL, "page tables without entries are given back");
        _machine.Files[0].CurrentUsage.ShouldBe(0U);
        _machine.Query(Region).ShouldBe(new MemoryQueried(Region, Region, 0x1_0000, RegionState.Reserve, 0, 4));
        _machine.Write(Region).ShouldBe(NtStatus.AccessViolation);
        _machine.Do(OperationKind.Commit, Region, 0x1000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Write(Region).ShouldBe(NtStatus.Success);
        _machine.Ledger.Private.ShouldBe(1UL);
        _machine.EndsAtTheBaseline();
    }

    // RT:TestFreeNoAccess: pages that may not be accessed are in transition, and their frames are freed with them.
    [Theory]
    [InlineData(PageProtection.NoAccess)]
    [InlineData(PageProtection.ReadWrite | PageProtection.Guard)]
    public void FramesOfInaccessiblePagesAreFreed(PageProtection protection)
    {
        for (int round = 0; round < 50; round++)
        {
            ulong heap = _machine.Allocate(0x6000_0000, 8);
            _machine.WriteAll(heap, 8);
            _machine.Do(OperationKind.Protect, heap, 8 << 12, protection).Status.ShouldBe(NtStatus.Success);
            _machine.Frames.CountOf(PageLocation.Modified).ShouldBe(8);
            _machine.Do(round % 2 == 0 ? OperationKind.Release : OperationKind.Decommit, heap).Status.ShouldBe(NtStatus.Success);
            _machine.Frames.CountOf(PageLocation.Modified).ShouldBe(0);
            _machine.Do(OperationKind.Release, heap);
        }

        _machine.EndsAtTheBaseline();
    }

    private string Regions()
    {
        List<string> runs = [];
        for (ulong address = Region; address < Region + 0x1_0000;)
        {
            var run = _machine.Query(address);
            if (run.State != RegionState.Free)
            {
                run.Base.ShouldBe(run.AllocationBase, "adjacent regions never merge");
                runs.Add($"{(run.Base - Region) >> 12}+{run.Size >> 12}");
            }

            address = run.Base + run.Size;
        }

        return string.Join(' ', runs);
    }
}
