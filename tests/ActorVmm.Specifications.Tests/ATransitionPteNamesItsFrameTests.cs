using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class ATransitionPteNamesItsFrameTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<ATransitionPteNamesItsFrame>();

    [Fact]
    public void AHintDeletedWhileItsTrimIsOnItsWayHolds() =>
        TrimOnItsWay
            .Turn(P, Dropped(16, 0, deleted: true))
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Free))
            .ShouldKeep<ATransitionPteNamesItsFrame>();

    [Fact]
    public void AHintedFrameIsNotFreed() =>
        OnModified
            .Turn(Database, Moved(0, PageLocation.Modified, PageLocation.Free))
            .ShouldBreak<ATransitionPteNamesItsFrame>("frame 0 went to Free while a transition PTE of actor 10 for page 10 names it");

    [Fact]
    public void ATrimmedPageIsNotFreed() =>
        TrimOnItsWay
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Free))
            .ShouldBreak<ATransitionPteNamesItsFrame>("frame 0 went to Free while a transition PTE");

    [Fact]
    public void AModifiedPageIsNotRepurposed() =>
        OnModified
            .Turn(Database, Repurposed(16, default, 0, P))
            .ShouldBreak<ATransitionPteNamesItsFrame>("lost frame 0, which is not on standby but Modified");

    [Fact]
    public void AHintThatIsGoodIsNotCalledStale() =>
        OnStandby
            .Turn(P, Dropped(16, 0, At))
            .ShouldBreak<ATransitionPteNamesItsFrame>("was told that page 10 is in slot 0:1, and it is in frame 0");

    [Fact]
    public void AStaleHintLearnsTheRightSlot() =>
        GivenToQ
            .Turn(P, Dropped(16, 0, Slot(2)))
            .ShouldBreak<ATransitionPteNamesItsFrame>("was told that page 10 is in slot 0:2, and it is in slot 0:1");
}
