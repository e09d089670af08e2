using ActorVmm.Actors;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Prototype PTEs stand in pageable memory themselves (fact book §13.3; §17, R23, and R1, R2 for such pages).</summary>
public sealed class PrototypeTableRaceTests
{
    private readonly RaceStage _stage = new();

    [Fact]
    [Trait("Race", "R23")]
    public void ATableStaysWhileOneOfItsPrototypesIsValidOrInTransition()
    {
        var section = _stage.Section();
        var process = _stage.StartWithView(section);
        process.Does(Store(0));
        TrimTables(section);
        TableIs(section, PageLocation.Active);
        _stage.Trim(process);
        section.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
        TrimTables(section);
        TrimTables(section);
        TableIs(section, PageLocation.Active);
        section.IsSeenBy(process);
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R23")]
    public void ATableWithoutLivePrototypesGoesAndTheNextFaultIsADoubleOne()
    {
        var (section, one, other) = TableIsOut();
        one.Does(Load(0));
        _stage.StatedBy<InPageOpened>(section.Id).Select(read => read.First).ShouldBe([TableOf(section), new Vpn(0)], _stage.Transcript);
        section.IsSeenBy(other);
        _stage.EndsWell("a page that had been stored to came back from a paging file");
    }

    [Fact]
    [Trait("Race", "R23")]
    public void ATableOnTheModifiedListComesBackByASoftFault()
    {
        var (section, one, _) = Prepared();
        TrimTables(section);
        TrimTables(section);
        TableIs(section, PageLocation.Modified);
        section.IsSeenBy(one);
        _stage.StatedBy<InPageOpened>(section.Id).Count(read => read.First == TableOf(section)).ShouldBe(0, _stage.Transcript);
        _stage.EndsWell();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [Trait("Race", "R1")]
    public void FaultsOfTwoProcessesOnPagesOfOneTableReadItOnce(int page)
    {
        var (section, one, other) = TableIsOut();
        _stage.Hold<TransferDone>();
        var first = one.Begins(Load(0));
        _stage.Settle();
        var second = other.Begins(Load(page));
        _stage.Settle();
        first.ShouldWait();
        second.ShouldWait();
        _stage.LetGo<TransferDone>();
        _stage.Settle();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        _stage.StatedBy<InPageOpened>(section.Id).Count(read => read.First == TableOf(section)).ShouldBe(1, _stage.Transcript);
        section.IsSeenBy(other);
        _stage.EndsWell();
    }

    // Whoever waits for a page keeps its table, however far it has got.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R23")]
    public void AFaultUnderWayKeepsTheTable(bool framesAreAskedFor)
    {
        var (section, one, _) = Prepared();
        TrimTables(section);
        if (framesAreAskedFor)
        {
            _stage.Hold<TakeReadFrames>();
        }

        _stage.Hold<TransferDone>();
        var load = one.Begins(Load(0));
        _stage.Settle();
        load.ShouldWait();
        TrimTables(section);
        TableIs(section, PageLocation.Active);
        _stage.LetGo<TakeReadFrames>();
        _stage.LetGo<TransferDone>();
        _stage.Settle();
        load.ShouldHaveEnded();
        section.IsSeenBy(one);
        _stage.EndsWell();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R23")]
    public void AFaultAndATrimOfTheTableMeet(bool trimFirst)
    {
        var (section, one, _) = Prepared();
        TrimTables(section);
        _stage.Hold<FaultPrototype>();
        _stage.Hold<TrimPage>();
        var load = one.Begins(Load(0));
        _stage.Settle();
        if (trimFirst)
        {
            TrimTables(section);
            _stage.Deliver<FaultPrototype>();
        }
        else
        {
            _stage.Deliver<FaultPrototype>();
            TrimTables(section);
        }

        _stage.OnTheirWay<TrimPage>().ShouldBe(trimFirst ? 1 : 0, _stage.Transcript);
        _stage.LetGo<FaultPrototype>();
        _stage.LetGo<TrimPage>();
        _stage.Settle();
        load.ShouldHaveEnded();
        section.IsSeenBy(one);
        _stage.EndsWell();
    }

    // A fault meets the question whether the page's hint is still good.
    [Fact]
    [Trait("Race", "R23")]
    public void AFaultWaitsForALookAtItsHint()
    {
        var (section, one, _) = Prepared();
        _stage.Hold<SoftFaultAnswered>(section);
        TrimTables(section);
        var load = one.Begins(Load(0));
        _stage.Settle();
        load.ShouldWait();
        _stage.LetGo<SoftFaultAnswered>();
        _stage.Settle();
        load.ShouldHaveEnded();
        section.IsSeenBy(one);
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R1")]
    public void ATableThatCannotBeReadIsAnErrorForAllWhoWaitForItsPages()
    {
        var (section, one, other) = TableIsOut();
        _stage.Inject(_stage.Cast.PagingFiles[0], new Disturb(new Ticks(1), InjectionCode.ReadError, 1_000));
        _stage.Hold<TransferDone>();
        var first = one.Begins(Load(0));
        var second = other.Begins(Load(2));
        _stage.Settle();
        _stage.Deliver<DisturbanceEnds>();
        _stage.LetGo<TransferDone>();
        _stage.Settle();
        first.ShouldHaveEnded(NtStatus.InPageError);
        second.ShouldHaveEnded(NtStatus.InPageError);
        section.IsSeenBy(one);
        _stage.EndsWell("a read failed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R2")]
    public void ASectionThatEverybodyLeavesWhileItsTableIsOutOrComesGivesEverythingBack(bool comes)
    {
        var (section, one, other) = TableIsOut();
        if (comes)
        {
            _stage.Hold<TransferDone>();
            one.Begins(Load(0));
            _stage.Settle();
        }

        section.Closes();
        one.Does(Unmap());
        other.Does(Unmap());
        section.IsGone.ShouldBe(!comes, _stage.Transcript);
        _stage.LetGo<TransferDone>();
        _stage.Settle();
        section.IsGone.ShouldBeTrue(_stage.Transcript);
        _stage.EndsWell("a section ended");
    }

    // What the working-set manager does by itself when memory is short.
    [Fact]
    [Trait("Race", "R23")]
    public void TheWorkingSetManagerHearsOfTablesThatMayGoAndAsksForThem()
    {
        var section = _stage.Section();
        var one = _stage.StartWithView(section);
        one.Does(Store(0));
        _stage.Sent<WorkingSetChanged>().Count.ShouldBe(1, "its process has said something");
        _stage.Trim(one);
        _stage.Sent<WorkingSetChanged>()[^1].Pages.ShouldBe(1, _stage.Transcript);
        _stage.Inject(_stage.Cast.WorkingSetManager, default(EmptyWorkingSets));
        _stage.Settle();
        _stage.Sent<WorkingSetTrimmed>().Count.ShouldBeGreaterThanOrEqualTo(2, $"the section has answered too{_stage.Transcript}");
        section.IsSeenBy(one);
        _stage.EndsWell();
    }

    /// <summary>A section whose page 0 is in the paging file, and whose hint nobody has looked at since; two processes with views.</summary>
    private (StagedSection Section, StagedProcess One, StagedProcess Other) Prepared()
    {
        var section = _stage.Section();
        var one = _stage.StartWithView(section);
        var other = _stage.StartWithView(section);
        one.Does(Store(0));
        other.Does(Load(0));

        // One after the other, and only this page: their page tables stay.
        _stage.Trim(one);
        _stage.Trim(other);
        _stage.PageOut(section);
        return (section, one, other);
    }

    /// <summary>The same, and the table is in the paging file too.</summary>
    private (StagedSection Section, StagedProcess One, StagedProcess Other) TableIsOut()
    {
        var prepared = Prepared();
        TrimTables(prepared.Section);
        TrimTables(prepared.Section);
        TableIs(prepared.Section, PageLocation.Modified);
        _stage.Flush();
        _stage.TakeAllFrames().Exits();
        _stage.LetGo<LowMemory>();
        _stage.Settle();
        _stage.Stated<PageRepurposed>().ShouldContain(fact => fact.Vpn == TableOf(prepared.Section), _stage.Transcript);
        return prepared;
    }

    private void TrimTables(StagedSection section)
    {
        _stage.Inject(_stage.Cast.WorkingSetManager, new TrimByTest(section.Id, 10, Pass: 4, BelowMinimum: 1));
        _stage.Deliver<TrimByTest>();
        _stage.Deliver<TrimWorkingSet>(section);
        _stage.Settle();
    }

    private Vpn TableOf(StagedSection section) =>
        _stage.StatedBy<PageMapped>(section.Id).First(fact => fact.Cause == FaultKind.PageTable).Vpn;

    private void TableIs(StagedSection section, PageLocation location) =>
        _stage.LocationOf(_stage.StatedBy<PageMapped>(section.Id).Last(fact => fact.Vpn == TableOf(section)).Pfn).ShouldBe(location, _stage.Transcript);
}
