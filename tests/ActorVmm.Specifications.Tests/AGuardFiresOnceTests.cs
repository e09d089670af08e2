using static ActorVmm.Specifications.Tests.Histories.History;

namespace ActorVmm.Specifications.Tests;

public sealed class AGuardFiresOnceTests
{
    [Fact]
    public void OneThreadIsTold() => new History().Turn(P, Met(16, 0)).Turn(P, Met(17, 1)).Turn(Q, Met(16, 0)).ShouldKeep<AGuardFiresOnce>();

    [Fact]
    public void ASecondThreadIsNotTold() =>
        new History()
            .Turn(P, Met(16, 0))
            .Turn(P, Met(16, 1))
            .ShouldBreak<AGuardFiresOnce>("thread 1 of actor 10 met a guard on page 10, and somebody had taken it away already");

    [Fact]
    public void AGuardThatWasPutBackFiresAgain() =>
        new History()
            .Turn(P, Met(16, 0))
            .Turn(P, Told.Of(new CallCompleted(16UL << PageSize.Shift, PageSize.Bytes, NtStatus.Success, 0, CallService.Protect, 0, 0, (uint)(PageProtection.ReadWrite | PageProtection.Guard))))
            .Turn(P, Met(16, 1))
            .ShouldKeep<AGuardFiresOnce>();

    private static Told Met(ulong page, int thread) => Told.Of(new FaultAnswered(new Vpn(page), thread, NtStatus.GuardPageViolation));
}
