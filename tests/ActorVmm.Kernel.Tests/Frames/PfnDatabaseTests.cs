using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Frames;

/// <summary>Which frame is given, who gets it first, what becomes of slots, and who is told (fact book §15, §16.5, §19, §20, §22).</summary>
public sealed class PfnDatabaseTests
{
    private readonly FrameStory _story = new();

    // Standby list 0 first, then 1 … 7; of one list the oldest.
    [Fact]
    public void StandbyPagesAreRepurposedByPriorityAndAge()
    {
        int[] priorities = [5, 2, 7, 0, 2, 5, 1, 0];
        var pages = priorities.Select(priority => _story.Standby(priority)).ToList();
        for (int priority = 0; priority < 8; priority++)
        {
            _story.Frames.StandbyOf(priority).ShouldBe(priorities.Count(other => other == priority));
        }

        TakeAllZeroed();
        var order = Enumerable.Range(0, 8).Select(_ => Taken()).Select(frame => pages.FindIndex(page => page.Frame == frame)).ToList();
        order.ShouldBe([3, 7, 6, 1, 4, 0, 5, 2]);
        for (int priority = 0; priority < 8; priority++)
        {
            _story.Frames.RepurposedOf(priority).ShouldBe(priorities.Count(other => other == priority));
        }
    }

    // Zeroed and free at the ends the book names: zeroed in front, free behind; standby and modified behind.
    [Fact]
    public void FramesComeFromTheHead()
    {
        var pages = Enumerable.Range(0, 4).Select(_ => _story.Map()).ToList();
        TakeAllZeroed();
        pages.ForEach(page => _story.Delete(page.Frame));
        Enumerable.Range(0, 2).Select(_ => Taken()).ShouldBe([pages[0].Frame, pages[1].Frame], "free: the oldest first");

        // The zero-page thread brings the others back; what was zeroed last is taken first, while it is warm.
        var batch = _story.Bench.Hear(BenchCast.ZeroPageThread, new TakeFree(6)).Asks<FreePagesTaken>(BenchCast.ZeroPageThread).Frames;
        batch.Count.ShouldBe(2);
        for (int i = 0; i < 2; i++)
        {
            _story.Contents[batch[i]] = ContentStamp.Zeros;
        }

        _story.Bench.Hear(BenchCast.ZeroPageThread, new FramesZeroed(batch));
        Enumerable.Range(0, 2).Select(_ => Taken()).ShouldBe([pages[3].Frame, pages[2].Frame]);
    }

    [Fact]
    public void TheOldestModifiedPagesAreWrittenFirst()
    {
        var pages = Enumerable.Range(0, 4).Select(_ => _story.Modified()).ToList();
        var first = _story.StartWrite(3);
        first.Count.ShouldBe(3);
        Enumerable.Range(0, 3).Select(at => _story.Contents.Mdls.Frame(first.Mdl, at)).ShouldBe(pages.Take(3).Select(page => page.Frame));
        _story.Contents.Mdls.Copied(first.Mdl, 1).ShouldBe(_story.Contents[pages[1].Frame], "copied in that turn");
        _story.LastTurn!.Stated<SlotAttached>().Select(fact => fact.Slot).ShouldBe(Enumerable.Range(0, 3).Select(at => first.First.Plus((uint)at)));
        var second = _story.StartWrite(3);
        (second.Count, second.Offered).ShouldBe((1, 3));
        _story.StartWrite(3).Mdl.ShouldBe(MdlId.None, "nothing is left to be written");
    }

    // Any contents: free before zeroed; a page of zeros: zeroed before free. Standby comes last.
    [Theory]
    [InlineData(true, "Zeroed Free Standby")]
    [InlineData(false, "Free Zeroed Standby")]
    public void FramesAreTakenInOrder(bool zeroed, string order)
    {
        var story = new FrameStory(4);
        story.Standby();
        var free = story.Map();
        story.Map();
        story.Delete(free.Frame);
        List<PageLocation> from = [];
        for (int i = 0; i < 3; i++)
        {
            var turn = zeroed ? story.Take(1) : story.TakeForRead(1);
            from.Add(turn.Stated<FrameMoved>()[0].From);
        }

        string.Join(' ', from).ShouldBe(order);
    }

