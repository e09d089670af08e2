using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AWriteBackTellsWhatItFoundTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<AWriteBackTellsWhatItFound>();

    [Fact]
    public void AStoreThatOvertookItHolds() =>
        OvertakenByAStore
            .Turn(Database, WriteEnded(At, 0, WriteBackResult.DirtiedAgain), Detached(At, 0), Moved(0, PageLocation.Transition, PageLocation.Modified, P, 16))
            .ShouldKeep<AWriteBackTellsWhatItFound>();

    [Fact]
    public void UndisturbedMeansStandby() =>
        OnDisk
            .Turn(Database, WriteEnded(At, 0, WriteBackResult.Clean), Moved(0, PageLocation.Transition, PageLocation.Modified, P, 16))
            .ShouldBreak<AWriteBackTellsWhatItFound>("ended Clean, and the frame is Modified");

    [Fact]
    public void ReferencedMeansActive() =>
        OnDisk
            .Turn(Database, WriteEnded(At, 0, WriteBackResult.Referenced), Moved(0, PageLocation.Transition, PageLocation.Standby, P, 16))
            .ShouldBreak<AWriteBackTellsWhatItFound>("ended Referenced, and the frame is Standby");

    [Theory]
    [InlineData(WriteBackResult.Referenced)]
    [InlineData(WriteBackResult.Deleted)]
    public void ALockedFrameWaitsInTransition(WriteBackResult result) =>
        BeingWritten
            .Turn(Database, Told.Of(new FrameLocked(new Pfn(0), 1, 2)))
            .Turn(Database, WriteEnded(At, 0, result))
            .ShouldKeep<AWriteBackTellsWhatItFound>();

    [Theory]
    [InlineData(WriteBackResult.Referenced)]
    [InlineData(WriteBackResult.Deleted)]
    public void AFrameThatNobodyLocksDoesNot(WriteBackResult result) =>
        BeingWritten
            .Turn(Database, WriteEnded(At, 0, result))
            .ShouldBreak<AWriteBackTellsWhatItFound>($"ended {result}, and the frame is Transition");

    [Fact]
    public void FailedIsNotStandby() =>
        OnDisk
            .Turn(Database, WriteEnded(At, 0, WriteBackResult.Failed), Moved(0, PageLocation.Transition, PageLocation.Standby, P, 16))
            .ShouldBreak<AWriteBackTellsWhatItFound>("ended Failed, and the frame is Standby");

    [Fact]
    public void AFrameThatGoesOnToAReaderInTheSameTurnHolds() =>
        OnDisk
            .Turn(
                Database, WriteEnded(At, 0, WriteBackResult.Clean), Moved(0, PageLocation.Transition, PageLocation.Standby, P, 16),
                Repurposed(16, At, 0, P), Detached(At, 0, handed: true), Moved(0, PageLocation.Standby, PageLocation.Transition, Q, 20),
                Attached(Slot(9), 0))
            .ShouldKeep<AWriteBackTellsWhatItFound>();
}
