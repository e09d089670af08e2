using ActorVmm.Actors;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Races.Step;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>A process exits while one of its pages is being read (fact book §17, R7).</summary>
public sealed partial class ReadRaceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Race", "R7")]
    public void AProcessCanExitWithANewPageWhereAnotherIsStillBeingRead(bool resident)
    {
        var (process, reader) = PageBeingRead();
        process.Does(Release());
        process.Does(Allocate(8));
        process.Does(Store(0));
        if (!resident)
        {
            _stage.Trim(process);
        }

        process.Exits();
        reader.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        _stage.EndsWell();
    }

    [Fact]
    [Trait("Race", "R7")]
    public void AProcessThatExitsDuringAReadIsGoneWhenTheReadHasEnded()
    {
        var (process, reader) = PageBeingRead();
        var waiter = process.Begins(Store(0));
        process.Exits();
        reader.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        waiter.ShouldHaveEnded(NtStatus.ProcessIsTerminating);
        _stage.Settle();
        process.Process.State.ShouldBe(ProcessState.Exiting);
        FrameAndSlotAreKept();
        ReadEnds();
        process.Process.State.ShouldBe(ProcessState.Gone);
        FrameAndSlotAreFree();
        _stage.EndsWell("a page was deleted while it was being read (R6)", "a process exited");
    }

    [Fact]
    [Trait("Race", "R7")]
    public void AProcessThatExitsBeforeItsReadHasFramesIsGoneWhenTheyCome()
    {
        var process = PagedOut();
        _stage.Hold<TakeReadFrames>();
        process.Begins(Load(0));
        _stage.Settle();
        process.Exits();
        process.Process.State.ShouldBe(ProcessState.Exiting);
        _stage.LetGo<TakeReadFrames>();
        _stage.Settle();
        process.Process.State.ShouldBe(ProcessState.Gone);
        _stage.Sent<ReadPages>().ShouldBeEmpty(_stage.Transcript);
        FrameAndSlotAreFree();
        _stage.EndsWell("a process exited");
    }

    [Fact]
    [Trait("Race", "R7")]
    public void AProcessCanExitWhenItsReadFails()
    {
        var process = PagedOut();
        _stage.Inject(_stage.Cast.PagingFiles[0], new Disturb(new Ticks(1), InjectionCode.ReadError, 1_000));
        _stage.Hold<TransferDone>();
        process.Begins(Load(0));
        _stage.Settle();
        process.Exits();
        ReadEnds();
        process.Process.State.ShouldBe(ProcessState.Gone);
        FrameAndSlotAreFree();
        _stage.EndsWell("a read failed");
    }
}
