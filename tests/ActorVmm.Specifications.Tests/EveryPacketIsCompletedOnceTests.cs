using static ActorVmm.Specifications.Tests.Histories.History;

namespace ActorVmm.Specifications.Tests;

public sealed class EveryPacketIsCompletedOnceTests
{
    private static readonly ActorId _class = new(20);
    private static readonly ActorId _port = new(21);

    [Fact]
    public void APacketThatComesBackHolds() =>
        Sent.Turn(_port, Completed()).Turn(_class, Left()).Turn(_class, Down()).Turn(_port, Down(1)).Turn(_port, Completed()).Turn(_class, Left())
            .ShouldKeep<EveryPacketIsCompletedOnce>(quiesces: true);

    [Fact]
    public void CompletingItTwiceIsFound() =>
        Sent.Turn(_port, Completed()).Turn(_port, Completed()).ShouldBreak<EveryPacketIsCompletedOnce>("packet 3 is completed a second time");

    [Fact]
    public void CompletingWhatNobodySentIsFound() =>
        new History().Turn(_port, Completed()).ShouldBreak<EveryPacketIsCompletedOnce>("packet 3 is completed, and nobody sent it down");

    [Fact]
    public void APacketThatIsSentDownAgainIsFound() =>
        Sent.Turn(_port, Completed()).Turn(_port, Down(1)).ShouldBreak<EveryPacketIsCompletedOnce>("packet 3 is sent down, and it was completed");

    [Fact]
    public void ARowThatIsInUseIsNotMadeAgain() =>
        Sent.Turn(_class, Down()).ShouldBreak<EveryPacketIsCompletedOnce>("packet 3 is made again, and it is still in a stack");

    [Fact]
    public void ARequestorIsNotToldBefore() =>
        Sent.Turn(_class, Left()).ShouldBreak<EveryPacketIsCompletedOnce>("is told that it is over, and it was not completed");

    [Fact]
    public void AtQuiescenceNoneIsForgotten() =>
        Sent.ShouldBreak<EveryPacketIsCompletedOnce>("packet 3 was never completed", quiesces: true);

    [Fact]
    public void AtQuiescenceNoneIsStuckOnItsWayUp() =>
        Sent.Turn(_port, Completed()).ShouldBreak<EveryPacketIsCompletedOnce>("packet 3 never came up again", quiesces: true);

    private static History Sent => new History().Turn(_class, Down()).Turn(_port, Down(1));

    private static Told Down(int location = 0) => Told.Of(new PacketWentDown(new PacketId(3), 0, location));

    private static Told Completed() => Told.Of(new PacketCompleted(new PacketId(3), 0, NtStatus.Success));

    private static Told Left() => Told.Of(new PacketLeft(new PacketId(3), 0, P, Q, NtStatus.Success, 0));
}
