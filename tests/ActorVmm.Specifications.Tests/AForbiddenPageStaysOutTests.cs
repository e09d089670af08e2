using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;

namespace ActorVmm.Specifications.Tests;

public sealed class AForbiddenPageStaysOutTests
{
    [Fact]
    public void APageThatMayBeAccessedAgainHolds() =>
        new History()
            .Turn(P, Protected(16, 2, PageProtection.NoAccess))
            .Turn(P, Protected(16, 2, PageProtection.ReadWrite))
            .Turn(P, Mapped(16, 1))
            .ShouldKeep<AForbiddenPageStaysOut>();

    [Fact]
    public void APageThatLeavesInTheTurnInWhichItCameHolds() =>
        new History().Turn(P, Protected(16, 1, PageProtection.NoAccess)).Turn(P, Mapped(16, 1), Unmapped(16, 1)).ShouldKeep<AForbiddenPageStaysOut>();

    [Fact]
    public void AMappedPageWithoutAccessIsFound() =>
        new History()
            .Turn(P, Protected(16, 4, PageProtection.NoAccess))
            .Turn(P, Mapped(18, 1))
            .ShouldBreak<AForbiddenPageStaysOut>("page 12 of actor 10 is mapped, and it may not be accessed");

    [Fact]
    public void AMappedGuardPageIsFound() =>
        new History()
            .Turn(P, Protected(16, 1, PageProtection.ReadWrite | PageProtection.Guard))
            .Turn(P, Mapped(16, 1))
            .ShouldBreak<AForbiddenPageStaysOut>("is mapped, and it may not be accessed");

    [Fact]
    public void AGuardThatWasMetIsNoObstacle() =>
        new History()
            .Turn(P, Protected(16, 2, PageProtection.ReadWrite | PageProtection.Guard))
            .Turn(P, Told.Of(new FaultAnswered(new Vpn(16), 0, NtStatus.GuardPageViolation)))
            .Turn(P, Mapped(16, 1))
            .ShouldKeep<AForbiddenPageStaysOut>();

    [Fact]
    public void OnlyPartOfARangeIsAllowedAgain() =>
        new History()
            .Turn(P, Protected(16, 3, PageProtection.NoAccess))
            .Turn(P, Protected(17, 1, PageProtection.ReadOnly))
            .Turn(P, Mapped(17, 1))
            .Turn(P, Mapped(18, 2))
            .ShouldBreak<AForbiddenPageStaysOut>("page 12 of actor 10");

    [Fact]
    public void OtherProcessesAreNotConcerned() =>
        new History().Turn(P, Protected(16, 1, PageProtection.NoAccess)).Turn(Q, Mapped(16, 1)).ShouldKeep<AForbiddenPageStaysOut>();

    private static Told Protected(ulong first, ulong pages, PageProtection protection) => Told.Of(new CallCompleted(
        first << PageSize.Shift, pages << PageSize.Shift, NtStatus.Success, 0, CallService.Protect, 0, 0, (uint)protection));
}
