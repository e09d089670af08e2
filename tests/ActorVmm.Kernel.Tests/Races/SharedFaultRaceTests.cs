using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>What can happen to a page of a section while it is brought in (fact book §17: the shared parts of R1, R2 and R6).</summary>
public sealed class SharedFaultRaceTests
{
    private readonly RaceStage _stage = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Race", "R1")]
    public void AnotherProcessWaitsForTheSameRead(bool framesAreAskedFor)
    {
        var (section, one, other) = PagedOut();
        if (framesAreAskedFor)
        {
            _stage.Hold<TakeReadFrames>();
        }

        _stage.Hold<TransferDone>();
        var first = one.Begins(Load(0));
        _stage.Settle();
        var second = other.Begins(Load(0));
        _stage.Settle();
        second.ShouldWait();
        EverythingComes();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        ReadOnce(section);
        other.Counted(FaultKind.Collided).ShouldBe(1, _stage.Transcript);
        _stage.EndsWell("two PTEs mapped one page");
    }

    [Fact]
    [Trait("Race", "R1")]
    public void WhoComesWhenTheReadIsOverFindsThePageValid()
    {
        var (section, one, other) = PagedOut();
        _stage.Hold<PrototypeMapped>();
        var first = one.Begins(Load(0));
        _stage.Settle();
        var second = other.Begins(Load(0));
        _stage.Settle();
        _stage.Sent<PrototypeMapped>()[^1].Found.ShouldBe(FaultKind.Prototype, _stage.Transcript);
        EverythingComes();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        ReadOnce(section);
        _stage.EndsWell("two PTEs mapped one page");
    }

