using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class DirtyDataSurvivesTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<DirtyDataSurvives>();

    [Fact]
    public void APageOfZerosNeedsNoSlot() =>
        MappedFresh
            .Turn(P, Unmapped(16, 0))
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Standby, P, 16))
            .ShouldKeep<DirtyDataSurvives>();

    [Fact]
    public void AnUnwrittenPageIsNotStandby() =>
        TrimOnItsWay
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Standby, P, 16))
            .ShouldBreak<DirtyDataSurvives>("is on standby; it contains 7, and no slot holds that");

    [Fact]
    public void AWriteThatFailedDoesNotCount() =>
        BeingWritten
            .Turn(Disk, Ended(At, write: true, status: NtStatus.DeviceDataError))
            .Turn(Database, WriteEnded(At, 0, WriteBackResult.Clean), Moved(0, PageLocation.Transition, PageLocation.Standby, P, 16))
            .ShouldBreak<DirtyDataSurvives>("slot 0:1 was never written with 7");

    [Fact]
    public void AWriteInFlightDoesNotCount() =>
        BeingWritten
            .Turn(Database, Moved(0, PageLocation.Transition, PageLocation.Standby, P, 16))
            .ShouldBreak<DirtyDataSurvives>("slot 0:1 was never written with 7");

    [Fact]
    public void AStoreDuringTheWriteIsNotLost() =>
        OvertakenByAStore
            .Turn(Disk, Ended(At, write: true))
            .Turn(Database, WriteEnded(At, 0, WriteBackResult.Clean), Moved(0, PageLocation.Transition, PageLocation.Standby, P, 16))
            .ShouldBreak<DirtyDataSurvives>("it contains 8, and slot 0:1 holds 7");
}
