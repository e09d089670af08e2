using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class APageIsReadOnceTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<APageIsReadOnce>(quiesces: true);

    [Fact]
    public void ADeletedPageHolds() =>
        BeingRead
            .Turn(P, ChangedUnderRead(16, 1, deleted: true))
            .Turn(P, ReadClosed(16, 1, mapped: 0, deleted: 1))
            .ShouldKeep<APageIsReadOnce>(quiesces: true);

    [Fact]
    public void ASecondReadIsFound() =>
        BeingRead
            .Turn(P, ReadOpened(16, At, block: 2))
            .ShouldBreak<APageIsReadOnce>("reads page 10 from slot 0:1, and the page is in frame 1");

    [Fact]
    public void ASecondReadBeforeTheFrameIsFound() =>
        ReadIsOpen
            .Turn(P, ReadOpened(16, At, block: 2))
            .ShouldBreak<APageIsReadOnce>("and the page is being read from slot 0:1");

    [Fact]
    public void AWaiterJoinsAnOpenRead() =>
        ReadIsOver
            .Turn(P, Told.Of(new WaiterJoined(new Vpn(16), 1, 1)))
            .ShouldBreak<APageIsReadOnce>("a fault joined in-page block 1 of actor 10, which is not open");

    [Fact]
    public void AMaskThatForgetsADeletionIsFound() =>
        BeingRead
            .Turn(P, ChangedUnderRead(16, 1, deleted: true))
            .Turn(P, ReadClosed(16, 1, mapped: 0, deleted: 0))
            .ShouldBreak<APageIsReadOnce>("with pages 0 deleted, and pages 1 were");

    [Fact]
    public void AMaskThatClaimsAMappingIsFound() =>
        Arrived
            .Turn(P, ReadClosed(16, 1, mapped: 1))
            .ShouldBreak<APageIsReadOnce>("with page 10 of actor 10 mapped to frame 1, and the page was not mapped");

    [Fact]
    public void AtQuiescenceNoReadIsOpen() =>
        ReadIsOpen.ShouldBreak<APageIsReadOnce>("1 reads are open", quiesces: true);

    [Fact]
    public void APageThatGotNoFrameIsReadAgain() =>
        HalfGranted
            .Turn(P, Narrowed(17, Slot(2), block: 1))
            .Turn(P, ReadOpened(16, Slot(1), block: 2))
            .Turn(Disk, Started(Slot(2), write: false))
            .Turn(Disk, Ended(Slot(2), write: false))
            .Turn(P, Mapped(17, 2, Stamp, FaultKind.Hard), ReadClosed(17, 1, mapped: 1))
            .ShouldKeep<APageIsReadOnce>();

    [Fact]
    public void APageThatGotNoFrameIsNotReadAgainBeforeTheReadIsNarrowed() =>
        HalfGranted
            .Turn(P, ReadOpened(16, Slot(1), block: 2))
            .ShouldBreak<APageIsReadOnce>("and the page is being read from slot 0:1");

    [Fact]
    public void APageThatGotItsFrameIsNotGivenUp() =>
        HalfGranted
            .Turn(P, Narrowed(16, Slot(1), block: 1))
            .ShouldBreak<APageIsReadOnce>("gave up page 1 of in-page block 1, and frame 2 was granted for it");

    [Fact]
    public void AReadIsNarrowedWithinItself() =>
        HalfGranted
            .Turn(P, Narrowed(18, Slot(3), block: 1))
            .ShouldBreak<APageIsReadOnce>("it reads 2 from 10 in slot 0:1 on");
}
