using ActorVmm.Actors;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>What can happen to a page while it is being written to a paging file (fact book §17, R3, R4, R6, R19).</summary>
public sealed class WriteBackRaceTests
{
    private readonly RaceStage _stage = new();

    [Fact]
    [Trait("Race", "R3")]
    public void ALoadDuringWritebackMapsThePageAtOnceAndKeepsItOffStandby()
    {
        var process = PageBeingWritten();
        process.Does(Load(0));
        WriteEnds().ShouldBe(WriteBackResult.Referenced);
        process.LocationOf(0).ShouldBe(PageLocation.Active);

        // The copy that was written is good: nobody has stored to the page since, so it goes to standby without another write.
        _stage.Trim(process);
        process.LocationOf(0).ShouldBe(PageLocation.Standby);
        _stage.Stated<PageWriteStarted>().ShouldHaveSingleItem();
        _stage.EndsWell("a fault overtook a write-back (R3)", "a hint found its page under a write-back (R3)");
    }

    [Fact]
    [Trait("Race", "R3")]
    public void APageLoadedAndTrimmedDuringWritebackIsCleanWhenItEnds()
    {
        var process = PageBeingWritten();
        process.Does(Load(0));
        _stage.Trim(process);
        process.LocationOf(0).ShouldBe(PageLocation.Transition);
        WriteEnds().ShouldBe(WriteBackResult.Clean);
        process.LocationOf(0).ShouldBe(PageLocation.Standby);
        _stage.EndsWell("a write-back was undisturbed");
    }

    [Fact]
    [Trait("Race", "R3")]
    public void ASoftFaultOnItsWayWhenTheWriteEndsFindsThePageOnStandby()
    {
        var process = PageBeingWritten();
        var reader = process.Begins(Load(0));
        WriteEnds().ShouldBe(WriteBackResult.Clean);
        _stage.Deliver<SoftFault>().Sent<SoftFaultAnswered>().Single().Result.ShouldBe(SoftFaultResult.RelinkedFromStandby);
        _stage.Settle();
        reader.ShouldHaveEnded();
        _stage.EndsWell("a hint found its page on standby");
    }

    [Fact]
    [Trait("Race", "R3")]
    public void AFailedWriteOfAPageThatWasMappedMeanwhileLeavesItModified()
    {
        var process = PageBeingWritten(failing: true);
        process.Does(Load(0));
        WriteEnds().ShouldBe(WriteBackResult.Failed);

        // The process has only looked at it and lets it go as clean; the PFN database knows better.
        _stage.Trim(process);
        _stage.Stated<PageUnmapped>()[^1].Dirty.ShouldBeFalse();
        process.LocationOf(0).ShouldBe(PageLocation.Modified);
        _stage.PageOutHinted(process);
        _stage.EndsWell("a write-back failed", "a page that had been stored to came back from a paging file");
    }

    [Fact]
    [Trait("Race", "R4")]
    public void AStoreDuringWritebackKeepsThePageModified()
    {
        var process = PageBeingWritten();
        process.Does(Store(0));
        _stage.Trim(process);
        WriteEnds().ShouldBe(WriteBackResult.DirtiedAgain);
        process.LocationOf(0).ShouldBe(PageLocation.Modified);
        _stage.Settle();
        _stage.Machine.Files[0].CurrentUsage.ShouldBe(0u, $"the stale copy is freed{_stage.Transcript}");

        _stage.PageOutHinted(process);
        _stage.EndsWell("a store overtook a write-back (R4)", "a page that had been stored to came back from a paging file");
    }

    [Fact]
    [Trait("Race", "R4")]
    public void AStoreDuringWritebackThatIsTrimmedAfterItsEndKeepsThePageModified()
    {
        var process = PageBeingWritten();
        process.Does(Store(0));
        WriteEnds().ShouldBe(WriteBackResult.Referenced);
        _stage.Trim(process);
        process.LocationOf(0).ShouldBe(PageLocation.Modified);
        _stage.Machine.Files[0].CurrentUsage.ShouldBe(0u, $"the stale copy is freed{_stage.Transcript}");

        _stage.PageOutHinted(process);
        _stage.EndsWell("a fault overtook a write-back (R3)", "a page that had been stored to came back from a paging file");
    }

