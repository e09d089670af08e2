using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Faults;

/// <summary>Page tables are pages: charged, freed when empty, trimmed when they map nothing, and brought back (fact book §2.3, §16.2).</summary>
public sealed class PageTableFaultTests
{
    private const ulong Heap = 0x5000_0000;

    private readonly TestMachine _machine = new(
        new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet }, [TestMachine.Idle, TestMachine.Idle]);

    public PageTableFaultTests()
    {
        _machine.Run();
        _machine.Allocate(Heap, 4);
    }

    // Where the second page lies · how many tables both have together.
    [Theory]
    [InlineData(0x5000_1000, 4)] // in the same table
    [InlineData(0x5020_0000, 5)] // 2 MB on: another page table
    [InlineData(0x9000_0000, 6)] // 1 GB on: another page directory
    [InlineData(0x90_5000_0000, 7)] // 512 GB on: all but the top table
    public void TablesAreSharedAsFarAsTheyReach(ulong second, int tables)
    {
        if (second > Heap + 0x4000)
        {
            _machine.Allocate(second, 1);
        }

        _machine.Write(Heap).ShouldBe(NtStatus.Success);
        _machine.Ledger.PageTables.ShouldBe(4UL, "each table is charged");
        _machine.Write(second).ShouldBe(NtStatus.Success);
        _machine.Ledger.PageTables.ShouldBe((ulong)tables);
        Counted().ShouldBe(tables, "each is counted when it becomes valid");
        _machine.Frames.CountOf(PageLocation.Active).ShouldBe(2 + tables, "each has a frame");
        _machine.Processes[0].WorkingSetPages.ShouldBe(2, "and none counts in the working set");
        _machine.Processes[0].PageFaults.ShouldBe(2);
        _machine.Do(OperationKind.Release, Heap).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.PageTables.ShouldBe(second > Heap + 0x4000 ? 4UL : 0UL, "tables without entries are given back");
        _machine.EndsAtTheBaseline();
    }

    // Decommitted pages leave entries behind, so the tables stay; decommitting all of a region leaves none.
    [Fact]
    public void ATableIsFreedWithItsLastEntry()
    {
        _machine.Write(Heap);
        _machine.Do(OperationKind.Decommit, Heap, 0x3000).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.PageTables.ShouldBe(4UL);
        _machine.Do(OperationKind.Release, Heap, 0x3000).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.PageTables.ShouldBe(0UL, "the rest of the region has no entry");
        _machine.Write(Heap + 0x3000).ShouldBe(NtStatus.Success);
        _machine.Ledger.PageTables.ShouldBe(4UL);
        _machine.EndsAtTheBaseline();
    }

    // 1. While a page is valid, or a hint that is still good, its tables stay. 2. When the pages are in the paging file, so are the
    // tables, one level after the other. 3. A touch brings all of them back, top table first, and then the page: one hard fault.
    [Fact]
    public void TablesThatMapNothingGoAndComeBackByHardFaults()
    {
        _machine.WriteAll(Heap, 4);
        _machine.Trim();
        Forms().ShouldBe("Valid Valid Valid Valid", "the table holds hints");
        _machine.WriteOut();
        _machine.RepurposeStandby();
        string[] expected =
        [
            "Valid Valid Valid Transition", "Valid Valid Transition PagingFile", "Valid Transition PagingFile PagingFile",
            "Transition PagingFile PagingFile PagingFile",
        ];
        foreach (string forms in expected)
        {
            // The first time the process peeks at its hints, the second time it knows that the table maps nothing.
            _machine.Trim(pass: 5);
            _machine.Trim(pass: 5);
            Forms().ShouldBe(forms);
            _machine.WriteOut();
            _machine.RepurposeStandby();
        }

        _machine.Ledger.PageTables.ShouldBe(4UL, "a table in a paging file is still charged");
        long before = Counted();
        long faults = _machine.Processes[0].PageFaults;
        _machine.Facts.Clear();
        _machine.Read(Heap + 0x2000).ShouldBe(NtStatus.Success);
        Forms().ShouldBe("Valid Valid Valid Valid");
        (Counted() - before).ShouldBe(4, "each table is counted once");
        (_machine.Processes[0].PageFaults - faults).ShouldBe(1);
        _machine.Facts.Of<FaultCounted>().ShouldHaveSingleItem().FaultKind.ShouldBe(FaultKind.Hard);
        var reads = _machine.Facts.Of<InPageOpened>();
        reads.Take(4).Select(read => read.First).ShouldBe([SelfMap.X64.Root, Table(2), Table(1), Table(0)], "top table first");
        reads.Take(4).ShouldAllBe(read => read.Count == 1, "a table is read alone");
        reads[4].First.Start.Value.ShouldBe(Heap);
        _machine.EndsAtTheBaseline();
    }

    // A table on standby comes back by a soft fault, as its pages would.
    [Fact]
    public void ATrimmedTableIsFollowedByItsHint()
    {
        _machine.WriteAll(Heap, 4);
        _machine.Trim();
        _machine.WriteOut();
        _machine.RepurposeStandby();
        _machine.Trim(pass: 5);
        _machine.Trim(pass: 5);
        Forms().ShouldBe("Valid Valid Valid Transition");
        ulong reads = _machine.Files[0].PageReads;
        _machine.Facts.Clear();
        _machine.Write(Heap).ShouldBe(NtStatus.Success);
        _machine.Facts.Of<PageMapped>().First().ShouldSatisfyAllConditions(
            mapped => mapped.Vpn.ShouldBe(Table(0)), mapped => mapped.Cause.ShouldBe(FaultKind.PageTable));
        (_machine.Files[0].PageReads - reads).ShouldBe(1UL, "only for the page itself");
        _machine.EndsAtTheBaseline();
    }

    // A memory call that writes PTEs brings their tables back too, and waits for them.
    [Theory]
    [InlineData(OperationKind.Protect)]
    [InlineData(OperationKind.Decommit)]
    [InlineData(OperationKind.Commit)]
    public void ACallWaitsForItsTables(OperationKind call)
    {
        TablesThatMapNothing();
        long before = Counted();
        ulong reads = _machine.Files[0].PageReads;
        _machine.Do(call, Heap + 0x1000, 0x1000, call == OperationKind.Decommit ? PageProtection.None : PageProtection.ReadOnly).Status.ShouldBe(NtStatus.Success);
        (Counted() - before).ShouldBe(1);
        (_machine.Files[0].PageReads - reads).ShouldBe(1UL);
        _machine.Write(Heap + 0x1000).ShouldBe(NtStatus.AccessViolation);
        _machine.Write(Heap).ShouldBe(NtStatus.Success);
        _machine.EndsAtTheBaseline();
    }

    // What nobody will look into again need not be read.
    [Fact]
    public void ReleasingAnythingNeedsNoTables()
    {
        TablesThatMapNothing();
        ulong reads = _machine.Files[0].PageReads;
        _machine.Do(OperationKind.Release, Heap).Status.ShouldBe(NtStatus.Success);
        _machine.Files[0].PageReads.ShouldBe(reads);
        _machine.EndsAtTheBaseline();
    }

    private void TablesThatMapNothing()
    {
        _machine.WriteAll(Heap, 4);
        _machine.Trim();
        _machine.WriteOut();
        _machine.RepurposeStandby();
        _machine.Trim(pass: 5);
        _machine.Trim(pass: 5);
        _machine.WriteOut();
        _machine.RepurposeStandby();
        Forms().ShouldBe("Valid Valid Valid Transition", "the hint leads nowhere, but nobody has followed it");
    }

    private static Vpn Table(int level) => level < 0 ? new Vpn(Heap >> 12) : SelfMap.X64.TableOf(Table(level - 1));

    /// <summary>The forms of the PTEs of the four tables on the way to the heap, top table first.</summary>
    private string Forms()
    {
        var view = new ProcessView(_machine.Processes[0]);
        return string.Join(' ', Enumerable.Range(0, 4).Reverse().Select(level => view.PteOf(Table(level).Start.Value).Form));
    }

    private long Counted() => _machine.Processes[0].Faults[(int)FaultKind.PageTable];
}
