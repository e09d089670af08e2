using ActorVmm.Protocol;
using ActorVmm.Runtime;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>What can happen to a page while it is copied for one process (fact book §13.6; §17, R16, R17).</summary>
public sealed class CopyOnWriteRaceTests
{
    private RaceStage _stage = new();

    [Fact]
    [Trait("Race", "R16")]
    public void ASecondThreadWhoComesDuringTheCopyFindsIt()
    {
        var (_, sharer, copier) = SharedPage();
        _stage.Hold<CopyPrototype>();
        var first = copier.Begins(Store(0));
        _stage.Settle();
        first.ShouldWait();
        var second = copier.Begins(Store(0));
        second.ShouldWait();
        CopyEnds();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        OneHasCopied(copier);
        sharer.Does(Store(0));
        _stage.EndsWell("a page was copied for one process");
    }

    [Fact]
    [Trait("Race", "R16")]
    public void ASecondThreadWhoComesWhenTheCopyIsOnItsWayBackFindsItToo()
    {
        var (_, _, copier) = SharedPage();
        _stage.Hold<PrototypeCopied>();
        var first = copier.Begins(Store(0));
        _stage.Settle();
        var second = copier.Begins(Store(0));
        second.ShouldWait();
        _stage.LetGo<PrototypeCopied>();
        _stage.Settle();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        OneHasCopied(copier);
        _stage.EndsWell("a page was copied for one process");
    }

    [Fact]
    [Trait("Race", "R16")]
    public void TwoThreadsWhoWaitForAFrameTakeOneForTheCopy()
    {
        var (_, _, copier) = SharedPage();
        _stage.Hold<TakeFrames>();
        var first = copier.Begins(Store(0));
        var second = copier.Begins(Store(0));
        _stage.LetGo<TakeFrames>();
        _stage.Settle();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        OneHasCopied(copier);
        _stage.EndsWell("a page was copied for one process");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Race", "R16")]
    public void TwoProcessesEachGetACopyOfTheirOwn(bool secondFirst)
    {
        var (section, sharer, one) = SharedPage();
        var other = _stage.StartWithView(section, PageProtection.WriteCopy);
        other.Does(Load(0));
        _stage.Hold<CopyPrototype>();
        var first = (secondFirst ? other : one).Begins(Store(0));
        var second = (secondFirst ? one : other).Begins(Store(0));
        _stage.LetGo<CopyPrototype>();
        _stage.Settle();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        new[] { one.FrameOf(0), other.FrameOf(0), section.FrameOf(0) }.ShouldBeUnique();
        section.IsSeenBy(sharer);
        _stage.EndsWell("a page was copied for one process");
    }

    // Windows refers to the source frame during the copy; here the share of whoever copies does.
    [Fact]
    [Trait("Race", "R17")]
    public void AFrameTrimmedBeforeTheCopyIsMadeIsKeptForIt()
    {
        var (section, sharer, copier) = SharedPage();
        _stage.Hold<CopyPrototype>();
        var store = copier.Begins(Store(0));
        _stage.Settle();
        TrimBoth(sharer, copier);
        section.LocationOf(0).ShouldBe(PageLocation.Active, $"the share of the copier is behind its question{_stage.Transcript}");
        CopyEnds();
        store.ShouldHaveEnded();
        section.IsSeenBy(sharer);
        _stage.EndsWell("the last share of a page came back", "a page was copied for one process");
    }

    [Fact]
    [Trait("Race", "R17")]
    public void AFrameTrimmedAfterTheCopyWasMadeLeavesTheCopyUnused()
    {
        var (section, sharer, copier) = SharedPage();
        _stage.Hold<PrototypeCopied>();
        var store = copier.Begins(Store(0));
        _stage.Settle();
        TrimBoth(sharer, copier);
        section.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
        _stage.LetGo<PrototypeCopied>();
        _stage.Settle();
        store.ShouldHaveEnded();
        _stage.Sent<CopyPrototype>().Count.ShouldBe(2, $"the first copy was of a page that was not mapped any more{_stage.Transcript}");
        section.IsSeenBy(sharer);
        _stage.EndsWell("the last share of a page came back", "a page was copied for one process");
    }

    // Where words overtake each other, the share may be back before the question has arrived: nothing is copied, and the store begins anew.
    [Fact]
    [Trait("Race", "R17")]
    public void AShareThatIsBackBeforeTheQuestionMakesNoCopy()
    {
        _stage = new RaceStage(model: DeliveryModel.Bag);
        var (section, sharer, copier) = SharedPage();
        _stage.Hold<CopyPrototype>();
        var store = copier.Begins(Store(0));
        _stage.Settle();
        TrimBoth(sharer, copier);
        section.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
        _stage.PageOut(section);
        var copied = _stage.Deliver<CopyPrototype>();
        copied.Sent<PrototypeCopied>().Single().Copied.ShouldBe(0);
        _stage.LetGo<CopyPrototype>();
        _stage.Settle();
        store.ShouldHaveEnded();
        section.IsSeenBy(sharer);
        _stage.EndsWell("a page was copied for one process");
    }

    [Fact]
    [Trait("Race", "R17")]
    public void AViewUnmappedDuringTheCopyEndsWhenItIsOver()
    {
        var (_, _, copier) = SharedPage();
        _stage.Hold<CopyPrototype>();
        var store = copier.Begins(Store(0));
        _stage.Settle();
        var unmap = copier.Begins(Unmap());
        unmap.ShouldWait();
        CopyEnds();
        unmap.ShouldHaveEnded();
        store.Status.ShouldBeOneOf(NtStatus.Success, NtStatus.AccessViolation);
        copier.Does(Load(0), NtStatus.AccessViolation);
        _stage.EndsWell();
    }

    /// <summary>A section whose page 0 was stored to by one process, and another one that may copy it and has it mapped.</summary>
    private (StagedSection Section, StagedProcess Sharer, StagedProcess Copier) SharedPage()
    {
        var section = _stage.Section();
        var sharer = _stage.StartWithView(section);
        var copier = _stage.StartWithView(section, PageProtection.WriteCopy);
        sharer.Does(Store(0));
        copier.Does(Load(0));
        return (section, sharer, copier);
    }

    private void CopyEnds()
    {
        _stage.LetGo<CopyPrototype>();
        _stage.Settle();
    }

    private void TrimBoth(StagedProcess sharer, StagedProcess copier)
    {
        _stage.Trim(sharer, 10);
        _stage.Trim(copier, 10);
    }

    private void OneHasCopied(StagedProcess copier)
    {
        copier.Counted(FaultKind.CopyOnWrite).ShouldBe(1, _stage.Transcript);
        _stage.Stated<PageCopiedOnWrite>().ShouldHaveSingleItem(_stage.Transcript);
    }
}