    // Faulted again by somebody more important, a page goes to a better list; never to a worse one.
    [Theory]
    [InlineData(3, 6, 6)]
    [InlineData(6, 3, 6)]
    public void PriorityOnlyRises(int first, byte second, int standby)
    {
        var page = _story.Standby(first);
        _story.SoftFault(page, priority: second);
        _story.Trim(page, false);
        _story.Frames.StandbyOf(standby).ShouldBe(1);
    }

    [Fact]
    public void WantedFramesAreGivenOnlyFromPlenty()
    {
        var story = new FrameStory(16, TestMachine.Quiet with { PlentyAvailable = 12 });
        story.Take(1, wanted: 7).Asks<FramesGranted>(FrameStory.Process).Frames.Count.ShouldBe(4, "down to twelve");
        story.Take(2, wanted: 7).Asks<FramesGranted>(FrameStory.Process).Frames.Count.ShouldBe(2, "those needed in any case");
    }

    // First come, first served: a small request does not overtake a large one.
    [Fact]
    public void WhoWaitsLongestIsServedFirst()
    {
        var pages = _story.MapAll();
        _story.Bench.Hear(BenchCast.Process(2), new TakeFrames(3, 3, 5)).AsksNo<FramesGranted>();
        _story.Bench.Hear(BenchCast.Process(3), new TakeFrames(1, 1, 5)).AsksNo<FramesGranted>();
        _story.Bench.Hear(BenchCast.Process(4), new TakeReadFrames(new Vpn(0x900), new PagingFileSlot(0, 700), 0, default, 4, 2, 5, 0)).AsksNo<ReadFramesGranted>();
        _story.Delete(pages[0].Frame).AsksNo<FramesGranted>();
        _story.Delete(pages[1].Frame).AsksNo<FramesGranted>();
        var turn = _story.Delete(pages[2].Frame);
        turn.Asks<FramesGranted>(BenchCast.Process(2)).Frames.Count.ShouldBe(3);
        turn.Stated<FrameWait>().ShouldBe([new FrameWait(BenchCast.Process(2), 3, 0, 2)]);
        _story.Delete(pages[3].Frame).Asks<FramesGranted>(BenchCast.Process(3)).Frames.Count.ShouldBe(1);
        var read = _story.Delete(pages[4].Frame).Asks<ReadFramesGranted>(BenchCast.Process(4));
        (_story.Contents.Mdls.Length(read.Mdl), read.Offset).ShouldBe((1, 2), "memory is short: only the page that was faulted on");
    }

    [Fact]
    public void AReadGetsFramesWithTheirSlots()
    {
        var turn = _story.TakeForRead(4, 1);
        var granted = turn.Asks<ReadFramesGranted>(FrameStory.Process);
        (granted.Block, granted.Offset, _story.Contents.Mdls.Length(granted.Mdl)).ShouldBe((3, 0, 4));
        turn.Stated<SlotAttached>().Select(fact => fact.Slot.Page).ShouldBe([500U, 501U, 502U, 503U]);
        var ended = _story.Read(granted.Mdl, mapped: 0b0010, deleted: 0b1000);
        ended.Stated<FrameMoved>().Select(fact => fact.To).ShouldBe([PageLocation.Standby, PageLocation.Active, PageLocation.Standby, PageLocation.Free]);
        ended.SentTo<FreeSlots>(BenchCast.PagingFile(0)).ShouldBe([new FreeSlots(new PagingFileSlot(0, 503), 1)], "only the deleted page gives up its slot");
    }

    [Fact]
    public void AReadThatFailedGivesSlotsBackToThePtes()
    {
        var granted = _story.TakeForRead(2).Asks<ReadFramesGranted>(FrameStory.Process);
        var turn = _story.Read(granted.Mdl, NtStatus.DeviceDataError, deleted: 0b01);
        turn.Stated<SlotDetached>().Select(fact => (fact.Slot.Page, fact.Handed)).ShouldBe([(500U, 0), (501U, 1)]);
        turn.Sent<FreeSlots>().ShouldHaveSingleItem().First.Page.ShouldBe(500U);
        _story.Frames.CountOf(PageLocation.Free).ShouldBe(2);
    }

