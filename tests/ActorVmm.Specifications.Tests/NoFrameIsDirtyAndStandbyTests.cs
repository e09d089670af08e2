using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class NoFrameIsDirtyAndStandbyTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<NoFrameIsDirtyAndStandby>();

    [Fact]
    public void ADirtyPageIsNotStandby() =>
        TrimOnItsWay
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Standby, P, 16))
            .ShouldBreak<NoFrameIsDirtyAndStandby>("page 10 of actor 10 in it has been stored to since it was last written out");

    [Fact]
    public void AMappedPageIsNotStandby() =>
        MappedFresh
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Standby, P, 16))
            .ShouldBreak<NoFrameIsDirtyAndStandby>("page 10 of actor 10 is mapped to it");

    [Fact]
    public void AStoreThatOvertookItsWriteIsNotStandby() =>
        OvertakenByAStore
            .Turn(Database, WriteEnded(At, 0, WriteBackResult.Clean), Moved(0, PageLocation.Transition, PageLocation.Standby, P, 16))
            .ShouldBreak<NoFrameIsDirtyAndStandby>("has been stored to since it was last written out");
}
