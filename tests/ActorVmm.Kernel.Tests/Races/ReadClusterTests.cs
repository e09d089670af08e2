using ActorVmm.Actors;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Pages of a section that are read together (fact book §1, §16.5, §16.6; §17, R1).</summary>
public sealed class ReadClusterTests
{
    private RaceStage _stage = new(RaceStage.WithFile);

    [Fact]
    public void NeighboursInThePagingFileAreReadAlongAndWaitOnStandby()
    {
        var (section, process) = PagedOut();
        process.Does(Load(1));
        var read = _stage.StatedBy<InPageOpened>(section.Id).ShouldHaveSingleItem(_stage.Transcript);
        read.First.ShouldBe(new Vpn(0));
        read.Count.ShouldBe(4);
        section.LocationOf(1).ShouldBe(PageLocation.Active);
        section.IsSeenBy(process, 3);
        section.IsSeenBy(process, 0);
        _stage.StatedBy<InPageOpened>(section.Id).ShouldHaveSingleItem(_stage.Transcript);
        _stage.EndsWell("neighbours were read along", "a neighbour stayed in memory unmapped");
    }

    [Fact]
    [Trait("Race", "R1")]
    public void WhoFaultsOnANeighbourWaitsForTheSameRead()
    {
        var (section, process) = PagedOut();
        var other = _stage.StartWithView(section);
        _stage.Hold<TransferDone>();
        var first = process.Begins(Load(1));
        var second = other.Begins(Load(2));
        _stage.Settle();
        second.ShouldWait();
        _stage.LetGo<TransferDone>();
        _stage.Settle();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        _stage.StatedBy<InPageOpened>(section.Id).ShouldHaveSingleItem(_stage.Transcript);
        other.Counted(FaultKind.Collided).ShouldBe(1, _stage.Transcript);
        section.IsSeenBy(other, 2);
        _stage.EndsWell("neighbours were read along");
    }

    [Fact]
    [Trait("Race", "R1")]
    public void WhenMemoryIsShortAPageIsReadAloneAndWhoWaitsForItsNeighbourReadsAgain()
    {
        var (section, process) = PagedOut();
        var other = _stage.StartWithView(section);
        other.Does(Load(0));
        var third = _stage.StartWithView(section);
        third.Does(Load(0));
        _stage.Trim(other);
        _stage.Trim(third);
        _stage.PageOut(section);
        var hog = _stage.TakeAllFrames(but: 2);
        var first = other.Begins(Load(1));
        _stage.Hold<TakeReadFrames>();
        _stage.Settle();
        var second = third.Begins(Load(2));
        _stage.LetGo<TakeReadFrames>();
        _stage.Settle();
        first.ShouldHaveEnded();
        second.ShouldHaveEnded();
        _stage.StatedBy<InPageNarrowed>(section.Id).ShouldNotBeEmpty(_stage.Transcript);
        hog.Exits();
        _stage.LetGo<LowMemory>();
        _stage.Settle();
        section.IsSeenBy(process, 3);
        _stage.EndsWell("a read got frames for part of its pages only");
    }

    [Fact]
    public void AReadOfSeveralPagesThatFailsLeavesThemWhereTheyAre()
    {
        var (section, process) = PagedOut();
        _stage.Inject(_stage.Cast.PagingFiles[0], new Disturb(new Ticks(1), InjectionCode.ReadError, 1_000));
        _stage.Hold<TransferDone>();
        var load = process.Begins(Load(1));
        _stage.Settle();
        _stage.Deliver<DisturbanceEnds>();
        _stage.LetGo<TransferDone>();
        _stage.Settle();
        load.ShouldHaveEnded(NtStatus.InPageError);
        section.IsSeenBy(process, 0);
        section.IsSeenBy(process, 2);
        _stage.EndsWell("a read failed");
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(12, 8)]
    public void OfAFileUpToThirtyTwoKilobytesAreRead(int pages, int expected)
    {
        _stage = new RaceStage(RaceStage.WithFile with { Files = [new FilePlan("a.txt", (ulong)pages * PageSize.Bytes)] });
        var section = _stage.FileSection();
        var process = _stage.StartWithView(section);
        process.Does(Load(2));
        _stage.StatedOnce<FileTransferEnded>().Pages.ShouldBe(expected, _stage.Transcript);
        _stage.StatedBy<PageReadAlong>(section.Id).Count.ShouldBe(expected - 1);
        process.Does(Load(expected - 1));
        process.Does(Store(0));
        _stage.StatedOnce<FileTransferEnded>();
        section.IsSeenBy(process, 0);
        _stage.EndsWell();
    }

    [Fact]
    public void APageOfAFileThatWasReadAlongAndLostIsReadAgain()
    {
        var section = _stage.FileSection();
        var process = _stage.StartWithView(section);
        process.Does(Load(2));
        _stage.PageOut(section, 0);
        process.Does(Store(0));
        section.IsSeenBy(process, 0);
        _stage.Stated<FileTransferEnded>().Count.ShouldBe(2, _stage.Transcript);
        _stage.EndsWell();
    }

    /// <summary>A section of four pages, each stored to, side by side in the paging file and nowhere else.</summary>
    private (StagedSection Section, StagedProcess Process) PagedOut()
    {
        var section = _stage.Section();
        var process = _stage.StartWithView(section);
        for (int page = 0; page < 4; page++)
        {
            process.Does(Store(page));
        }

        _stage.Trim(process, 4);
        _stage.PageOut(section);
        return (section, process);
    }
}
