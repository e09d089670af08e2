using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.PagingFiles;

public sealed class PagingFileTests
{
    private readonly PagingFileStory _story = new(new PagingFilePlan(32) { QueueDepth = 2 });

    [Fact]
    public void SlotsAreReservedInRunsAndTheHeaderStays()
    {
        var turn = _story.Reserve(16);
        turn.Asks<SlotsReserved>(BenchCast.ModifiedPageWriter).ShouldBe(new SlotsReserved(Slot(1), 16, 0));
        turn.States<SlotsTaken>().ShouldBe(new SlotsTaken(Slot(1), 16));
        _story.Reserve(16).Asks<SlotsReserved>(BenchCast.ModifiedPageWriter).ShouldBe(new SlotsReserved(Slot(17), 15, 0));
        _story.File.CurrentUsage.ShouldBe(31U);
    }

    [Fact]
    public void WhatWasWrittenIsRead()
    {
        _story.Reserve(3);
        _story.Write(Slot(1), 0, (1, 0xA), (2, 0xB), (3, 0xC));
        _story.Bench.FireTimer().Asks<PagesWritten>(BenchCast.ModifiedPageWriter).ShouldBe(new PagesWritten(new MdlId(0), NtStatus.Success));

        _story.Read(Slot(2), 1, block: 7, 11, 12);
        _story.Bench.FireTimer().Asks<PageRead>(BenchCast.Process(1)).ShouldBe(new PageRead(7, NtStatus.Success));
        _story.Stamp(11).ShouldBe(0xBUL);
        _story.Stamp(12).ShouldBe(0xCUL);
    }

    // R4: the copy made when the frame was handed over is written, whatever was stored since.
    [Fact]
    public void AStoreDuringTheWriteIsNotWritten()
    {
        _story.Reserve(1);
        _story.Write(Slot(1), 0, (1, 0xA));
        _story.Store(1, 0xBAD);
        _story.Bench.FireTimer();

        _story.Read(Slot(1), 1, block: 0, 2);
        _story.Bench.FireTimer();
        _story.Stamp(2).ShouldBe(0xAUL);
    }

    [Fact]
    public void NothingArrivesBeforeTheTransferHasEnded()
    {
        _story.Reserve(1);
        _story.Write(Slot(1), 0, (1, 0xA));
        _story.Bench.FireTimer();
        _story.Store(2, 0x2);
        _story.Read(Slot(1), 1, block: 0, 2).AsksNothing();
        _story.Stamp(2).ShouldBe(0x2UL);
    }

    // R19: the page was deleted while it was being written. The slot stays taken until the device has let go of it.
    [Fact]
    public void ASlotFreedDuringATransferBecomesFreeWhenItHasEnded()
    {
        _story.Reserve(31);
        _story.Write(Slot(4), 0, (1, 0xA), (2, 0xB));

        _story.Free(Slot(4), 1).StatesNo<SlotsFreed>();
        _story.Reserve(1).Asks<SlotsReserved>(BenchCast.ModifiedPageWriter).Count.ShouldBe(0);

        var turn = _story.Bench.FireTimer();
        turn.States<SlotsFreed>().ShouldBe(new SlotsFreed(Slot(4), 1));
        turn.Asks<SlotsAvailable>(BenchCast.ModifiedPageWriter).File.ShouldBe(0);
        _story.Reserve(1).Asks<SlotsReserved>(BenchCast.ModifiedPageWriter).First.ShouldBe(Slot(4));
    }

    [Fact]
    public void OfARangeOnlyTheSlotsUnderTransferWait()
    {
        _story.Reserve(31);
        _story.Write(Slot(10), 0, (1, 0xA), (2, 0xB));
        _story.Free(Slot(8), 6).Stated<SlotsFreed>().ShouldBe([new SlotsFreed(Slot(8), 2), new SlotsFreed(Slot(12), 2)]);
        _story.Bench.FireTimer().States<SlotsFreed>().ShouldBe(new SlotsFreed(Slot(10), 2));
    }

