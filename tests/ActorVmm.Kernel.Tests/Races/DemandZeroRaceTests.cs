using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Two threads on one page that is not there yet (fact book §17, R9, R15).</summary>
public sealed class DemandZeroRaceTests
{
    private readonly RaceStage _stage = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R9")]
    public void OfTwoThreadsThatTouchANewPageOneMakesItAndTheOtherFindsIt(bool tablesAreThere)
    {
        var process = _stage.Start();
        if (tablesAreThere)
        {
            process.Does(Store(1));
        }

        int before = process.Counted(FaultKind.DemandZero);
        var writer = process.Begins(Store(0));
        var reader = process.Begins(Load(0));
        writer.ShouldWait();
        reader.ShouldWait();
        _stage.Settle();
        writer.ShouldHaveEnded();
        reader.ShouldHaveEnded();
        (process.Counted(FaultKind.DemandZero) - before).ShouldBe(1, _stage.Transcript);
        process.Counted(FaultKind.AlreadyResolved).ShouldBe(1, _stage.Transcript);
        NoPageLeaks(process, pages: tablesAreThere ? 2 : 1);
        _stage.EndsWell("a fault was AlreadyResolved");
    }

    [Fact]
    [Trait("Race", "R9")]
    public void AGrantThatComesAfterThePageIsThereIsKeptForTheNext()
    {
        var process = _stage.Start();
        process.Does(Store(1));
        _stage.Hold<FramesGranted>();
        var writer = process.Begins(Store(0));
        var other = process.Begins(Store(2));
        _stage.Settle();
        _stage.LetGo<FramesGranted>();
        _stage.Settle();
        writer.ShouldHaveEnded();
        other.ShouldHaveEnded();
        NoPageLeaks(process, pages: 3);
        _stage.EndsWell("a fault was DemandZero");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R15")]
    public void OfTwoThreadsThatHitAGuardPageExactlyOneIsTold(bool resident)
    {
        var process = _stage.Start();
        if (resident)
        {
            process.Does(Store(0));
        }
        else
        {
            process.Does(Store(1));
        }

        process.Does(Protect(0, PageProtection.ReadWrite | PageProtection.Guard));
        var first = process.Begins(Store(0));
        var second = process.Begins(Store(0));
        first.ShouldHaveEnded(NtStatus.GuardPageViolation);
        _stage.Settle();
        second.ShouldHaveEnded();
        process.Counted(FaultKind.Guard).ShouldBe(1);
        process.Does(Load(0));
        _stage.EndsWell("a fault was Guard");
    }

    // Both threads wait for the page table first, so both are ready to run when it is there.
    [Fact]
    [Trait("Race", "R15")]
    public void OfTwoThreadsThatWaitForTheTableOfAGuardPageExactlyOneIsTold()
    {
        var process = _stage.Start(protection: PageProtection.ReadWrite | PageProtection.Guard);
        var first = process.Begins(Store(0));
        var second = process.Begins(Load(0));
        first.ShouldWait();
        second.ShouldWait();
        _stage.Settle();
        new[] { first.Status!.Value, second.Status!.Value }.Order().ToArray()
            .ShouldBe([NtStatus.Success, NtStatus.GuardPageViolation], _stage.Transcript);
        process.Counted(FaultKind.Guard).ShouldBe(1);
        _stage.EndsWell("a fault was Guard");
    }

    [Fact]
    [Trait("Race", "R15")]
    public void AGuardSetAgainWhileAThreadWaitsFiresAgain()
    {
        var process = _stage.Start();
        process.Does(Store(1));
        process.Does(Protect(0, PageProtection.ReadWrite | PageProtection.Guard));
        process.Does(Store(0), NtStatus.GuardPageViolation);
        _stage.Hold<FramesGranted>();
        var writer = process.Begins(Store(0));
        process.Does(Protect(0, PageProtection.ReadWrite | PageProtection.Guard));
        _stage.LetGo<FramesGranted>();
        _stage.Settle();
        writer.ShouldHaveEnded(NtStatus.GuardPageViolation);
        process.Does(Store(0));
        _stage.EndsWell("a fault was Guard");
    }

    private void NoPageLeaks(StagedProcess process, int pages)
    {
        process.Process.FramesKept.ShouldBe(0, _stage.Transcript);
        _stage.Machine.Frames.CountOf(PageLocation.Active).ShouldBe(RaceStage.Tables + pages, _stage.Transcript);
    }
}
