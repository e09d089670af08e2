using ActorVmm.Actors;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>What can happen to a page while it is being read from a paging file (fact book §17, R1, R2, R6, R19; R7 stands in a file of its own).</summary>
public sealed partial class ReadRaceTests
{
    private RaceStage _stage = new();
    private int _pages = 8;

    [Fact]
    [Trait("Race", "R1")]
    public void AThreadThatFaultsOnAPageBeingReadWaitsForTheSameRead()
    {
        var (process, reader) = PageBeingRead();
        var writer = process.Begins(Store(0));
        writer.ShouldWait();
        ReadEnds();
        reader.ShouldHaveEnded();
        writer.ShouldHaveEnded();
        _stage.Sent<ReadPages>().ShouldHaveSingleItem(_stage.Transcript);
        process.Counted(FaultKind.Collided).ShouldBe(1);
        _stage.EndsWell("a collided fault joined a read (R1)");
    }

    [Fact]
    [Trait("Race", "R1")]
    public void AThreadThatFaultsWhileFramesForAReadAreAskedForJoinsItToo()
    {
        var process = PagedOut();
        _stage.Hold<TakeReadFrames>();
        var reader = process.Begins(Load(0));
        _stage.Settle();
        var writer = process.Begins(Store(0));
        _stage.LetGo<TakeReadFrames>();
        _stage.Settle();
        reader.ShouldHaveEnded();
        writer.ShouldHaveEnded();
        _stage.Sent<ReadPages>().ShouldHaveSingleItem(_stage.Transcript);
        _stage.EndsWell("a collided fault joined a read (R1)");
    }

    [Fact]
    [Trait("Race", "R1")]
    public void AThreadThatFaultsOnANeighbourBeingReadAlongJoinsThatRead()
    {
        var process = PagedOut(pages: 3);
        _stage.Hold<TransferDone>();
        process.Begins(Load(0));
        _stage.Settle();

        // Only the process's own hints tell where its pages are, so page 1 learns that it is in its slot before page 2 is asked for.
        var second = process.Begins(Load(1));
        _stage.Settle();
        second.ShouldWait();
        ReadEnds();
        second.ShouldHaveEnded();
        _stage.EndsWell("a page was read");
    }

    [Fact]
    [Trait("Race", "R1")]
    public void AReadThatFailsIsAnErrorForAllWhoWaitAndThePageStaysWhereItIs()
    {
        var process = PagedOut();
        _stage.Inject(_stage.Cast.PagingFiles[0], new Disturb(new Ticks(1), InjectionCode.ReadError, 1_000));
        _stage.Hold<TransferDone>();
        var reader = process.Begins(Load(0));
        _stage.Settle();
        var writer = process.Begins(Store(0));
        _stage.Deliver<DisturbanceEnds>();
        ReadEnds();
        reader.ShouldHaveEnded(NtStatus.InPageError);
        writer.ShouldHaveEnded(NtStatus.InPageError);
        process.Does(Load(0));
        _stage.EndsWell("a read failed", "a collided fault joined a read (R1)");
    }

    // At its hard maximum the process gives up the first page of the read for the second; that must not overtake the end of the read.
    [Fact]
    [Trait("Race", "R1")]
    public void OfTwoPagesReadAtOnceOneCanReplaceTheOther()
    {
        var plan = new ProcessPlan("one page", [new FixedProgram(Allocate(8), Store(0), Store(1))])
        {
            Lingers = true,
            WorkingSet = new WorkingSetLimits(0, 1, HardMaximum: true),
            Replacement = Replacement.Fifo,
        };
        var process = _stage.Start(plan);
        _stage.PageOut(process);
        _stage.Hold<TakeReadFrames>();
        var first = process.Begins(Load(0));
        var second = process.Begins(Load(1));
        _stage.Settle();
        _stage.LetGo<TakeReadFrames>();
        _stage.Settle();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        _stage.Sent<ReadPages>().ShouldHaveSingleItem(_stage.Transcript);
        process.Process.WorkingSetPages.ShouldBe(1);
        _stage.EndsWell("a working set replaced a page by another");
    }

    [Fact]
    [Trait("Race", "R2")]
    public void APageDecommittedWhileItIsReadIsFreedWhenTheReadEnds()
    {
        var (process, reader) = PageBeingRead();
        process.Does(Decommit(0));
        FrameAndSlotAreKept();
        ReadEnds();
        reader.ShouldHaveEnded(NtStatus.AccessViolation);
        FrameAndSlotAreFree();
        _stage.EndsWell("a page was deleted while it was being read (R2)", "a page was deleted while it was being read (R6)");
    }

