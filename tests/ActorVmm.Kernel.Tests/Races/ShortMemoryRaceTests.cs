using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>No frame is available (fact book §17, R10, R11, R12).</summary>
public sealed class ShortMemoryRaceTests
{
    private RaceStage _stage = new();

    [Fact]
    [Trait("Race", "R10")]
    public void FramesThatTheZeroPageThreadHoldsAreNotAvailable()
    {
        _stage = new RaceStage(RaceStage.Small with { Policy = RaceStage.Small.Policy with { ZeroThreadWake = 1 } });
        _stage.Hold<FreePagesTaken>();
        var first = _stage.TakeAllFrames();
        first.Exits();
        _stage.Settle();
        int batch = _stage.Deliver<FreePagesTaken>().Delivery.Read<FreePagesTaken>().Frames.Count;
        batch.ShouldBe(6);
        _stage.Hold<FramesZeroed>();
        _stage.Machine.Frames.Available.ShouldBe(24 - batch, _stage.Transcript);

        var second = _stage.TakeAllFrames(spare: 1);
        var writer = second.Begins(Store(_stage.PagesTaken(second)));
        _stage.Deliver<TakeFrames>().Stated<FrameWait>().Single().Begins.ShouldBe(1, _stage.Transcript);
        _stage.Deliver<FramesZeroed>().Stated<FrameWait>().Single().Begins.ShouldBe(0, _stage.Transcript);
        _stage.Settle();
        writer.ShouldHaveEnded();
        second.Exits();
        _stage.EndsWell("the zero-page thread brought a frame back", "a request for frames had to wait (R11)");
    }

    [Fact]
    [Trait("Race", "R11")]
    public void AThreadThatFindsNoFrameWaitsAndTriesAgainWhenSomeAreFreed()
    {
        var process = _stage.Start();
        process.Does(Store(1));
        var hog = _stage.TakeAllFrames();
        var writer = process.Begins(Store(0));
        _stage.Settle();
        writer.ShouldWait();
        hog.Exits();
        _stage.Settle();
        writer.ShouldHaveEnded();
        process.Counted(FaultKind.DemandZero).ShouldBe(2, $"the fault is counted once, however often it is tried{_stage.Transcript}");
        _stage.EndsWell("a request for frames had to wait (R11)", "a thread waited for memory");
    }

    [Fact]
    [Trait("Race", "R11")]
    public void AThreadThatWaitedForMemoryBeginsFromScratch()
    {
        var process = _stage.Start();
        process.Does(Store(1));
        var hog = _stage.TakeAllFrames();
        var writer = process.Begins(Store(0));
        _stage.Settle();
        process.Does(Decommit(0));
        hog.Exits();
        _stage.Settle();
        writer.ShouldHaveEnded(NtStatus.AccessViolation);
        process.Process.FramesKept.ShouldBe(1, $"what was granted is not lost{_stage.Transcript}");
        _stage.EndsWell("a request for frames had to wait (R11)");
    }

    [Fact]
    [Trait("Race", "R11")]
    public void WhoWaitedLongestIsServedFirst()
    {
        var first = _stage.Start();
        var second = _stage.Start();
        first.Does(Store(1));
        second.Does(Store(1));
        var hog = _stage.TakeAllFrames();
        var early = first.Begins(Store(0));
        _stage.Deliver<TakeFrames>();
        var late = second.Begins(Store(0));
        _stage.Deliver<TakeFrames>();
        hog.Does(Decommit(0));
        _stage.Settle();
        early.ShouldHaveEnded();
        late.ShouldWait();
        hog.Exits();
        _stage.Settle();
        late.ShouldHaveEnded();
        _stage.EndsWell("a request for frames had to wait (R11)");
    }

    // Four frames are more than this machine calls plenty, and one less than the first access of a process needs.
    [Fact]
    [Trait("Race", "R11")]
    public void WhoNeedsMoreThanWhatIsCalledPlentyGetsIt()
    {
        var process = _stage.Start();
        _stage.TakeAllFrames(but: RaceStage.Tables);
        var writer = process.Begins(Store(0));
        _stage.Settle();
        writer.ShouldWait();
        _stage.LetGo<LowMemory>();
        _stage.Settle();
        writer.ShouldHaveEnded();
        _stage.EndsWell("a request for frames had to wait (R11)", "a modified page was written out");
    }

