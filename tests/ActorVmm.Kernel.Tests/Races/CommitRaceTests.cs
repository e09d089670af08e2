using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Many commit at once when the limit is near (fact book §17, R20), and a process that leaves meanwhile.</summary>
public sealed class CommitRaceTests
{
    // 24 frames and 7 slots: 31 pages can be promised; with the paging file grown, 24 + 23 = 47.
    private readonly RaceStage _stage = new(RaceStage.Small with { PagingFiles = [new PagingFilePlan(8) { MaximumPages = 24 }] });

    [Fact]
    [Trait("Race", "R20")]
    public void CommittersWaitForThePagingFileToGrowAndThoseWhoFitDoNot()
    {
        var (first, second, third) = ThreeProcesses();
        first.Does(Allocate(16));
        _stage.Hold<PagingFileGrown>();
        var large = second.Begins(Allocate(20));
        _stage.Settle();
        large.ShouldWait();
        third.Does(Allocate(4));
        _stage.Sent<GrowPagingFile>().ShouldHaveSingleItem(_stage.Transcript);
        _stage.LetGo<PagingFileGrown>();
        _stage.Settle();
        large.ShouldHaveEnded();
        _stage.Machine.Space.Limit.ShouldBe(47UL);
        _stage.EndsWell("the commit limit moved (R20)");
    }

    [Fact]
    [Trait("Race", "R20")]
    public void WhenGrowthIsNotEnoughForAllTheFirstGetItAndTheOthersTheLimit()
    {
        var (first, second, third) = ThreeProcesses();
        first.Does(Allocate(16));
        _stage.Hold<PagingFileGrown>();
        var early = second.Begins(Allocate(20));
        _stage.Settle();
        var late = third.Begins(Allocate(20));
        _stage.Settle();
        early.ShouldWait();
        late.ShouldWait();
        _stage.LetGo<PagingFileGrown>();
        _stage.Settle();
        early.ShouldHaveEnded();
        late.ShouldHaveEnded(NtStatus.CommitmentLimit);
        _stage.EndsWell("a charge was refused", "the commit limit moved (R20)");
    }

    [Fact]
    [Trait("Race", "R20")]
    public void WhatIsReturnedWhileThePagingFileGrowsCountsWhenTheyTryAgain()
    {
        var (first, second, third) = ThreeProcesses();
        first.Does(Allocate(16));
        _stage.Hold<PagingFileGrown>();
        var early = second.Begins(Allocate(20));
        _stage.Settle();
        var late = third.Begins(Allocate(20));
        _stage.Settle();
        first.Does(Release());
        _stage.LetGo<PagingFileGrown>();
        _stage.Settle();
        early.ShouldHaveEnded();
        late.ShouldHaveEnded();
        _stage.EndsWell("a charge was returned");
    }

    [Fact]
    [Trait("Race", "R20")]
    public void WhatNoGrowthCanHelpIsRefusedAtOnce()
    {
        var (first, _, _) = ThreeProcesses();
        _stage.Hold<PagingFileGrown>();
        first.Does(Allocate(48), NtStatus.CommitmentLimit);
        _stage.EndsWell("a charge was refused");
    }

    [Fact]
    [Trait("Race", "R7")]
    public void AProcessThatExitsWhileItsChargeWaitsReturnsItWhenItComes()
    {
        var (first, second, _) = ThreeProcesses();
        first.Does(Allocate(16));
        _stage.Hold<PagingFileGrown>();
        var large = second.Begins(Allocate(20));
        _stage.Settle();
        second.Exits();
        large.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        _stage.Settle();
        second.Process.State.ShouldBe(ProcessState.Exiting);
        _stage.LetGo<PagingFileGrown>();
        _stage.Settle();
        second.Process.State.ShouldBe(ProcessState.Gone);
        _stage.Machine.Space.Total.ShouldBe(16UL);
        _stage.EndsWell("a charge was returned");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R7")]
    public void AProcessThatExitsBeforeItsCallUsesWhatWasChargedReturnsIt(bool reserved)
    {
        var (first, _, _) = ThreeProcesses();
        if (reserved)
        {
            first.Does(Reserve(8));
        }

        var committer = first.Begins(reserved ? Commit(0, 8) : Allocate(8));
        _stage.Deliver<ChargeCommit>();
        _stage.Deliver<CommitAnswered>();
        first.Exits();
        committer.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        _stage.EndsWell("a charge was returned");
    }

    // Without a paging file 24 pages can be promised. One process asks for four tables when two are left, and is refused; its request for
    // frames, had it made one, could never be served, and would keep waiting everybody who asks after it.
    [Fact]
    [Trait("Race", "R11")]
    public void TablesThatAreRefusedLetNobodyWaitForFrames()
    {
        var stage = new RaceStage(RaceStage.Small with { PagingFiles = [] });
        var owner = stage.Start(pages: 17);
        for (int page = 0; page < 16; page++)
        {
            owner.Does(Store(page));
        }

        var refused = stage.Start(pages: 1);
        stage.Machine.Space.Total.ShouldBe(22UL);
        refused.Does(Store(0), NtStatus.CommitmentLimit);
        owner.Does(Store(16));
        refused.Exits();
        stage.EndsWell("a charge was refused");
    }

    private (StagedProcess First, StagedProcess Second, StagedProcess Third) ThreeProcesses()
    {
        return (Empty(), Empty(), Empty());

        StagedProcess Empty() => _stage.Start(new ProcessPlan("empty", [new FixedProgram()]) { Lingers = true });
    }
}
