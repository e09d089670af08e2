using static ActorVmm.Specifications.Tests.Histories.History;

namespace ActorVmm.Specifications.Tests;

public sealed class NoPacketLeavesAStackTwiceTests
{
    private static readonly ActorId _driver = new(20);

    [Fact]
    public void DownAndUpTheSameWayHolds() =>
        AtTheTop.Turn(_driver, Left()).Turn(_driver, Down(0)).Turn(_driver, Down(1)).ShouldKeep<NoPacketLeavesAStackTwice>();

    [Fact]
    public void LeavingTwiceIsFound() =>
        AtTheTop.Turn(_driver, Left()).Turn(_driver, Left()).ShouldBreak<NoPacketLeavesAStackTwice>("leaves stack 1, and it is in none: it has left already");

    [Fact]
    public void LeavingBeforeTheTopIsFound() =>
        AtTheBottom.Turn(_driver, Completed()).Turn(_driver, Up(1)).Turn(_driver, Left())
            .ShouldBreak<NoPacketLeavesAStackTwice>("leaves stack 1, and it is at driver 1 of stack 1");

    [Fact]
    public void ADriverIsNotPassedOver() =>
        new History().Turn(_driver, Down(0)).Turn(_driver, Down(2)).ShouldBreak<NoPacketLeavesAStackTwice>("packet 5 is at driver 2 of stack 1 on its way down");

    [Fact]
    public void ACompletionRoutineIsNotCalledTwice() =>
        AtTheBottom.Turn(_driver, Completed()).Turn(_driver, Up(1)).Turn(_driver, Up(1)).ShouldBreak<NoPacketLeavesAStackTwice>("packet 5 is at driver 1 of stack 1 on its way up");

    [Fact]
    public void NobodyCompletesOnItsWayUp() =>
        AtTheBottom.Turn(_driver, Completed()).Turn(_driver, Up(1)).Turn(_driver, Completed()).ShouldBreak<NoPacketLeavesAStackTwice>("which is not where it has to go next");

    [Fact]
    public void ItDoesNotChangeItsStack() =>
        new History().Turn(_driver, Down(0)).Turn(_driver, Told.Of(new PacketWentDown(new PacketId(5), 2, 1)))
            .ShouldBreak<NoPacketLeavesAStackTwice>("packet 5 is at driver 1 of stack 2 on its way down");

    private static History AtTheBottom => new History().Turn(_driver, Down(0)).Turn(_driver, Down(1)).Turn(_driver, Down(2));

    private static History AtTheTop => AtTheBottom.Turn(_driver, Completed()).Turn(_driver, Up(1)).Turn(_driver, Up(0));

    private static Told Down(int location) => Told.Of(new PacketWentDown(new PacketId(5), 1, location));

    private static Told Up(int location) => Told.Of(new PacketWentUp(new PacketId(5), 1, location));

    private static Told Completed() => Told.Of(new PacketCompleted(new PacketId(5), 1, NtStatus.Success));

    private static Told Left() => Told.Of(new PacketLeft(new PacketId(5), 1, P, P, NtStatus.Success, 0));
}