    // Many threads of one process: a frame that comes is a turn for one of them, not for each.
    [Fact]
    [Trait("Race", "R11")]
    public void AGrantWakesAsManyThreadsAsItCanServe()
    {
        const int Writers = 8;
        var process = _stage.Start(pages: Writers + 1);
        process.Does(Store(Writers));
        var hog = _stage.TakeAllFrames();
        var writers = Enumerable.Range(0, Writers).Select(page => process.Begins(Store(page))).ToList();
        _stage.Settle();
        int turns = _stage.Sent<RunThreads>().Count;
        hog.Does(Decommit(0, 2));
        _stage.Settle();
        writers.Count(writer => !writer.Waits).ShouldBe(2, _stage.Transcript);
        (_stage.Sent<RunThreads>().Count - turns).ShouldBeLessThan(12, _stage.Transcript);
        hog.Exits();
        _stage.Settle();
        writers.ForEach(writer => writer.ShouldHaveEnded());
        _stage.EndsWell("a request for frames had to wait (R11)");
    }

    [Fact]
    [Trait("Race", "R7")]
    public void AProcessThatExitsWhileItWaitsForMemoryGivesBackWhatComes()
    {
        var process = _stage.Start();
        process.Does(Store(1));
        var hog = _stage.TakeAllFrames();
        var writer = process.Begins(Store(0));
        _stage.Settle();
        process.Exits();
        writer.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        _stage.Settle();
        process.Process.State.ShouldBe(ProcessState.Gone, _stage.Transcript);
        hog.Exits();
        _stage.EndsWell("a process returned a frame it never used");
    }

    // All memory is dirty. The way to an available frame: the manager is told, a page is trimmed, the writer is told, it is written.
    [Fact]
    [Trait("Race", "R12")]
    public void WritingOutMakesMemoryWithoutNeedingAny()
    {
        var process = _stage.Start();
        process.Does(Store(1));
        _stage.TakeAllFrames();
        var writer = process.Begins(Store(0));
        _stage.Settle();
        writer.ShouldWait();
        int taken = _stage.Sent<TakeFrames>().Count + _stage.Sent<TakeReadFrames>().Count;
        _stage.LetGo<LowMemory>();
        _stage.Hold<WriteCompleted>();
        _stage.Settle();
        _stage.Stated<LowMemorySignalled>().ShouldNotBeEmpty();
        _stage.Stated<WriteIssued>().ShouldNotBeEmpty(_stage.Transcript);
        _stage.Machine.Frames.Available.ShouldBe(0, _stage.Transcript);
        int takenNow = _stage.Sent<TakeFrames>().Count + _stage.Sent<TakeReadFrames>().Count;
        takenNow.ShouldBe(taken, $"nobody on the way to memory needs any{_stage.Transcript}");
        writer.ShouldWait();
        _stage.LetGo<WriteCompleted>();
        _stage.Settle();
        writer.ShouldHaveEnded();
        _stage.EndsWell("a modified page was written out", "memory was low");
    }

    // Reads may use all transfers that can be under way but those kept for writing: else the writer would wait for its own customers.
    [Fact]
    [Trait("Race", "R12")]
    public void ReadsDoNotTakeTheTransfersOfTheWriter()
    {
        var onePageAtATime = RaceStage.Small.Policy with { ReadCluster = 1 };
        _stage = new RaceStage(RaceStage.Small with { Frames = 48, PagingFiles = [new PagingFilePlan(128)], Policy = onePageAtATime });
        const int Readers = 12;
        var process = _stage.Start(pages: Readers);
        for (int page = 0; page < Readers; page++)
        {
            process.Does(Store(page));
        }

        var other = _stage.Start();
        other.Does(Store(0));
        _stage.PageOut(process, Readers);
        _stage.Hold<TransferDone>();
        var readers = Enumerable.Range(0, Readers).Select(page => process.Begins(Load(page))).ToList();
        _stage.Settle();
        int reading = _stage.Sent<ReadPages>().Count;
        reading.ShouldBeLessThan(Readers, "the test wants more reads than there are transfers");

        _stage.Trim(other);
        _stage.Flush();
        other.LocationOf(0).ShouldBe(PageLocation.Transition, $"it is being written{_stage.Transcript}");
        _stage.LetGo<TransferDone>();
        _stage.Settle();
        readers.ForEach(reader => reader.ShouldHaveEnded());
        _stage.EndsWell("a page was read", "a modified page was written out");
    }
}
