using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Trims, repurposing, protections and deletions against a fault under way (fact book §17, R5, R13, R14, R7).</summary>
public sealed class SoftFaultRaceTests
{
    private readonly RaceStage _stage = new();

    [Fact]
    [Trait("Race", "R5")]
    public void AThreadThatMeetsAPageJustTrimmedGetsItBackWithoutIo()
    {
        var process = _stage.Start();
        process.Does(Store(0));
        _stage.AskToTrim(process, 1);
        _stage.Deliver<TrimWorkingSet>();

        // The PFN database has not heard of the trim when the fault is asked; the words arrive in the order in which they were said.
        var reader = process.Begins(Load(0));
        _stage.OnTheirWay<TrimPage>().ShouldBe(1);
        _stage.OnTheirWay<SoftFault>().ShouldBe(1);
        _stage.Settle();
        reader.ShouldHaveEnded();
        process.Counted(FaultKind.Transition).ShouldBe(1);
        _stage.EndsWell("a hint found its page on the modified list", "a page that had been stored to came back by a soft fault");
    }

    [Fact]
    [Trait("Race", "R5")]
    public void APageTrimmedAgainBeforeItsThreadRunsIsFaultedAgainAndCountedOnce()
    {
        var process = Trimmed(modified: true);
        var reader = process.Begins(Load(0));
        _stage.Deliver<SoftFault>();
        _stage.Deliver<SoftFaultAnswered>();
        _stage.AskToTrim(process, 1);
        _stage.Deliver<TrimWorkingSet>();
        reader.Retries().ShouldWait();
        _stage.Settle();
        reader.ShouldHaveEnded();
        _stage.Stated<PageMapped>().Count(fact => fact.Vpn == Vpn(0) && fact.Cause == FaultKind.Transition).ShouldBe(2, _stage.Transcript);
        process.Counted(FaultKind.Transition).ShouldBe(1);
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R5")]
    public void APageReadInAndTrimmedBeforeItsThreadRunsIsStillInMemory()
    {
        var process = _stage.Start();
        process.Does(Store(0));
        _stage.PageOut(process);
        _stage.Hold<PageRead>();
        var reader = process.Begins(Load(0));
        _stage.Settle();
        _stage.Deliver<PageRead>();
        _stage.AskToTrim(process, 1);
        _stage.Deliver<TrimWorkingSet>();
        reader.Retries().ShouldWait();
        _stage.Settle();
        reader.ShouldHaveEnded();
        _stage.Sent<ReadPages>().ShouldHaveSingleItem(_stage.Transcript);
        _stage.EndsWell("a page was mapped before the PFN database heard that its read was over");
    }

    [Fact]
    [Trait("Race", "R13")]
    public void AnOwnerWhoAsksBeforeItsStandbyPageIsRepurposedGetsItBack()
    {
        var (process, hog, reader, taker) = OwnerAndTakerOfOneFrame();
        _stage.Deliver<SoftFault>().Sent<SoftFaultAnswered>().Single().Result.ShouldBe(SoftFaultResult.RelinkedFromStandby);
        _stage.Deliver<TakeFrames>();
        _stage.Settle();
        reader.ShouldHaveEnded();
        taker.ShouldWait();
        _stage.Stated<PageRepurposed>().ShouldBeEmpty(_stage.Transcript);
        hog.Exits();
        process.Counted(FaultKind.Transition).ShouldBe(1);
        _stage.EndsWell("a hint found its page on standby");
    }

    [Fact]
    [Trait("Race", "R13")]
    public void AnOwnerWhoAsksAfterItsStandbyPageWasRepurposedReadsItFromItsSlot()
    {
        var (process, hog, reader, taker) = OwnerAndTakerOfOneFrame();
        var slot = _stage.Stated<PageWriteStarted>()[0].Slot;
        _stage.Deliver<TakeFrames>().Stated<PageRepurposed>().Single().Slot.ShouldBe(slot);
        _stage.Deliver<SoftFault>().Sent<SoftFaultAnswered>().Single().ShouldBe(
            _stage.Sent<SoftFaultAnswered>()[^1] with { Slot = slot, Result = SoftFaultResult.Repurposed });
        _stage.Settle();
        taker.ShouldHaveEnded();
        reader.ShouldWait();
        hog.Exits();
        _stage.Settle();
        reader.ShouldHaveEnded();
        process.Counted(FaultKind.Hard).ShouldBe(1, _stage.Transcript);
        process.Counted(FaultKind.Transition).ShouldBe(0, _stage.Transcript);
        _stage.EndsWell("a process learned that its hint was stale (R13)", "a page that had been stored to came back from a paging file");
    }

    [Fact]
    [Trait("Race", "R13")]
    public void APageOfZerosThatWasRepurposedIsMadeAnew()
    {
        var process = _stage.Start(protection: PageProtection.ReadOnly);
        process.Does(Load(0));
        _stage.Trim(process);
        process.LocationOf(0).ShouldBe(PageLocation.Standby);
        var hog = _stage.TakeAllFrames();
        hog.Exits();
        process.Does(Load(0));
        _stage.Sent<ReadPages>().ShouldBeEmpty(_stage.Transcript);
        process.Counted(FaultKind.DemandZero).ShouldBe(2, _stage.Transcript);
        _stage.EndsWell("a page of zeros lost its frame and needed no slot");
    }

    [Fact]
    [Trait("Race", "R14")]
    public void AStoreWhosePageBecomesReadOnlyBeforeTheAnswerIsAViolation()
    {
        var process = Trimmed(modified: true);
        _stage.Hold<SoftFaultAnswered>();
        var writer = process.Begins(Store(0));
        process.Does(Protect(0, PageProtection.ReadOnly));
        LetTheAnswerArrive();
        writer.ShouldHaveEnded(NtStatus.AccessViolation);
        _stage.Stated<PageMapped>()[^1].Writable.ShouldBeFalse(_stage.Transcript);
        process.Does(Load(0));
        _stage.EndsWell("a page that had been stored to came back by a soft fault");
    }

    [Fact]
    [Trait("Race", "R14")]
    public void APageThatBecomesNoAccessBeforeTheAnswerIsNotKept()
    {
        var process = Trimmed(modified: true);
        _stage.Hold<SoftFaultAnswered>();
        var reader = process.Begins(Load(0));
        process.Does(Protect(0, PageProtection.NoAccess));
        LetTheAnswerArrive();
        reader.ShouldHaveEnded(NtStatus.AccessViolation);
        process.Process.WorkingSetPages.ShouldBe(0);
        process.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
        process.Does(Protect(0, PageProtection.ReadWrite));
        _stage.EndsWell("a page that had been stored to came back by a soft fault");
    }

    [Fact]
    [Trait("Race", "R14")]
    public void APageThatBecomesAccessibleAgainBeforeTheAnswerIsMappedWithItsNewRight()
    {
        var process = Trimmed(modified: true);
        _stage.Hold<SoftFaultAnswered>();
        var writer = process.Begins(Store(0));
        process.Does(Protect(0, PageProtection.NoAccess));
        process.Does(Protect(0, PageProtection.ExecuteReadWrite));
        LetTheAnswerArrive();
        writer.ShouldHaveEnded();
        process.Does(Execute(0));
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R14")]
    public void AStoreWhosePageBecomesReadOnlyWhileItWaitsForAFrameIsAViolation()
    {
        var process = _stage.Start();
        process.Does(Store(1));
        _stage.Hold<FramesGranted>();
        var writer = process.Begins(Store(0));
        process.Does(Protect(0, PageProtection.ReadOnly));
        _stage.LetGo<FramesGranted>();
        _stage.Settle();
        writer.ShouldHaveEnded(NtStatus.AccessViolation);

        // The frame it waited for is not lost: the next one who needs one finds it.
        process.Process.FramesKept.ShouldBe(1);
        process.Does(Load(0));
        process.Process.FramesKept.ShouldBe(0);
        _stage.EndsWell("a process kept frames ready");
    }

    [Fact]
    [Trait("Race", "R14")]
    public void ADeletionWaitsForTheAnswerOfASoftFault()
    {
        var process = Trimmed(modified: true);
        _stage.Hold<SoftFaultAnswered>();
        var reader = process.Begins(Load(0));
        var deleter = process.Begins(Decommit(0));
        _stage.Settle();
        deleter.ShouldWait();
        LetTheAnswerArrive();
        deleter.ShouldHaveEnded();
        reader.Status.ShouldBeOneOf(NtStatus.Success, NtStatus.AccessViolation);
        process.Does(Load(0), NtStatus.AccessViolation);
        _stage.EndsWell();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R7")]
    public void AProcessThatExitsWhileASoftFaultIsOutGivesBackWhatItIsAnswered(bool relinked)
    {
        var process = Trimmed(modified: false);
        var hog = _stage.TakeAllFrames(but: 1);
        var reader = process.Begins(Load(0));
        if (relinked)
        {
            _stage.Deliver<SoftFault>();
        }

        process.Exits();
        reader.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        if (!relinked)
        {
            hog.Begins(Store(_stage.PagesTaken(hog)));
            _stage.Deliver<TakeFrames>();
        }

        _stage.Settle();
        process.Process.State.ShouldBe(ProcessState.Gone);
        _stage.EndsWell(relinked ? "a hint found its page on standby" : "a process exited");
    }

    private StagedProcess Trimmed(bool modified)
    {
        var process = _stage.Start();
        process.Does(Store(0));
        _stage.Trim(process);
        if (!modified)
        {
            _stage.Flush();
        }

        process.LocationOf(0).ShouldBe(modified ? PageLocation.Modified : PageLocation.Standby);
        return process;
    }

    /// <summary>
    /// The only available frame is a standby page; its owner's soft fault and somebody else's request for a frame are both on their way.
    /// </summary>
    private (StagedProcess Owner, StagedProcess Hog, Errand Reader, Errand Taker) OwnerAndTakerOfOneFrame()
    {
        var owner = Trimmed(modified: false);
        var hog = _stage.TakeAllFrames(but: 1);
        var reader = owner.Begins(Load(0));
        var taker = hog.Begins(Store(_stage.PagesTaken(hog)));
        _stage.OnTheirWay<SoftFault>().ShouldBe(1);
        _stage.OnTheirWay<TakeFrames>().ShouldBe(1);
        return (owner, hog, reader, taker);
    }

    private void LetTheAnswerArrive()
    {
        _stage.LetGo<SoftFaultAnswered>();
        _stage.Settle();
    }
}
