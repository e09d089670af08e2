using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.PagingFiles;

/// <summary>A device that is gone, and a file that cannot be extended (fact book §21).</summary>
public sealed class OutageTests
{
    private static readonly Ticks _second = Ticks.FromSeconds(1);

    private readonly PagingFileStory _story = new(
        new PagingFilePlan(64) { MaximumPages = 100, Latency = Distribution.Constant(1_000), TicksPerPage = 10, QueueDepth = 8, ExtensionTicks = 500 });

    [Fact]
    public void ADeviceThatIsGoneGivesNoSlotsUntilItIsBack()
    {
        _story.Disturb(InjectionCode.Offline, 1, _second).States<DeviceConnection>().ShouldBe(new DeviceConnection(0, 0));
        _story.Reserve(4).Asks<SlotsReserved>(BenchCast.ModifiedPageWriter).Count.ShouldBe(0);
        BenchTurn back = _story.Bench.Advance(_second)[^1];
        back.States<DeviceConnection>().ShouldBe(new DeviceConnection(0, 1));
        back.Asks<SlotsAvailable>(BenchCast.ModifiedPageWriter);
        _story.Reserve(4).Asks<SlotsReserved>(BenchCast.ModifiedPageWriter).Count.ShouldBe(4);
    }

    // A transfer that is under way when the device goes fails too, and moves nothing.
    [Fact]
    public void TransfersUnderWayFailWithTheDevice()
    {
        _story.Reserve(4);
        _story.Write(Slot(1), 0, (1, 0xA));
        _story.Disturb(InjectionCode.Offline, 1, Ticks.Zero).StartsNoTimer();
        _story.Bench.FireTimer<TransferDone>().Asks<PagesWritten>(BenchCast.ModifiedPageWriter).Status.ShouldBe(NtStatus.DeviceNotConnected);
        _story.Read(Slot(1), 1, 3, 2);
        _story.Store(2, 0x2);
        _story.Bench.FireTimer<TransferDone>().Asks<PageRead>(BenchCast.Process(1)).Status.ShouldBe(NtStatus.DeviceNotConnected);
        _story.Stamp(2).ShouldBe(0x2UL);
    }

    [Fact]
    public void AnExtensionTakesItsTime()
    {
        _story.Grow(30).AsksNothing();
        _story.File.Pages.ShouldBe(64U);
        _story.Bench.Advance(new Ticks(400)).ShouldBeEmpty();
        _story.Bench.FireTimer<ExtensionDone>().Asks<PagingFileGrown>(BenchCast.SystemSpace).ShouldBe(new PagingFileGrown(30, 94));
    }

    [Fact]
    public void AFileGrowsToItsMaximumAndThenSaysThatItCannot()
    {
        _story.Grow(1_000);
        _story.Bench.FireTimer<ExtensionDone>().Asks<PagingFileGrown>(BenchCast.SystemSpace).ShouldBe(new PagingFileGrown(36, 100));
        _story.Grow(1);
        BenchTurn turn = _story.Bench.FireTimer<ExtensionDone>();
        turn.Asks<PagingFileGrown>(BenchCast.SystemSpace).ShouldBe(new PagingFileGrown(0, 100));
        turn.States<PagingFileExtensionFailed>().ShouldBe(new PagingFileExtensionFailed(0, 1, 100));
    }

    [Theory]
    [InlineData(InjectionCode.ExtensionError)]
    [InlineData(InjectionCode.Offline)]
    public void WhoWasRefusedAnExtensionIsToldWhenItIsPossibleAgain(InjectionCode outage)
    {
        _story.Disturb(outage, 1, _second);
        _story.Grow(10);
        _story.Bench.FireTimer<ExtensionDone>().Asks<PagingFileGrown>(BenchCast.SystemSpace).Added.ShouldBe(0U);
        _story.Bench.Advance(_second)[^1].Asks<ExtensionPossible>(BenchCast.SystemSpace).ShouldBe(new ExtensionPossible(100));
        _story.Bench.Twin(new PagingFileStory(_story.Plan).File).Fingerprint.ShouldBe(_story.Bench.Fingerprint);
    }

    private static PagingFileSlot Slot(uint page) => new(0, page);
}