    // R4, R19: the slot that was just written is stale, and is freed before the page gets another.
    [Theory]
    [InlineData("clean", WriteBackResult.Clean, 0)]
    [InlineData("referenced", WriteBackResult.Referenced, 0)]
    [InlineData("dirtied", WriteBackResult.DirtiedAgain, 1)]
    [InlineData("deleted", WriteBackResult.Deleted, 1)]
    [InlineData("failed", WriteBackResult.Failed, 1)]
    public void AWriteBackTellsWhatItFound(string meanwhile, WriteBackResult result, int freed)
    {
        var page = _story.Modified();
        var write = _story.StartWrite(1);
        if (meanwhile is "referenced" or "dirtied")
        {
            _story.SoftFault(page);
        }

        if (meanwhile == "dirtied")
        {
            _story.Trim(page, true);
        }

        if (meanwhile == "deleted")
        {
            _story.DeleteHint(page).AsksNo<FreeSlots>();
        }

        var turn = _story.Written(write, meanwhile == "failed" ? NtStatus.DeviceDataError : NtStatus.Success);
        turn.States<PageWriteEnded>().Result.ShouldBe(result);
        turn.Sent<FreeSlots>().ShouldBe(Enumerable.Repeat(new FreeSlots(write.First, 1), freed));
    }

    [Fact]
    public void MemoryIsLowOnceUntilItWasReported()
    {
        var story = new FrameStory(16, TestMachine.Quiet with { LowAvailable = 4, PlentyAvailable = 6 });
        List<FrameStory.Page> pages = [.. Enumerable.Range(0, 12).Select(_ => story.Map())];
        story.Take(1).Asks<LowMemory>(BenchCast.WorkingSetManager).Available.ShouldBe(3);
        story.Take(1).AsksNo<LowMemory>();
        var report = story.Bench.Hear(BenchCast.WorkingSetManager, default(ReportAvailable)).Asks<AvailableReported>(BenchCast.WorkingSetManager);
        (report.Available, report.Modified, report.Waiters).ShouldBe((2, 0, 0));
        pages.ForEach(page => story.Trim(page, true));
        report = story.Bench.Hear(BenchCast.WorkingSetManager, default(ReportAvailable)).Asks<AvailableReported>(BenchCast.WorkingSetManager);
        (report.Available, report.Modified).ShouldBe((2, 12));
    }

    [Fact]
    public void TheWriterIsToldOnceUntilItFindsNothing()
    {
        var story = new FrameStory(16, TestMachine.Quiet with { ModifiedMaximum = 2 });
        story.Modified();
        story.LastTurn!.AsksNo<ModifiedPagesAvailable>();
        story.Modified();
        story.LastTurn!.Asks<ModifiedPagesAvailable>(BenchCast.ModifiedPageWriter).Modified.ShouldBe(2);
        story.Modified();
        story.LastTurn!.AsksNo<ModifiedPagesAvailable>();
        Offer(story, 1).Count.ShouldBe(1);
        Offer(story, 2).Count.ShouldBe(1);
        Offer(story, 3).Mdl.ShouldBe(MdlId.None, "one modified page is below the threshold");
        story.Modified();
        story.LastTurn!.Asks<ModifiedPagesAvailable>(BenchCast.ModifiedPageWriter);
    }

    [Fact]
    public void FlushingWritesEverythingWhateverTheThresholds()
    {
        _story.Modified();
        _story.Bench.Hear(BenchCast.Operator, default(FlushModified)).Asks<ModifiedPagesAvailable>(BenchCast.ModifiedPageWriter);
        Offer(_story, 1).Count.ShouldBe(1);
        Offer(_story, 2).Count.ShouldBe(0);
        _story.Modified();
        Offer(_story, 3).Count.ShouldBe(0, "the flush is over");
    }

