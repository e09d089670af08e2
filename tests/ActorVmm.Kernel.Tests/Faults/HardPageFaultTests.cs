using ActorVmm.Actors;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Faults;

/// <summary>Reads from a paging file (fact book §16.5).</summary>
public sealed class HardPageFaultTests
{
    private const ulong Heap = 0x5000_0000;

    // pages written out · cluster · page touched · pages of the read, and the first of them. A read stays in an aligned 64 KB.
    [Theory]
    [InlineData("0-31", 16, 5, 0, 16)]
    [InlineData("0-31", 16, 0, 0, 16)]
    [InlineData("0-31", 16, 31, 16, 16)]
    [InlineData("8-23", 16, 20, 16, 8)]
    [InlineData("8-23", 16, 8, 8, 8)]
    [InlineData("0-31", 8, 5, 0, 8)] // what lies before comes first
    [InlineData("0-31", 8, 15, 8, 8)]
    [InlineData("0-31", 1, 5, 5, 1)]
    [InlineData("3-3", 16, 3, 3, 1)]
    [InlineData("0-2 4-15", 16, 6, 4, 12)]
    public void NeighboursAreReadAlong(string pages, int cluster, int touched, int first, int count)
    {
        var machine = Machine(cluster);
        machine.Allocate(Heap, 32);
        foreach (int page in Pages(pages))
        {
            machine.Write(At(page)).ShouldBe(NtStatus.Success);
        }

        PageOut(machine);
        machine.Facts.Clear();
        machine.Read(At(touched)).ShouldBe(NtStatus.Success);
        var opened = machine.Facts.Of<InPageOpened>().ShouldHaveSingleItem();
        (opened.First.Start.Value, opened.Count).ShouldBe((At(first), count));
        machine.Files[0].PageReads.ShouldBe(1UL);
        machine.Files[0].PagesInput.ShouldBe((ulong)count);
        machine.Processes[0].WorkingSetPages.ShouldBe(1, "neighbours are not in the working set");
        machine.Frames.CountOf(PageLocation.Standby).ShouldBe(count - 1, "they are on standby");
        for (int page = first; page < first + count; page++)
        {
            new ProcessView(machine.Processes[0]).PteOf(At(page)).Form.ShouldBe(page == touched ? PteForm.Valid : PteForm.Transition);
        }

        machine.Facts.Clear();
        for (int page = first; page < first + count; page++)
        {
            machine.Read(At(page)).ShouldBe(NtStatus.Success);
        }

        machine.Facts.Of<FaultCounted>().Count(fault => fault.FaultKind == FaultKind.Transition).ShouldBe(count - 1);
        machine.Files[0].PageReads.ShouldBe(1UL, "no further read");
        machine.EndsAtTheBaseline();
    }

    // Neighbours in memory that are strangers in the paging file are not read along.
    [Fact]
    public void NeighboursMustLieTogetherInThePagingFileToo()
    {
        var machine = Machine(16);
        machine.Allocate(Heap, 16);
        foreach (int page in (int[])[0, 2, 4, 1, 3, 5])
        {
            machine.Write(At(page));
            machine.Trim();
        }

        machine.WriteOut();
        machine.RepurposeStandby();
        machine.Facts.Clear();
        machine.Read(At(2)).ShouldBe(NtStatus.Success);
        machine.Facts.Of<InPageOpened>().ShouldHaveSingleItem().Count.ShouldBe(1);
        machine.EndsAtTheBaseline();
    }

    // Its copy in the paging file stays good while the page is clean, and is given up with the first store that is noticed.
    [Fact]
    public void ASlotIsKeptWhileThePageIsClean()
    {
        var machine = Machine(16);
        machine.Allocate(Heap, 1);
        machine.Write(Heap);
        PageOut(machine);
        machine.Read(Heap).ShouldBe(NtStatus.Success);
        machine.Files[0].CurrentUsage.ShouldBe(1U);
        machine.Trim();
        machine.Frames.CountOf(PageLocation.Standby).ShouldBe(1, "clean: straight to standby");
        machine.Files[0].CurrentUsage.ShouldBe(1U);
        machine.Write(Heap).ShouldBe(NtStatus.Success);
        machine.Trim();
        machine.Frames.CountOf(PageLocation.Modified).ShouldBe(1);
        machine.Files[0].CurrentUsage.ShouldBe(0U);
        machine.EndsAtTheBaseline();
    }