    [Fact]
    public void ASlotReadTwiceIsFreeAfterTheLastRead()
    {
        _story.Reserve(1);
        _story.Read(Slot(1), 0, block: 1, 1);
        _story.Read(Slot(1), 1, block: 2, 2);
        _story.Free(Slot(1), 1);
        _story.Bench.FireTimer().StatesNo<SlotsFreed>();
        _story.Bench.FireTimer().States<SlotsFreed>();
    }

    [Fact]
    public void AFreedSlotRemembersNothing()
    {
        _story.Reserve(1);
        _story.Write(Slot(1), 0, (1, 0xA));
        _story.Bench.FireTimer();
        var before = new PagingFileStory(_story.Plan).Bench.Fingerprint;
        _story.Free(Slot(1), 1);
        _story.Reserve(31);
        _story.Read(Slot(1), 1, block: 0, 2);
        _story.Bench.FireTimer();
        _story.Stamp(2).ShouldBe(0UL);
        before.ShouldNotBe(_story.Bench.Fingerprint, "usage and counters are state");
    }

    [Fact]
    public void TheDeviceWorksOnAsManyTransfersAsItsQueueIsDeep()
    {
        _story.Reserve(4);
        _story.Read(Slot(1), 0, block: 1, 1).Starts<TransferDone>();
        _story.Read(Slot(2), 1, block: 2, 2).Starts<TransferDone>();
        _story.Read(Slot(3), 2, block: 3, 3).StartsNoTimer();
        _story.Read(Slot(4), 3, block: 4, 4).StartsNoTimer();

        var turn = _story.Bench.FireTimer();
        turn.Asks<PageRead>(BenchCast.Process(1)).Block.ShouldBe(1);
        turn.States<TransferStarted>().ShouldBe(new TransferStarted(Slot(3), 1, 0, 1), "those that wait are served in order");
        int[] blocks = [.. Enumerable.Range(0, 3).Select(_ => _story.Bench.FireTimer().Asks<PageRead>(BenchCast.Process(1)).Block)];
        blocks.ShouldBe([2, 3, 4]);
    }

    [Fact]
    public void ATransferTakesItsLatencyAndTimeForEachPage()
    {
        var story = new PagingFileStory(new PagingFilePlan(32) { Latency = Distribution.Uniform(1_000, 2_000), TicksPerPage = 10_000 });
        story.Reserve(8);
        story.Read(Slot(1), 0, block: 0, 1, 2, 3).Starts<TransferDone>().Value.ShouldBeInRange(31_000, 32_000);
        story.Read(Slot(4), 1, block: 0, 4).Starts<TransferDone>().Value.ShouldBeInRange(11_000, 12_000);
    }

    [Fact]
    public void ALatencyBelowZeroIsZero()
    {
        var story = new PagingFileStory(new PagingFilePlan(32) { Latency = Distribution.Constant(-5), TicksPerPage = 0 });
        story.Reserve(1);
        story.Read(Slot(1), 0, block: 0, 1).Starts<TransferDone>().ShouldBe(Ticks.Zero);
    }

    [Fact]
    public void ItCountsTransfersAndPages()
    {
        _story.Reserve(8);
        _story.Write(Slot(1), 0, (1, 0xA), (2, 0xB), (3, 0xC));
        _story.Bench.FireTimer();
        _story.Read(Slot(1), 1, block: 0, 4, 5);
        _story.Bench.FireTimer();
        _story.Free(Slot(1), 8);
        (_story.File.PageWrites, _story.File.PagesOutput, _story.File.PageReads, _story.File.PagesInput).ShouldBe((1UL, 3UL, 1UL, 2UL));
        (_story.File.CurrentUsage, _story.File.PeakUsage).ShouldBe((0U, 8U));
    }