    [Fact]
    [Trait("Race", "R2")]
    public void APageReleasedWhileItIsReadIsFreedWhenTheReadEnds()
    {
        var (process, reader) = PageBeingRead();
        process.Does(Release());
        FrameAndSlotAreKept();
        ReadEnds();
        reader.ShouldHaveEnded(NtStatus.AccessViolation);
        FrameAndSlotAreFree();
        _stage.EndsWell("a page was deleted while it was being read (R2)");
    }

    [Fact]
    [Trait("Race", "R2")]
    public void APageDecommittedBeforeItsReadHasFramesIsNotReadAtAll()
    {
        var process = PagedOut();
        _stage.Hold<TakeReadFrames>();
        var reader = process.Begins(Load(0));
        _stage.Settle();
        process.Does(Decommit(0));
        _stage.LetGo<TakeReadFrames>();
        _stage.Settle();
        reader.ShouldHaveEnded(NtStatus.AccessViolation);
        _stage.Sent<ReadPages>().ShouldBeEmpty(_stage.Transcript);
        FrameAndSlotAreFree();
        _stage.EndsWell("a page was deleted while it was being read (R2)");
    }

    // Catalogue of races, entry 2: the range is released and allocated anew; the old read must not touch the new page.
    [Fact]
    [Trait("Race", "R2")]
    public void ANewPageWhereAnotherIsStillBeingReadHasALifeOfItsOwn()
    {
        var (process, reader) = PageBeingRead();
        process.Does(Release());
        process.Does(Allocate(8));
        process.Does(Store(0));
        _stage.Trim(process);
        process.Does(Load(0));
        process.Counted(FaultKind.Transition).ShouldBe(1, _stage.Transcript);
        ReadEnds();
        reader.ShouldHaveEnded();
        _stage.EndsWell("a page was deleted while it was being read (R2)", "a page that had been stored to came back by a soft fault");
    }

    [Fact]
    [Trait("Race", "R2")]
    public void ANewPageWhereAnotherIsStillBeingReadCanBeDeletedToo()
    {
        var (process, reader) = PageBeingRead();
        process.Does(Release());
        process.Does(Allocate(8));
        process.Does(Store(0));
        _stage.Trim(process);
        process.Does(Release());
        ReadEnds();
        reader.ShouldHaveEnded(NtStatus.AccessViolation);
        FrameAndSlotAreFree();
        _stage.EndsWell();
    }

    // The error concerns the page that was being read, not the one that is there now.
    [Fact]
    [Trait("Race", "R2")]
    public void AFailedReadOfAPageThatWasReplacedIsNoErrorOfTheNewOne()
    {
        var process = PagedOut();
        _stage.Inject(_stage.Cast.PagingFiles[0], new Disturb(new Ticks(1), InjectionCode.ReadError, 1_000));
        _stage.Hold<TransferDone>();
        var reader = process.Begins(Load(0));
        _stage.Settle();
        process.Does(Release());
        process.Does(Allocate(8));
        ReadEnds();
        reader.ShouldHaveEnded();
        _stage.Stated<PageLoaded>()[^1].Stamp.ShouldBe(ContentStamp.Zeros, _stage.Transcript);
        _stage.EndsWell("a read failed");
    }

    [Fact]
    [Trait("Race", "R2")]
    public void APageThatBecameReadOnlyWhileItWasReadIsMappedReadOnly()
    {
        var (process, reader) = PageBeingRead();
        var writer = process.Begins(Store(0));
        process.Does(Protect(0, PageProtection.ReadOnly));
        ReadEnds();
        reader.ShouldHaveEnded();
        writer.ShouldHaveEnded(NtStatus.AccessViolation);
        _stage.Stated<PageMapped>()[^1].Writable.ShouldBeFalse();
        _stage.EndsWell("a page was read");
    }

    [Fact]
    [Trait("Race", "R2")]
    public void APageThatBecameNoAccessWhileItWasReadIsNotMapped()
    {
        var (process, reader) = PageBeingRead();
        process.Does(Protect(0, PageProtection.NoAccess));
        ReadEnds();
        reader.ShouldHaveEnded(NtStatus.AccessViolation);
        _stage.Machine.Frames.CountOf(PageLocation.Standby).ShouldBe(1, _stage.Transcript);
        process.Does(Protect(0, PageProtection.ReadWrite));
        process.Does(Load(0));
        _stage.Sent<ReadPages>().ShouldHaveSingleItem(_stage.Transcript);
        _stage.EndsWell("a neighbour stayed in memory unmapped");
    }

