using ActorVmm.Actors;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>What can happen to a page of a file while it is being written there (fact book §17, R8, R21, and R3 and R4 for such pages).</summary>
public sealed class MappedWriteRaceTests
{
    private readonly RaceStage _stage = new(RaceStage.WithFile);
    private StagedSection _section = null!;
    private StagedProcess _process = null!;

    [Fact]
    [Trait("Race", "R21")]
    public void AViewUnmappedDuringTheWriteIsGoneAtOnceAndThePageWhenItIsWritten()
    {
        PageBeingWritten();
        _process.Does(Unmap());
        _section.LocationOf(0).ShouldBe(PageLocation.Transition, _stage.Transcript);
        WriteEnds().ShouldBe(WriteBackResult.Clean);
        _section.LocationOf(0).ShouldBe(PageLocation.Standby, _stage.Transcript);
        _section.IsGone.ShouldBeFalse("it has a handle still");
        WhatWasStoredIsThere();
        _stage.EndsWell("a write-back was undisturbed");
    }

    [Fact]
    [Trait("Race", "R21")]
    public void AViewUnmappedBeforeTheWriterComesLeavesThePageToIt()
    {
        Stored();
        _stage.Hold<TakeMapped>();
        _stage.Flush();
        _process.Does(Unmap());
        _section.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
        _stage.LetGo<TakeMapped>();
        _stage.Settle();
        WhatWasStoredIsThere();
        _stage.EndsWell("a write-back was undisturbed");
    }

