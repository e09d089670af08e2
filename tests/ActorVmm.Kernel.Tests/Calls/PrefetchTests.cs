using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>NtSetInformationVirtualMemory, class 0: 40 pages, written, paged out and repurposed.</summary>
public sealed class PrefetchTests
{
    private const ulong Region = 0x100_0000;
    private const int Pages = 40;

    private readonly TestMachine _machine = new(
        new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet }, [TestMachine.Idle, TestMachine.Idle]);

    public PrefetchTests()
    {
        _machine.Run();
        _machine.Allocate(Region, Pages);
        for (int page = 0; page < Pages; page++)
        {
            _machine.Poke(Region + ((ulong)page << 12), (ulong)page + 1);
        }

        _machine.Trim();
        _machine.WriteOut();
        _machine.RepurposeStandby();
    }

    [Fact]
    public void PagesAreReadInClustersAndNobodyMapsThem()
    {
        long faults = _machine.Processes[0].PageFaults;
        int resident = _machine.Processes[0].WorkingSetPages;
        int standby = _machine.Frames.CountOf(PageLocation.Standby);
        _machine.Facts.Clear();
        Ask(Region + 0x1_0000, 0x1_0000).ShouldBe(NtStatus.Success);
        _machine.Facts.Of<InPageOpened>().Select(read => read.Count).ShouldBe([16], "64 KB are one read");
        _machine.Processes[0].PageFaults.ShouldBe(faults);
        _machine.Processes[0].WorkingSetPages.ShouldBe(resident);
        _machine.Frames.CountOf(PageLocation.Standby).ShouldBe(standby + 16);
        _machine.Holds();
    }

    [Fact]
    public void WhoComesThenFaultsSoftly()
    {
        Ask(Region, Pages << 12).ShouldBe(NtStatus.Success);
        long hard = _machine.Processes[0].Faults[(int)FaultKind.Hard];
        for (int page = 0; page < Pages; page++)
        {
            _machine.Peek(Region + ((ulong)page << 12)).ShouldBe((ulong)page + 1);
        }

        _machine.Processes[0].Faults[(int)FaultKind.Hard].ShouldBe(hard);
        _machine.Holds();
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void UnmappedRangesAreLeftAlone()
    {
        Ask(0x7000_0000, 0x10_0000).ShouldBe(NtStatus.Success);
        Ask(0x7FFF_FFFF_0000, 0x1000_0000).ShouldBe(NtStatus.Success);
        _machine.Holds();
    }

    private NtStatus Ask(ulong start, ulong size) =>
        _machine.Call(Of(CallService.SetInformation, address: sizeof(uint), size: 1), start, size).Status;
}
