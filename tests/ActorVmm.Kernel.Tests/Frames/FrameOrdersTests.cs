using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Frames;

/// <summary>Purged standby lists (fact book §22), notifications (§1), priorities of threads, and frames that fail (§15.3).</summary>
public sealed class FrameOrdersTests
{
    private readonly FrameStory _story = new();

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 4)]
    [InlineData(7, 6)]
    public void APurgeTakesTheLowestPriorities(int highest, int purged)
    {
        var pages = new[] { 0, 5, 0, 3, 2, 7 }.Select(priority => _story.Standby(priority)).ToList();
        BenchTurn turn = _story.Bench.Hear(BenchCast.Operator, new PurgeStandby(highest));
        turn.States<StandbyPurged>().ShouldBe(new StandbyPurged(purged, highest));
        _story.Frames.CountOf(PageLocation.Standby).ShouldBe(6 - purged);
        _story.Frames.CountOf(PageLocation.Free).ShouldBe(purged);
        Enumerable.Range(0, 8).Sum(_story.Frames.RepurposedOf).ShouldBe(0, "nobody else got their frames");
        SoftFaultAnswered answer = _story.SoftFault(pages[0]).Asks<SoftFaultAnswered>(FrameStory.Process);
        (answer.Result, answer.Slot.IsNone).ShouldBe((SoftFaultResult.Repurposed, false), "its contents are where they were written");
    }

    [Fact]
    public void AThreadsPriorityDecidesTheStandbyList()
    {
        var page = _story.Map();
        _story.Bench.Hear(FrameStory.Process, new SetFramePriority(page.Frame, 1));
        _story.Trim(page, true);
        _story.Written(_story.StartWrite(1));
        _story.Frames.StandbyOf(1).ShouldBe(1);
    }

    [Fact]
    public void APriorityThatComesTooLateIsNobodys()
    {
        var page = _story.Standby(4);
        _story.Bench.Hear(FrameStory.Process, new SetFramePriority(page.Frame, 1));
        _story.Frames.StandbyOf(4).ShouldBe(1);
        _story.Field(page.Frame, "priority").ShouldBe(4UL);
    }

    // Fact book §1, as ReactOS computes it: 128 MB and less, up to 1 GB, more, and never more than 64 MB.
    [Theory]
    [InlineData(8_192U, 400)]
    [InlineData(16_128U, 800)]
    [InlineData(0x8000U, 800)]
    [InlineData(0x8000U + 3_200, 900)]
    [InlineData(0x4_0000U, 7_968)]
    [InlineData(0x4_0000U + 128, 8_193)]
    [InlineData(0x10_0000U, 14_336)]
    [InlineData(0x100_0000U, 16_384)]
    [InlineData(64U, 8)]
    public void TheLowNotificationDependsOnMemory(uint frames, int pages) => MemoryThresholds.For(frames, new MemoryPolicy()).LowNotification.ShouldBe(pages);

    [Fact]
    public void NotificationsAreSignalledAndReset()
    {
        var story = new FrameStory(16, TestMachine.Quiet with { LowNotification = 4 });
        var pages = Enumerable.Range(0, 4).Select(_ => story.Map()).ToList();
        story.Bench.StatedSoFar<MemoryConditionChanged>().ShouldBeEmpty();
        story.Take(1).States<MemoryConditionChanged>().ShouldBe(new MemoryConditionChanged(11, 12, MemoryCondition.High, 0));
        Enumerable.Range(0, 6).ToList().ForEach(_ => story.Map());
        story.Take(1).States<MemoryConditionChanged>().ShouldBe(new MemoryConditionChanged(4, 4, MemoryCondition.Low, 1));
        story.Delete(pages[0].Frame).States<MemoryConditionChanged>().ShouldBe(new MemoryConditionChanged(5, 4, MemoryCondition.Low, 0));
    }

    [Fact]
    public void AFailedFrameThatNobodyUsesIsRetired()
    {
        Fail(new Pfn(3)).States<FrameFailed>().ShouldBe(new FrameFailed(new Pfn(3), PageLocation.Zeroed, 0, 0));
        _story.Where(new Pfn(3)).ShouldBe(PageLocation.Bad);
        Fail(new Pfn(3)).StatesNo<FrameFailed>();
    }

    [Fact]
    public void ACleanPageIsReadAgain()
    {
        var page = _story.Standby();
        Fail(page.Frame);
        _story.Where(page.Frame).ShouldBe(PageLocation.Bad);
        SoftFaultAnswered answer = _story.SoftFault(page).Asks<SoftFaultAnswered>(FrameStory.Process);
        (answer.Result, answer.Slot).ShouldBe((SoftFaultResult.Repurposed, new PagingFileSlot(0, 1)));
    }

    [Fact]
    public void AModifiedPageIsLost()
    {
        var page = _story.Modified();
        Fail(page.Frame).States<PageLost>().ShouldBe(new PageLost(page.Vpn, page.Frame, FrameStory.Process));
        _story.Where(page.Frame).ShouldBe(PageLocation.Bad);
        _story.SoftFault(page).Asks<SoftFaultAnswered>(FrameStory.Process).Result.ShouldBe(SoftFaultResult.Lost);
    }

    [Fact]
    public void AModifiedPageThatIsDeletedIsNotMissed()
    {
        var page = _story.Modified();
        Fail(page.Frame);
        _story.DeleteHint(page).AsksNo<FreeSlots>();
    }

    // What is written out was copied before: the page survives its frame. Stored to again meanwhile, it does not.
    [Theory]
    [InlineData(false, SoftFaultResult.Repurposed)]
    [InlineData(true, SoftFaultResult.Lost)]
    public void AFrameCanFailWhileItIsWritten(bool dirtied, SoftFaultResult result)
    {
        var page = _story.Modified();
        var taken = _story.StartWrite(1);
        if (dirtied)
        {
            _story.SoftFault(page);
            page = _story.Trim(page, true);
        }

        Fail(page.Frame).AsksNo<FrameHasFailed>();
        _story.Written(taken);
        _story.Where(page.Frame).ShouldBe(PageLocation.Bad);
        _story.SoftFault(page).Asks<SoftFaultAnswered>(FrameStory.Process).Result.ShouldBe(result);
    }

    [Fact]
    public void TheOwnerOfAnActivePageIsTold()
    {
        var page = _story.Map();
        Fail(page.Frame).Asks<FrameHasFailed>(FrameStory.Process).Pfn.ShouldBe(page.Frame);
        _story.Delete(page.Frame);
        _story.Where(page.Frame).ShouldBe(PageLocation.Bad);
    }

    [Fact]
    public void AFrameCanFailWhileItIsReadInto()
    {
        ReadFramesGranted granted = _story.TakeForRead(2).Asks<ReadFramesGranted>(FrameStory.Process);
        var frames = Enumerable.Range(0, 2).Select(at => _story.Contents.Mdls.Frame(granted.Mdl, at)).ToList();
        frames.ForEach(frame => Fail(frame));
        _story.Read(granted.Mdl, mapped: 1).Asks<FrameHasFailed>(FrameStory.Process).Pfn.ShouldBe(frames[0]);
        _story.Where(frames[1]).ShouldBe(PageLocation.Bad);
    }

    private BenchTurn Fail(Pfn frame) => _story.Bench.Hear(BenchCast.Operator, new FailFrame(frame));
}