    [Fact]
    [Trait("Race", "R2")]
    public void APageThatBecameAGuardPageWhileItWasReadStillFires()
    {
        var (process, reader) = PageBeingRead();
        var second = process.Begins(Load(0));
        process.Does(Protect(0, PageProtection.ReadWrite | PageProtection.Guard));
        ReadEnds();
        new[] { reader.Status!.Value, second.Status!.Value }.Order().ToArray().ShouldBe([NtStatus.Success, NtStatus.GuardPageViolation], _stage.Transcript);
        _stage.EndsWell("a collided fault joined a read (R1)");
    }

    [Fact]
    [Trait("Race", "R19")]
    public void ASlotIsGivenOutAgainOnlyWhenTheReadOfItHasEnded()
    {
        _stage = new RaceStage(RaceStage.Small with { PagingFiles = [new PagingFilePlan(2)] });
        _pages = 1;
        var (process, reader) = PageBeingRead();
        var other = _stage.Start(pages: 1);
        other.Does(Store(0));
        process.Does(Decommit(0));
        _stage.Trim(other);
        _stage.Flush();
        _stage.Stated<PagingFilesFull>().ShouldNotBeEmpty(_stage.Transcript);
        other.LocationOf(0).ShouldBe(PageLocation.Modified);
        ReadEnds();
        reader.ShouldHaveEnded(NtStatus.AccessViolation);
        _stage.Flush();
        other.LocationOf(0).ShouldBe(PageLocation.Standby);
        _stage.EndsWell("a page was deleted while it was being read (R2)", "the paging files were full");
    }

    // An error is told to the thread that met it and is over then, also when another thread has had more luck in the meantime.
    [Fact]
    [Trait("Race", "R1")]
    public void AnErrorThatAnotherThreadHasOvercomeDoesNotReturnAtTheNextFault()
    {
        _stage = new RaceStage(RaceStage.Small with { Policy = RaceStage.Small.Policy with { ChooseThreads = true } });
        var late = new FixedProgram(Allocate(8), Store(0), Sleep(), Load(0), Store(1));
        var process = _stage.Start(new ProcessPlan("late", [late]) { Lingers = true });
        _stage.PageOut(process);
        _stage.Inject(_stage.Cast.PagingFiles[0], new Disturb(new Ticks(1), InjectionCode.ReadError, 1_000));
        _stage.Hold<TransferDone>();
        _stage.Deliver<ThreadWakes>();
        _stage.Settle();
        _stage.Deliver<DisturbanceEnds>();
        _stage.Hold<RunThreads>();
        ReadEnds();

        // Both threads can run. The second one, which has just come, is chosen until it is through.
        var lucky = _stage.Entrust(process, Load(0));
        _stage.Deliver<Perform>();
        while (lucky.Waits)
        {
            _stage.Choose(1);
            _stage.Deliver<RunThreads>();
            _stage.Settle();
        }

        _stage.EndsWell("a read failed");
        _stage.Stated<ExceptionRaised>().ShouldBeEmpty(_stage.Transcript);
    }

    private StagedProcess PagedOut(int pages = 1)
    {
        var process = _stage.Start(_pages);
        for (int page = 0; page < pages; page++)
        {
            process.Does(Store(page));
        }

        _stage.PageOut(process, pages);
        return process;
    }

    /// <summary>A process whose page 0 is being read; the thread that loads it waits.</summary>
    private (StagedProcess Process, Errand Reader) PageBeingRead()
    {
        var process = PagedOut();
        _stage.Hold<TransferDone>();
        var reader = process.Begins(Load(0));
        _stage.Settle();
        _stage.OnTheirWay<TransferDone>().ShouldBe(1, _stage.Transcript);
        reader.ShouldWait();
        return (process, reader);
    }

    private void ReadEnds()
    {
        _stage.LetGo<TransferDone>();
        _stage.Settle();
    }

    private void FrameAndSlotAreKept()
    {
        _stage.Machine.Frames.CountOf(PageLocation.Transition).ShouldBe(1, _stage.Transcript);
        _stage.Machine.Files[0].CurrentUsage.ShouldBe(1u, _stage.Transcript);
    }

    private void FrameAndSlotAreFree()
    {
        _stage.Machine.Frames.CountOf(PageLocation.Transition).ShouldBe(0, _stage.Transcript);
        _stage.Machine.Frames.CountOf(PageLocation.Standby).ShouldBe(0, _stage.Transcript);
        _stage.Machine.Files[0].CurrentUsage.ShouldBe(0u, _stage.Transcript);
    }
}