    [Fact]
    [Trait("Race", "R4")]
    public void ATrimOnItsWayWhenTheWriteEndsStillMakesThePageModified()
    {
        var process = PageBeingWritten();
        process.Does(Store(0));
        _stage.AskToTrim(process, 1);
        _stage.Deliver<TrimWorkingSet>();
        _stage.OnTheirWay<TrimPage>().ShouldBe(1);
        WriteEnds().ShouldBe(WriteBackResult.Referenced);
        _stage.Deliver<TrimPage>();
        process.LocationOf(0).ShouldBe(PageLocation.Modified);
        _stage.Settle();
        _stage.PageOutHinted(process);
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R6")]
    public void APageDecommittedDuringWritebackKeepsFrameAndSlotUntilItEnds()
    {
        var process = PageBeingWritten();
        process.Does(Decommit(0));
        FrameAndSlotAreKept(process);
        WriteEnds().ShouldBe(WriteBackResult.Deleted);
        process.LocationOf(0).ShouldBe(PageLocation.Free);
        process.Does(Load(0), NtStatus.AccessViolation);
        _stage.EndsWell("a deletion overtook a write-back (R6)");
    }

    [Fact]
    [Trait("Race", "R6")]
    public void APageReleasedDuringWritebackIsNoPartOfWhatIsAllocatedThereNext()
    {
        var process = PageBeingWritten();
        process.Does(Release());
        FrameAndSlotAreKept(process);
        process.Does(Allocate(8));
        process.Does(Load(0));
        _stage.Stated<PageLoaded>()[^1].Stamp.ShouldBe(ContentStamp.Zeros, _stage.Transcript);
        process.Does(Store(0));
        WriteEnds().ShouldBe(WriteBackResult.Deleted);
        _stage.EndsWell("a deletion overtook a write-back (R6)");
    }

    [Fact]
    [Trait("Race", "R6")]
    public void APageMappedAgainDuringWritebackAndThenDecommittedIsFreedWhenItEnds()
    {
        var process = PageBeingWritten();
        process.Does(Store(0));
        process.Does(Decommit(0));
        FrameAndSlotAreKept(process);
        WriteEnds().ShouldBe(WriteBackResult.Deleted);
        process.LocationOf(0).ShouldBe(PageLocation.Free);
        _stage.EndsWell("a deletion overtook a write-back (R6)", "a frame was given back to its page while it was being written");
    }

    [Fact]
    [Trait("Race", "R6")]
    public void ADecommitOnItsWayWhenTheWriteEndsFindsThePageOnStandby()
    {
        var process = PageBeingWritten();
        process.Begins(Decommit(0)).ShouldHaveEnded();
        _stage.OnTheirWay<DeleteHint>().ShouldBe(1);
        WriteEnds().ShouldBe(WriteBackResult.Clean);
        process.LocationOf(0).ShouldBe(PageLocation.Standby);
        _stage.Deliver<DeleteHint>();
        process.LocationOf(0).ShouldBe(PageLocation.Free);
        _stage.EndsWell("a write-back was undisturbed");
    }

    [Fact]
    [Trait("Race", "R7")]
    public void AProcessThatExitsDuringWritebackIsGoneAtOnceAndItsFrameWhenItEnds()
    {
        var process = PageBeingWritten();
        process.Exits();
        _stage.Settle();
        process.Process.State.ShouldBe(ProcessState.Gone);
        FrameAndSlotAreKept(process);
        WriteEnds().ShouldBe(WriteBackResult.Deleted);
        _stage.EndsWell("a deletion overtook a write-back (R6)", "a process exited");
    }

    [Fact]
    [Trait("Race", "R19")]
    public void ASlotIsGivenOutAgainOnlyWhenTheWriteToItHasEnded()
    {
        var stage = new RaceStage(RaceStage.Small with { PagingFiles = [new PagingFilePlan(2)] });
        var first = PageBeingWritten(stage, stage.Start());
        var second = stage.Start();
        second.Does(Store(0));
        first.Does(Decommit(0));

        // The one slot there is belongs to nobody any more, but the device is still writing to it.
        stage.Trim(second);
        stage.Flush();
        stage.Stated<SlotsTaken>().ShouldHaveSingleItem(stage.Transcript);
        stage.Stated<PagingFilesFull>().ShouldNotBeEmpty();

        stage.LetGo<TransferDone>();
        stage.Flush();
        var taken = stage.Stated<SlotsTaken>();
        taken.Count.ShouldBe(2, stage.Transcript);
        taken[1].First.ShouldBe(taken[0].First);
        second.LocationOf(0).ShouldBe(PageLocation.Standby, stage.Transcript);
        stage.EndsWell("a deletion overtook a write-back (R6)", "the paging files were full");
    }

    /// <summary>A process whose page 0 was stored to, trimmed, and is on its way to the paging file.</summary>
    private StagedProcess PageBeingWritten(bool failing = false)
    {
        if (failing)
        {
            _stage.Inject(_stage.Cast.PagingFiles[0], new Disturb(new Ticks(1), InjectionCode.WriteError, 1_000));
        }

        var process = PageBeingWritten(_stage, _stage.Start());
        if (failing)
        {
            _stage.Deliver<DisturbanceEnds>();
        }

        return process;
    }

    private static StagedProcess PageBeingWritten(RaceStage stage, StagedProcess process)
    {
        process.Does(Store(0));
        stage.Hold<TransferDone>();
        stage.Trim(process);
        stage.Flush();
        stage.OnTheirWay<TransferDone>().ShouldBe(1, stage.Transcript);
        process.LocationOf(0).ShouldBe(PageLocation.Transition);
        return process;
    }

    /// <summary>The device has written, and everybody concerned hears of it.</summary>
    private WriteBackResult WriteEnds()
    {
        _stage.LetGo<TransferDone>();
        _stage.Deliver<TransferDone>();
        _stage.Deliver<PagesWritten>();
        return _stage.Deliver<WriteCompleted>().Stated<PageWriteEnded>().Single().Result;
    }

    private void FrameAndSlotAreKept(StagedProcess process)
    {
        process.LocationOf(0).ShouldBe(PageLocation.Transition, _stage.Transcript);
        _stage.Stated<SlotsFreed>().ShouldNotContain(freed => freed.First == _stage.Stated<PageWriteStarted>()[0].Slot, _stage.Transcript);
        _stage.Machine.Files[0].CurrentUsage.ShouldBe(1u, _stage.Transcript);
    }
}