    [Fact]
    public void APageThatCannotBeReadRaisesAnExceptionAndCanBeReadLater()
    {
        var machine = Machine(16);
        machine.Allocate(Heap, 4);
        machine.WriteAll(Heap, 4);
        PageOut(machine);
        machine.Inject(machine.Cast.PagingFiles[0], new Disturb(Ticks.FromMilliseconds(20), InjectionCode.ReadError, 1000));
        machine.Facts.Clear();
        ulong[] requests = [.. Enumerable.Range(0, 3).Select(page => machine.Begin(new Operation(OperationKind.Read, At(page % 2))))];
        machine.Host.Run(machine.Host.Now + Ticks.FromMilliseconds(15));
        requests.ShouldAllBe(request => machine.Answer(request).Status == NtStatus.InPageError);
        machine.Facts.Of<ExceptionRaised>().Select(raised => raised.Status).ShouldBe(Enumerable.Repeat(NtStatus.InPageError, 3));
        machine.Facts.Of<InPageClosed>().ShouldHaveSingleItem().Mapped.ShouldBe((ushort)0);
        machine.Facts.Of<FaultCounted>().Select(fault => fault.FaultKind).ShouldBe([FaultKind.Hard, FaultKind.Collided, FaultKind.Collided], true);
        new ProcessView(machine.Processes[0]).PteOf(Heap).Form.ShouldBe(PteForm.PagingFile, "the PTE names the slot again");
        machine.Frames.CountOf(PageLocation.Transition).ShouldBe(0, "the frames are free");
        machine.Files[0].CurrentUsage.ShouldBeGreaterThanOrEqualTo(4U);
        machine.Run();
        machine.Read(Heap).ShouldBe(NtStatus.Success, "what it contains is checked on every access");
        machine.EndsAtTheBaseline();
    }

    // R2, R14: what a page may be used for is looked at again when the read has ended.
    [Theory]
    [InlineData(PageProtection.NoAccess, NtStatus.AccessViolation)]
    [InlineData(PageProtection.ReadWrite | PageProtection.Guard, NtStatus.GuardPageViolation)]
    [InlineData(PageProtection.ReadOnly, NtStatus.Success)]
    public void AProtectionThatChangesDuringTheReadHolds(PageProtection protection, NtStatus status)
    {
        var machine = Machine(16);
        machine.Allocate(Heap, 4);
        machine.WriteAll(Heap, 4);
        PageOut(machine);
        ulong read = machine.Begin(new Operation(OperationKind.Read, Heap));
        machine.Host.Run(machine.Host.Now + Ticks.FromMilliseconds(1));
        ulong protect = machine.Begin(new Operation(OperationKind.Protect, Heap, 0x4000, protection));
        machine.Run();
        machine.Answer(protect).Status.ShouldBe(NtStatus.Success);
        machine.Answer(read).Status.ShouldBe(status);
        machine.Query(Heap + 0x1000).Protection.ShouldBe((ushort)protection);
        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(OperationKind.Release, 0)]
    [InlineData(OperationKind.Release, 0x2000)]
    [InlineData(OperationKind.Decommit, 0x1000)]
    [InlineData(OperationKind.Decommit, 0)]
    public void APageDeletedDuringItsReadIsGone(OperationKind how, ulong size)
    {
        var machine = Machine(16);
        machine.Allocate(Heap, 4);
        machine.WriteAll(Heap, 4);
        PageOut(machine);
        ulong read = machine.Begin(new Operation(OperationKind.Read, Heap));
        machine.Host.Run(machine.Host.Now + Ticks.FromMilliseconds(1));
        ulong free = machine.Begin(new Operation(how, Heap, size));
        machine.Run();
        machine.Answer(free).Status.ShouldBe(NtStatus.Success);
        machine.Answer(read).Status.ShouldBe(NtStatus.AccessViolation);
        uint left = size == 0 ? 0 : 4 - (uint)(size >> 12);
        machine.Files[0].CurrentUsage.ShouldBeGreaterThanOrEqualTo(left);
        machine.Ledger.Private.ShouldBe(left + machine.Processes[1].PrivateCommit);
        machine.EndsAtTheBaseline();
    }

    private static TestMachine Machine(int cluster)
    {
        var machine = new TestMachine(
            new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet with { ReadCluster = cluster } },
            [TestMachine.Idle, TestMachine.Idle]);
        machine.Run();
        return machine;
    }

    private static void PageOut(TestMachine machine)
    {
        machine.Trim();
        machine.WriteOut();
        machine.RepurposeStandby();
    }

    private static ulong At(int page) => Heap + ((ulong)page << 12);

    private static IEnumerable<int> Pages(string runs) =>
        runs.Split(' ').Select(run => run.Split('-')).SelectMany(run => Enumerable.Range(int.Parse(run[0]), int.Parse(run[1]) - int.Parse(run[0]) + 1));
}