    // The page becomes valid for the first, who is trimmed before the second has woken up (race 4 of the catalogue).
    [Fact]
    [Trait("Race", "R1")]
    public void AShareIsGoodHoweverLateItArrives()
    {
        var (section, one, other) = PagedOut();
        _stage.Hold<TransferDone>();
        var first = one.Begins(Load(0));
        var second = other.Begins(Load(0));
        _stage.Settle();
        _stage.Hold<PrototypeMapped>(other);
        _stage.LetGo<TransferDone>();
        _stage.Settle();
        first.ShouldHaveEnded();
        _stage.Trim(one, 10);
        section.LocationOf(0).ShouldBe(PageLocation.Active, $"the other's share is on its way{_stage.Transcript}");
        EverythingComes();
        second.ShouldHaveEnded();
        ReadOnce(section);
        _stage.EndsWell("a share was on its way");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R2")]
    public void AViewUnmappedDuringTheReadGivesItsShareBack(bool andMappedAgain)
    {
        var (section, one, other) = PagedOut();
        _stage.Hold<TransferDone>();
        var read = one.Begins(Load(0));
        var waiter = other.Begins(Load(0));
        _stage.Settle();
        one.Does(Unmap());
        if (andMappedAgain)
        {
            one.Does(Map(section, PageProtection.ReadOnly));
        }

        EverythingComes();
        waiter.ShouldHaveEnded();
        read.ShouldHaveEnded(andMappedAgain ? NtStatus.Success : NtStatus.AccessViolation);
        one.Does(Store(0), NtStatus.AccessViolation);
        section.IsSeenBy(other);
        ReadOnce(section);
        _stage.EndsWell("a share was on its way");
    }

    [Theory]
    [InlineData(PageProtection.NoAccess, NtStatus.AccessViolation)]
    [InlineData(PageProtection.ReadOnly, NtStatus.AccessViolation)]
    [InlineData(PageProtection.ReadWrite, NtStatus.Success)]
    [Trait("Race", "R2")]
    public void AProtectionThatChangesDuringTheReadHoldsForTheStoreThatWaits(PageProtection protection, NtStatus expected)
    {
        var (section, one, _) = PagedOut();
        _stage.Hold<TransferDone>();
        var store = one.Begins(Store(0));
        _stage.Settle();
        one.Does(Protect(0, protection));
        EverythingComes();
        store.ShouldHaveEnded(expected);
        ReadOnce(section);
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R2")]
    public void ASectionThatEverybodyLeavesDuringTheReadEndsWhenItIsOver()
    {
        var (section, one, other) = PagedOut();
        _stage.Hold<TransferDone>();
        var read = one.Begins(Load(0));
        _stage.Settle();
        section.Closes();
        other.Does(Unmap());
        one.Does(Unmap());
        section.IsGone.ShouldBeFalse("a page of it is being read");
        EverythingComes();
        read.ShouldHaveEnded(NtStatus.AccessViolation);
        section.IsGone.ShouldBeTrue(_stage.Transcript);
        _stage.EndsWell("a section ended");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R6")]
    public void AnExitDuringTheReadLeavesThePageToWhoeverElseWaits(bool somebodyElse)
    {
        var (section, one, other) = PagedOut();
        _stage.Hold<TransferDone>();
        var read = one.Begins(Load(0));
        var waiter = somebodyElse ? other.Begins(Load(0)) : null;
        _stage.Settle();
        one.Exits();
        read.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        EverythingComes();
        waiter?.ShouldHaveEnded();
        section.LocationOf(0).ShouldBe(somebodyElse ? PageLocation.Active : PageLocation.Standby, _stage.Transcript);
        section.IsSeenBy(other);
        ReadOnce(section);
        _stage.EndsWell("a process exited");
    }

    [Fact]
    [Trait("Race", "R6")]
    public void ASectionThatEndsDuringAWriteKeepsFrameAndSlotUntilItIsOver()
    {
        var section = _stage.Section();
        var process = _stage.StartWithView(section);
        process.Does(Store(0));
        _stage.Trim(process, 10);
        _stage.Hold<TransferDone>();
        _stage.Flush();
        section.LocationOf(0).ShouldBe(PageLocation.Transition, _stage.Transcript);
        process.Does(Unmap());
        section.Closes();
        _stage.Settle();
        section.IsGone.ShouldBeTrue("paging files do not need it");
        section.LocationOf(0).ShouldBe(PageLocation.Transition);
        PagingFileSlot slot = _stage.Stated<PageWriteStarted>().Single(write => write.Owner == section.Id).Slot;
        _stage.Stated<SlotsFreed>().ShouldNotContain(freed => freed.First.Page <= slot.Page && slot.Page < freed.First.Page + freed.Count, _stage.Transcript);
        EverythingComes();
        section.LocationOf(0).ShouldBe(PageLocation.Free);
        _stage.EndsWell("a deletion overtook a write-back (R6)", "a section ended");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R5")]
    public void ATrimAndAFaultOfAnotherProcessMeetInTheSection(bool shareFirst)
    {
        var section = _stage.Section();
        var one = _stage.StartWithView(section);
        var other = _stage.StartWithView(section);
        one.Does(Store(0));
        _stage.Hold<ReleaseShare>();
        _stage.Hold<FaultPrototype>();
        _stage.Trim(one, 10);
        var load = other.Begins(Load(0));
        _stage.Settle();
        if (shareFirst)
        {
            _stage.Deliver<ReleaseShare>();
            _stage.Deliver<FaultPrototype>();
        }
        else
        {
            _stage.Deliver<FaultPrototype>().Sent<PrototypeMapped>().Single().Found.ShouldBe(FaultKind.Prototype);
            _stage.Deliver<ReleaseShare>();
        }

        EverythingComes();
        load.ShouldHaveEnded();
        other.Counted(shareFirst ? FaultKind.Transition : FaultKind.Prototype).ShouldBeGreaterThan(0, _stage.Transcript);
        section.IsSeenBy(other);
        _stage.EndsWell();
    }

    /// <summary>A section whose page 0 was stored to and is in the paging file alone, and two processes that have views of it.</summary>
    private (StagedSection Section, StagedProcess One, StagedProcess Other) PagedOut()
    {
        var section = _stage.Section();
        var one = _stage.StartWithView(section);
        var other = _stage.StartWithView(section);
        one.Does(Store(0));

        // Their page tables stay, or faults on them would have reads of their own.
        one.Does(Load(1));
        other.Does(Load(1));
        _stage.Trim(one, 1);
        _stage.PageOut(section);
        return (section, one, other);
    }

    private void EverythingComes()
    {
        _stage.LetGo<TakeReadFrames>();
        _stage.LetGo<TransferDone>();
        _stage.LetGo<PrototypeMapped>();
        _stage.LetGo<ReleaseShare>();
        _stage.LetGo<FaultPrototype>();
        _stage.Settle();
    }

    private void ReadOnce(StagedSection section) =>
        _stage.StatedBy<InPageOpened>(section.Id).Count(read => read.First.Value == 0).ShouldBe(1, _stage.Transcript);
}
