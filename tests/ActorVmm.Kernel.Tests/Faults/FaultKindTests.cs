using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Faults;

/// <summary>
/// Each access that faults is counted once, however many steps its resolution takes, and in one row, by what it found; page-table
/// faults are extra (interfaces.md).
/// </summary>
public sealed class FaultKindTests
{
    private const ulong Heap = 0x5000_0000;

    private readonly TestMachine _machine = new(
        new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet }, [TestMachine.Idle, TestMachine.Idle]);

    public FaultKindTests()
    {
        _machine.Run();
        _machine.Allocate(Heap, 16);
    }

    // what has happened before · access · counted · and extra
    [Theory]
    [InlineData("nothing", OperationKind.Read, FaultKind.DemandZero, 4)] // the page's tables are made, top table first
    [InlineData("nothing", OperationKind.Write, FaultKind.DemandZero, 4)]
    [InlineData("neighbour", OperationKind.Write, FaultKind.DemandZero, 0)]
    [InlineData("modified", OperationKind.Read, FaultKind.Transition, 0)]
    [InlineData("standby", OperationKind.Write, FaultKind.Transition, 0)]
    [InlineData("paged out", OperationKind.Read, FaultKind.Hard, 0)] // the hint is followed first, but what counts is where it leads
    [InlineData("guard", OperationKind.Read, FaultKind.Guard, 4)]
    [InlineData("no access", OperationKind.Read, FaultKind.AccessViolation, 0)]
    public void EachIsCountedOnceInOneRow(string before, OperationKind access, FaultKind counted, int tables)
    {
        Bring(before);
        _machine.Facts.Clear();
        long faults = _machine.Processes[0].PageFaults;
        long inTables = Tables();
        _machine.Do(access, Heap);
        _machine.Facts.Of<FaultOpened>().Count.ShouldBe(1);
        _machine.Facts.Of<FaultCounted>().ShouldHaveSingleItem().FaultKind.ShouldBe(counted);
        _machine.Facts.Of<FaultAnswered>().Count.ShouldBe(1);
        (_machine.Processes[0].PageFaults - faults).ShouldBe(1);
        (Tables() - inTables).ShouldBe(tables);
        RowsAddUp();
        _machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(OperationKind.Read, OperationKind.Read)]
    [InlineData(OperationKind.Read, OperationKind.Write)] // the first store sets the dirty bit; that is no fault
    [InlineData(OperationKind.Write, OperationKind.Write)]
    [InlineData(OperationKind.Write, OperationKind.Read)]
    public void AnAccessToAValidPageIsNoFault(OperationKind first, OperationKind second)
    {
        _machine.Do(first, Heap);
        _machine.Facts.Clear();
        _machine.Do(second, Heap).Status.ShouldBe(NtStatus.Success);
        _machine.Facts.Of<FaultOpened>().ShouldBeEmpty();
        _machine.Processes[0].PageFaults.ShouldBe(1);
    }

    // Two threads on a page that is being read, and one on a page next to it: one read, three faults, two of them collided.
    [Fact]
    public void WhoMeetsAReadHasCollided()
    {
        Bring("paged out");
        _machine.Facts.Clear();
        ulong[] requests = [Begin(OperationKind.Read, Heap), Begin(OperationKind.Write, Heap), Begin(OperationKind.Read, Heap + 0x3000)];
        _machine.Run();
        requests.ShouldAllBe(request => _machine.Answer(request).Status == NtStatus.Success);
        _machine.Facts.Of<FaultCounted>().Select(fault => fault.FaultKind).ShouldBe([FaultKind.Hard, FaultKind.Collided, FaultKind.Collided], true);
        _machine.Facts.Of<InPageOpened>().Count.ShouldBe(1);
        _machine.Facts.Of<WaiterJoined>().Count.ShouldBe(2);
        _machine.Files[0].PageReads.ShouldBe(1UL);
        _machine.Processes[0].WorkingSetPages.ShouldBe(2, "both pages that were wanted");
        RowsAddUp();
        _machine.EndsAtTheBaseline();
    }

    // R9, R5: the second thread finds the page valid when it tries again.
    [Theory]
    [InlineData("neighbour", FaultKind.DemandZero)]
    [InlineData("standby", FaultKind.Transition)]
    public void WhoFindsItDoneHasAFaultThatWasResolvedAlready(string before, FaultKind first)
    {
        Bring(before);
        _machine.Facts.Clear();
        Begin(OperationKind.Read, Heap);
        Begin(OperationKind.Write, Heap);
        _machine.Run();
        _machine.Facts.Of<FaultCounted>().Select(fault => fault.FaultKind).ShouldBe([first, FaultKind.AlreadyResolved], true);
        RowsAddUp();
        _machine.EndsAtTheBaseline();
    }

    // Page zero-filled, thrown away without ever being stored to: what is found in the end is a page of zeros again.
    [Fact]
    public void ARepurposedPageOfZerosIsDemandZeroAgain()
    {
        _machine.Do(OperationKind.Protect, Heap, 0x1000, PageProtection.ReadOnly);
        _machine.Read(Heap).ShouldBe(NtStatus.Success);
        _machine.Trim();
        _machine.Frames.CountOf(PageLocation.Standby).ShouldBe(1, "a page that cannot be stored to is never modified");
        _machine.RepurposeStandby();
        _machine.Facts.Clear();
        _machine.Read(Heap).ShouldBe(NtStatus.Success);
        _machine.Facts.Of<FaultCounted>().ShouldHaveSingleItem().FaultKind.ShouldBe(FaultKind.DemandZero);
        _machine.Files[0].PageReads.ShouldBe(0UL);
        _machine.EndsAtTheBaseline();
    }

    private ulong Begin(OperationKind kind, ulong address) => _machine.Begin(new Operation(kind, address));

    private long Tables() => _machine.Processes[0].Faults.IsEmpty ? 0 : _machine.Processes[0].Faults[(int)FaultKind.PageTable];

    private void RowsAddUp()
    {
        long sum = 0;
        foreach (long row in _machine.Processes[0].Faults)
        {
            sum += row;
        }

        (sum - Tables()).ShouldBe(_machine.Processes[0].PageFaults);
    }

    private void Bring(string what)
    {
        switch (what)
        {
            case "neighbour":
                _machine.Write(Heap + 0x1000);
                break;
            case "guard":
                // Protecting takes page tables, so let them exist only when the page is touched: the region is made with it.
                _machine.Do(OperationKind.Release, Heap);
                _machine.Allocate(Heap, 1, PageProtection.ReadWrite | PageProtection.Guard);
                break;
            case "no access":
                _machine.Do(OperationKind.Release, Heap);
                _machine.Allocate(Heap, 1, PageProtection.NoAccess);
                break;
            case "modified" or "standby" or "paged out":
                _machine.WriteAll(Heap, 16);
                _machine.Trim();
                break;
        }

        if (what is "standby" or "paged out")
        {
            _machine.WriteOut();
        }

        if (what == "paged out")
        {
            _machine.RepurposeStandby();
        }
    }
}