    // The last share is on its way back while the section's own flush writes the page.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R21")]
    public void AFlushOfAMappedPageAndItsUnmapMeet(bool unmapFirst)
    {
        Stored(trimmed: false);
        var other = _stage.StartWithView(_section);
        _stage.Hold<TakeMapped>();
        _stage.Hold<FileTransferDone>();
        var flush = other.Begins(FlushView(0));
        _stage.Settle();
        if (unmapFirst)
        {
            _process.Does(Unmap());
        }

        _stage.LetGo<TakeMapped>();
        _stage.Settle();
        if (!unmapFirst)
        {
            _process.Does(Unmap());
        }

        flush.ShouldWait();
        _stage.LetGo<FileTransferDone>();
        _stage.Settle();
        flush.ShouldHaveEnded();
        WhatWasStoredIsThere();
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R4")]
    public void AStoreDuringTheWriteIsWrittenToo()
    {
        PageBeingWritten();
        _process.Does(Store(0));
        _stage.Trim(_process, 10);
        WriteEnds().ShouldBe(WriteBackResult.DirtiedAgain);
        _section.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
        _stage.Flush();
        _stage.Stated<PageWriteStarted>().Count(write => write.Owner == _section.Id).ShouldBe(2, _stage.Transcript);
        _stage.EndsWell("a store overtook a write-back (R4)");
    }

    [Fact]
    [Trait("Race", "R4")]
    public void AStoreDuringAFlushOfAMappedPageIsWrittenAtTheEnd()
    {
        Stored(trimmed: false);
        _stage.Hold<FileTransferDone>();
        var flush = _process.Begins(FlushView(0));
        _stage.Settle();
        _process.Does(Store(0));
        _stage.LetGo<FileTransferDone>();
        _stage.Settle();
        flush.ShouldHaveEnded();
        _stage.Trim(_process, 10);
        _section.LocationOf(0).ShouldBe(PageLocation.Modified, $"it was stored to after it had been copied{_stage.Transcript}");
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R3")]
    public void ALoadDuringTheWriteMapsThePageAtOnce()
    {
        PageBeingWritten();
        _process.Does(Load(0));
        WriteEnds().ShouldBe(WriteBackResult.Referenced);
        _section.LocationOf(0).ShouldBe(PageLocation.Active);
        _stage.EndsWell("a fault overtook a write-back (R3)");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R8")]
    public void ASegmentThatNobodyUsesAnyMoreStaysUntilItsPageIsWritten(bool viewLast)
    {
        PageBeingWritten();
        if (viewLast)
        {
            _section.Closes();
            _process.Does(Unmap());
        }
        else
        {
            _process.Does(Unmap());
            _section.Closes();
        }

        _stage.Settle();
        _section.IsGone.ShouldBeFalse($"a page of it is being written{_stage.Transcript}");
        WriteEnds();
        _stage.Settle();
        _section.IsGone.ShouldBeTrue(_stage.Transcript);
        _stage.Stated<PageWriteStarted>().Where(write => write.Owner == _section.Id).ShouldHaveSingleItem("it is written once");
        _stage.EndsWell("a section ended");
    }

    // The writer has the page, and the segment has not heard of it yet: on the modified list there is nothing to be found any more.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R8")]
    public void ASegmentThatNobodyUsesWaitsForAWriterWhoIsOnItsWay(bool hasNotHeardItself)
    {
        Stored();
        OnItsWayToTheSection(hasNotHeardItself);
        _process.Does(Unmap());
        _section.Closes();
        _stage.Settle();
        _section.IsGone.ShouldBeFalse($"the writer has a page of it{_stage.Transcript}");
        _stage.LetGo<MappedTaken>();
        _stage.LetGo<WriteSectionPages>();
        _stage.Settle();
        _section.IsGone.ShouldBeTrue(_stage.Transcript);
        _stage.EndsWell("a section ended", "a write-back was undisturbed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R8")]
    public void AFlushWaitsForAWriterWhoIsOnItsWay(bool hasNotHeardItself)
    {
        Stored();
        OnItsWayToTheSection(hasNotHeardItself);
        var flush = _process.Begins(FlushView(0));
        _stage.Settle();
        flush.ShouldWait();
        _stage.LetGo<MappedTaken>();
        _stage.LetGo<WriteSectionPages>();
        _stage.Settle();
        flush.ShouldHaveEnded();
        WhatWasStoredIsThere();
        _stage.EndsWell("a write-back was undisturbed");
    }

    // Where the page is still to be taken, the segment asks for it itself.
    [Fact]
    [Trait("Race", "R8")]
    public void ASegmentThatNobodyUsesWritesWhatTheWriterHasNotTakenYet()
    {
        Stored();
        _process.Does(Unmap());
        _stage.Hold<FileTransferDone>();
        _section.Closes();
        _stage.Settle();
        _section.IsGone.ShouldBeFalse(_stage.Transcript);
        _section.LocationOf(0).ShouldBe(PageLocation.Transition);
        _stage.LetGo<FileTransferDone>();
        _stage.Settle();
        _section.IsGone.ShouldBeTrue(_stage.Transcript);
        _stage.EndsWell("a section ended");
    }

    [Fact]
    [Trait("Race", "R8")]
    public void WhoUsesTheFileAgainDuringTheLastWriteFindsTheSegmentStillThere()
    {
        PageBeingWritten();
        _process.Does(Unmap());
        _section.Closes();
        _stage.Settle();
        StagedSection again = _stage.FileSection();
        again.Id.ShouldBe(_section.Id, _stage.Transcript);
        WriteEnds();
        _stage.Settle();
        again.IsGone.ShouldBeFalse();
        var process = _stage.StartWithView(again);
        again.IsSeenBy(process);
        _stage.EndsWell();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R8")]
    public void AFileDeletedDuringTheWriteIsGoneForNewcomersAndItsSegmentWhenItIsWritten(bool inUse)
    {
        PageBeingWritten();
        int open = _stage.OpenFile();
        if (!inUse)
        {
            _process.Does(Unmap());
            _section.Closes();
            _stage.Settle();
        }

        NtStatus deleted = _stage.AskFile(new SetDisposition(open, 77, 1)).Status;
        deleted.ShouldBe(inUse ? NtStatus.CannotDelete : NtStatus.Success, _stage.Transcript);
        _stage.AskFile(new CloseFile(open, 78)).Status.ShouldBe(NtStatus.Success);
        if (!inUse)
        {
            _stage.TryFileSection().Status.ShouldBe(NtStatus.FileDeleted, _stage.Transcript);
            _section.IsGone.ShouldBeFalse("the disk is still writing");
        }

        WriteEnds();
        _stage.Settle();
        _section.IsGone.ShouldBe(!inUse, _stage.Transcript);
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R8")]
    public void AFileMadeShorterDuringTheWriteTakesThePageWhenItIsOver()
    {
        PageBeingWritten();
        int open = _stage.OpenFile();
        _process.Does(Unmap());
        _section.Closes();
        _stage.Settle();
        _stage.AskFile(new SetEndOfFile(0, open, 77)).Status.ShouldBe(NtStatus.Success, _stage.Transcript);
        _section.LocationOf(0).ShouldBe(PageLocation.Transition, $"the disk reads from its copy{_stage.Transcript}");
        WriteEnds().ShouldBe(WriteBackResult.Deleted);
        _section.LocationOf(0).ShouldBe(PageLocation.Free);
        _stage.Settle();
        _section.IsGone.ShouldBeTrue(_stage.Transcript);
        _stage.EndsWell("a deletion overtook a write-back (R6)");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R8")]
    public void AWriteThatFailsIsTriedAgainWhileSomebodyUsesTheSegment(bool used)
    {
        Stored();
        _stage.Inject(_stage.Cast.Files[0], new Disturb(new Ticks(1), InjectionCode.WriteError, 1_000));
        _stage.Hold<FileTransferDone>();
        _stage.Flush();
        if (!used)
        {
            _process.Does(Unmap());
            _section.Closes();
            _stage.Settle();
        }

        WriteEnds().ShouldBe(WriteBackResult.Failed);
        if (used)
        {
            _section.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
            _stage.Deliver<DisturbanceEnds>();
            _stage.Flush();
            _section.LocationOf(0).ShouldBe(PageLocation.Standby, _stage.Transcript);
            WhatWasStoredIsThere();
        }

        _stage.EndsWell("a write-back failed");
    }

    /// <summary>A file whose page 0 was stored to through a view.</summary>
    private void Stored(bool trimmed = true)
    {
        _section = _stage.FileSection();
        _process = _stage.StartWithView(_section);
        _process.Does(Store(0));
        if (trimmed)
        {
            _stage.Trim(_process, 10);
            _section.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
        }
    }

    /// <summary>The same, and the mapped-page writer has taken the page to the disk.</summary>
    private void PageBeingWritten()
    {
        Stored();
        _stage.Hold<FileTransferDone>();
        _stage.Flush();
        _stage.OnTheirWay<FileTransferDone>().ShouldBe(1, _stage.Transcript);
        _section.LocationOf(0).ShouldBe(PageLocation.Transition);
    }

    /// <summary>The PFN database has given the page to the mapped-page writer; nobody else knows.</summary>
    private void OnItsWayToTheSection(bool hasNotHeardItself)
    {
        if (hasNotHeardItself)
        {
            _stage.Hold<MappedTaken>(_stage.Cast.MappedPageWriter);
        }
        else
        {
            _stage.Hold<WriteSectionPages>();
        }

        _stage.Flush();
        _section.LocationOf(0).ShouldBe(PageLocation.Transition, _stage.Transcript);
    }

    /// <summary>The disk has written, and everybody concerned hears of it.</summary>
    private WriteBackResult WriteEnds()
    {
        _stage.LetGo<FileTransferDone>();
        _stage.Deliver<FileTransferDone>();
        _stage.Deliver<FilePagesWritten>();
        if (_stage.OnTheirWay<PagesWritten>() > 0)
        {
            _stage.Deliver<PagesWritten>();
        }

        return _stage.Deliver<WriteCompleted>().Stated<PageWriteEnded>().Single().Result;
    }

    /// <summary>Another view, of a segment that has lost the page, shows what was stored last.</summary>
    private void WhatWasStoredIsThere()
    {
        _stage.PageOut(_section);
        var another = _stage.StartWithView(_section);
        _section.IsSeenBy(another);
    }
}
