using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Pages of a view that are locked while somebody trims them (fact book §17, R18), and stores to pages that were reset (R24).</summary>
public sealed class ViewLockRaceTests
{
    private readonly RaceStage _stage = new(RaceStage.WithFile);

    // Who reads a file into a view locks its pages (MmProbeAndLockPages): a trim that is heard first makes it touch them again.
    [Fact]
    [Trait("Race", "R18")]
    public void ATrimBeforeThePagesOfABufferAreLockedIsNoticed()
    {
        var (section, process) = View();
        process.Does(Store(0));
        _stage.Hold<RowGranted>();
        var read = BeginsToRead(process);
        _stage.Settle();
        _stage.Trim(process, 10);
        section.LocationOf(0).ShouldBe(PageLocation.Modified, _stage.Transcript);
        _stage.LetGo<RowGranted>();
        _stage.Settle();
        read.ShouldHaveEnded();
        section.IsSeenBy(process);
        _stage.EndsWell();
    }

    // The question to lock and the trim go different ways to the PFN database; the page must not get there before its lock.
    [Fact]
    [Trait("Race", "R18")]
    public void ATrimAfterTheQuestionToLockDoesNotOvertakeIt()
    {
        var (section, process) = View();
        process.Does(Store(0));
        _stage.Hold<LockPages>();
        var read = BeginsToRead(process);
        _stage.Settle();
        _stage.Trim(process, 10);
        section.LocationOf(0).ShouldBe(PageLocation.Active, $"its lock is on its way{_stage.Transcript}");
        _stage.Hold<FileTransferDone>();
        _stage.LetGo<LockPages>();
        _stage.Settle();
        section.LocationOf(0).ShouldBe(PageLocation.Transition, $"no PTE maps it, and it is locked{_stage.Transcript}");
        _stage.LetGo<FileTransferDone>();
        _stage.Settle();
        read.ShouldHaveEnded();
        section.IsSeenBy(process);
        _stage.EndsWell();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Race", "R18")]
    public void AnExitAfterTheQuestionToLockIsOverWhenItIsAnswered(bool sectionGoesToo)
    {
        var (section, process) = View();
        process.Does(Store(0));
        _stage.Hold<LockPages>();
        var read = BeginsToRead(process);
        _stage.Settle();
        if (sectionGoesToo)
        {
            section.Closes();
        }

        process.Exits();
        read.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        _stage.Settle();
        _stage.LetGo<LockPages>();
        _stage.Settle();
        process.Process.State.ShouldBe(ProcessState.Gone, _stage.Transcript);
        section.LocationOf(0).ShouldBe(sectionGoesToo ? PageLocation.Free : PageLocation.Modified, _stage.Transcript);
        _stage.EndsWell("a process exited");
    }

    // A buffer whose pages are partly copies of its own and partly shared is locked piece by piece.
    [Fact]
    [Trait("Race", "R18")]
    public void ABufferOfCopiesAndSharedPagesIsLockedPieceByPiece()
    {
        var section = _stage.Section();
        var process = _stage.StartWithView(section, PageProtection.WriteCopy);
        process.Does(Store(1));
        int open = _stage.OpenFile();
        process.Does(WriteFile(0, 3 * PageSize.Bytes), (ulong)_stage.Cast.Files[0].Value, (ulong)open);
        _stage.Stated<FrameLocked>().Count(fact => fact.Change > 0).ShouldBe(3, _stage.Transcript);
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R24")]
    public void AStoreAfterTheResetOfAViewIsKept()
    {
        var (section, process) = View();
        var other = _stage.StartWithView(section);
        process.Does(Store(0));
        process.Does(Reset(0));
        other.Does(Store(0));
        AnythingHappensTo(section, process, other);
        section.IsSeenBy(process);
        section.IsSeenBy(other);
        _stage.EndsWell();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R24")]
    public void AStoreOnItsWayDuringTheResetIsKeptOrWasBeforeIt(bool storeFirst)
    {
        var (section, process) = View();
        var other = _stage.StartWithView(section);
        process.Does(Load(0));
        other.Does(Load(0));
        _stage.Hold<SharedAccess>();
        var store = other.Begins(Store(0));
        _stage.Settle();
        if (storeFirst)
        {
            _stage.Deliver<SharedAccess>();
        }

        process.Does(Reset(0));
        _stage.LetGo<SharedAccess>();
        _stage.Settle();
        store.ShouldHaveEnded();
        AnythingHappensTo(section, process, other);

        // Contents of a page that was reset may stay; here those of shared pages do.
        section.IsSeenBy(process);
        _stage.EndsWell();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R24")]
    public void ACopyThatWasResetIsKeptWhenItIsStoredTo(bool stored)
    {
        var section = _stage.Section();
        var sharer = _stage.StartWithView(section);
        var copier = _stage.StartWithView(section, PageProtection.WriteCopy);
        sharer.Does(Store(0));
        copier.Does(Store(0));
        copier.Does(Reset(0));
        if (stored)
        {
            copier.Does(Store(0));
        }

        _stage.Trim(copier, 10);
        copier.LocationOf(0).ShouldBe(stored ? PageLocation.Modified : PageLocation.Free, _stage.Transcript);
        section.IsSeenBy(sharer);
        _stage.EndsWell();
    }

    private (StagedSection Section, StagedProcess Process) View()
    {
        var section = _stage.Section();
        return (section, _stage.StartWithView(section));
    }

    /// <summary>A thread reads eight bytes of the file into page 0.</summary>
    private Errand BeginsToRead(StagedProcess process)
    {
        int open = _stage.OpenFile();
        return process.Begins(ReadFile(0, 8), (ulong)_stage.Cast.Files[0].Value, (ulong)open);
    }

    private void AnythingHappensTo(StagedSection section, StagedProcess one, StagedProcess other)
    {
        _stage.Trim(one, 10);
        _stage.Trim(other, 10);
        _stage.PageOut(section);
    }
}