    [Fact]
    public void ItGrowsAsFarAsItMay()
    {
        var story = new PagingFileStory(new PagingFilePlan(8) { MaximumPages = 20 });
        story.Grow(10).Asks<PagingFileGrown>(BenchCast.SystemSpace).ShouldBe(new PagingFileGrown(10, 18));
        story.Grow(10).Asks<PagingFileGrown>(BenchCast.SystemSpace).ShouldBe(new PagingFileGrown(2, 20));
        story.Grow(10).Asks<PagingFileGrown>(BenchCast.SystemSpace).ShouldBe(new PagingFileGrown(0, 20));
        story.Reserve(19).Asks<SlotsReserved>(BenchCast.ModifiedPageWriter).Count.ShouldBe(19);
    }

    [Fact]
    public void WhoeverMetAFullFileIsToldOnceWhenItHasGrown()
    {
        var story = new PagingFileStory(new PagingFilePlan(8) { MaximumPages = 20 });
        story.Reserve(7);
        story.Reserve(1);
        story.Grow(2).Asks<SlotsAvailable>(BenchCast.ModifiedPageWriter);
        story.Grow(2).AsksNo<SlotsAvailable>();
        story.Free(Slot(1), 1).AsksNothing();
    }

    // Each of these would lose or mix contents if it went on.
    [Fact]
    public void WhatCannotBeStopsTheMachine()
    {
        _story.Reserve(2);
        Stops(() => _story.Free(Slot(3), 1), "freed only while it is in use");
        Stops(() => _story.Free(new PagingFileSlot(1, 1), 1), "the paging file they belong to");
        Stops(() => _story.Free(PagingFileSlot.None, 1), "the paging file they belong to");
        Stops(() => _story.Read(Slot(3), 0, block: 0, 1), "only slots in use are read");
        Stops(() => _story.Bench.Hear(BenchCast.Process(1), new ReadPages(Slot(1), new MdlId(5), 0)), "at least one page");
        Stops(() => _story.Bench.Hear(BenchCast.Process(1), new TransferDone(3)), "named by its row");

        _story.Write(Slot(1), 0, (1, 0xA));
        _story.Free(Slot(1), 1);
        Stops(() => _story.Free(Slot(1), 1), "freed once");
        Stops(() => _story.Read(Slot(1), 1, block: 0, 2), "only slots in use are read");
        Stops(() => _story.Bench.Hear(BenchCast.Process(1), new ManagerTick()), "a paging file");
    }

    [Fact]
    public void RestoredWithTransfersUnderWayItGoesOnAlike()
    {
        _story.Reserve(20);
        _story.Write(Slot(1), 0, (1, 0xA), (2, 0xB));
        _story.Bench.FireTimer();
        _story.Read(Slot(1), 1, block: 5, 4);
        _story.Write(Slot(7), 2, (5, 0xC));
        _story.Read(Slot(2), 3, block: 6, 6);
        _story.Free(Slot(7), 1);
        _story.Disturb(InjectionCode.ReadError, 500, Ticks.FromSeconds(1));

        // Whatever the fresh one did before must not show.
        var other = new PagingFileStory(_story.Plan);
        other.Reserve(31);
        other.Write(Slot(30), 0, (9, 0xF));
        other.Bench.FireTimer();
        ActorBench.Copy(_story.Contents, other.Contents);
        var twin = _story.Bench.Twin(other.File);

        while (_story.Bench.Timers.Count > 0)
        {
            _story.Bench.Alike(twin, bench => bench.FireTimer());
        }

        _story.Bench.Alike(twin, bench => bench.Hear(BenchCast.ModifiedPageWriter, new ReserveSlots(16)));
        other.Stamp(4).ShouldBe(0xAUL);
        other.File.PageReads.ShouldBe(2UL);
    }

    private static PagingFileSlot Slot(uint page) => new(0, page);

    private static void Stops(Action act, string promise) => Should.Throw<BugCheckException>(act).Message.ShouldContain(promise);
}
