using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class PagesAddUpTests
{
    [Fact]
    public void CountsThatFollowTheMovesHold() =>
        Granted
            .Turn(Database, Count(zeroed: 63, active: 1))
            .ShouldKeep<PagesAddUp>();

    [Fact]
    public void AGrantInFlightIsNotKeptYet() =>
        Granted
            .Turn(P, Kept(1))
            .Turn(P, Kept(0))
            .ShouldKeep<PagesAddUp>();

    [Fact]
    public void ACountThatMissedAMoveIsFound() =>
        Granted
            .Turn(Database, Count(zeroed: 62, active: 1, free: 1))
            .ShouldBreak<PagesAddUp>("62 pages are counted Zeroed, and 63 have moved there", times: 2);

    [Fact]
    public void APageThatIsNowhereIsFound() =>
        Granted
            .Turn(Database, Count(zeroed: 63, active: 0))
            .ShouldBreak<PagesAddUp>("all places together hold 63 pages, and 64 are installed", times: 2);

    [Fact]
    public void KeepingMoreThanWasGrantedIsFound() =>
        Granted
            .Turn(P, Kept(2))
            .ShouldBreak<PagesAddUp>("keeps 2 frames ready, and holds 1 granted ones");

    [Fact]
    public void AGrantThatNobodyKeepsIsLost() =>
        Granted.ShouldBreak<PagesAddUp>("granted 1 frames it does not use, and keeps 0: 1 are lost", quiesces: true);

    [Fact]
    public void AReturnInFlightIsNotLostYet() =>
        Granted
            .Turn(P, Kept(1))
            .Turn(P, Kept(0))
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Zeroed))
            .ShouldKeep<PagesAddUp>(quiesces: true);

    [Fact]
    public void AvailableMeansZeroedFreeAndStandby() =>
        Granted
            .Turn(Database, Told.Of(new LowMemorySignalled(64, 0, 0)))
            .ShouldBreak<PagesAddUp>("64 pages are said to be available; zeroed, free and standby pages are 63");
}