    [Fact]
    public void TheZeroPageThreadIsToldAtEightFreePages()
    {
        var story = new FrameStory(16, TestMachine.Quiet with { ZeroThreadWake = 8 });
        var pages = Enumerable.Range(0, 10).Select(_ => story.Map()).ToList();
        foreach (var page in pages.Take(7))
        {
            story.Delete(page.Frame).AsksNo<FreePagesAvailable>();
        }

        story.Delete(pages[7].Frame).Asks<FreePagesAvailable>(BenchCast.ZeroPageThread).Free.ShouldBe(8);
        story.Delete(pages[8].Frame).AsksNo<FreePagesAvailable>();
        int available = story.Frames.Available;
        story.Bench.Hear(BenchCast.ZeroPageThread, new TakeFree(6)).Asks<FreePagesTaken>(BenchCast.ZeroPageThread).Frames.Count.ShouldBe(6);
        story.Frames.Available.ShouldBe(available - 6, "R10: a batch is not available while it is being zeroed");
    }

    [Fact]
    public void WhatCannotBeIsABugCheck()
    {
        var page = _story.Map();
        Should.Throw<BugCheckException>(() => _story.Bench.Hear(BenchCast.Process(2), new TrimPage(page.Vpn, page.Frame, default, 4, true)));
        Should.Throw<BugCheckException>(() => _story.Bench.Hear(FrameStory.Process, new DeleteHint(page.Vpn, page.Frame, default, 0)));
        Should.Throw<BugCheckException>(() => _story.Bench.Hear(FrameStory.Process, default(ManagerTick))).Message.ShouldContain("PFN database");
    }

    // In the middle of a read, a write, a batch being zeroed, with a waiter and a remembered page, restored it goes on alike.
    [Fact]
    public void RestoredInTheMiddleItGoesOnAlike()
    {
        var lost = _story.Standby();
        TakeAllZeroed();
        Taken().ShouldBe(lost.Frame);
        var pages = Enumerable.Range(0, 6).Select(frame => new FrameStory.Page(new Vpn(0x200 + (uint)frame), new Pfn((uint)(lost.Frame.Value == frame ? 9 : frame)), default)).ToList();
        _story.Delete(pages[0].Frame);
        var read = _story.TakeForRead(1).Asks<ReadFramesGranted>(FrameStory.Process);
        var hint = _story.Trim(pages[1], true);
        var write = _story.StartWrite(1);
        _story.Delete(pages[2].Frame);
        var batch = _story.Bench.Hear(BenchCast.ZeroPageThread, new TakeFree(6)).Asks<FreePagesTaken>(BenchCast.ZeroPageThread).Frames;
        _story.Bench.Hear(BenchCast.Process(2), new TakeFrames(2, 2, 5)).AsksNo<FramesGranted>();
        var other = new FrameStory();
        var twin = _story.Bench.Twin(other.Frames);
        Func<ActorBench, BenchTurn>[] steps =
        [
            bench => bench.Hear(FrameStory.Process, new SoftFault(lost.Vpn, lost.Frame, lost.Generation, false, 5)),
            bench => bench.Hear(FrameStory.Process, new SoftFault(hint.Vpn, hint.Frame, hint.Generation, false, 5)),
            bench => bench.Hear(BenchCast.ModifiedPageWriter, new WriteCompleted(write.Mdl, NtStatus.Success)),
            bench => bench.Hear(FrameStory.Process, new InPageCompleted(read.Mdl, NtStatus.Success, 0, 1)),
            bench => bench.Hear(BenchCast.ZeroPageThread, new FramesZeroed(batch)),
            bench => bench.Hear(BenchCast.WorkingSetManager, default(ReportAvailable)),
        ];
        foreach (var step in steps)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                _story.Contents[batch[i]] = ContentStamp.Zeros;
            }

            ActorBench.Copy(_story.Contents, other.Contents);
            _story.Bench.Alike(twin, step);
        }
    }

    private static ModifiedTaken Offer(FrameStory story, uint slot) =>
        story.Bench.Hear(BenchCast.ModifiedPageWriter, new TakeModified(new PagingFileSlot(0, 100 + slot), 1)).Asks<ModifiedTaken>(BenchCast.ModifiedPageWriter);

    private void TakeAllZeroed()
    {
        while (_story.Frames.CountOf(PageLocation.Zeroed) > 0)
        {
            _story.Map();
        }
    }

    private Pfn Taken() => _story.Take(1).Asks<FramesGranted>(FrameStory.Process).Frames[0];
}
