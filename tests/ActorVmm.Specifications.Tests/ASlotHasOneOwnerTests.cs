using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class ASlotHasOneOwnerTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<ASlotHasOneOwner>(quiesces: true);

    [Fact]
    public void ASlotGivenUpMayBeOnItsWayBack() =>
        OnStandby
            .Turn(P, Dropped(16, 0, deleted: true))
            .Turn(Database, Detached(At, 0), Moved(0, PageLocation.Standby, PageLocation.Free))
            .Turn(Disk, Freed(At))
            .ShouldKeep<ASlotHasOneOwner>(quiesces: true);

    [Fact]
    public void ASlotIsNotTakenTwice() =>
        SlotTaken
            .Turn(Disk, Taken(At))
            .ShouldBreak<ASlotHasOneOwner>("slot 0:1 was taken, and it is reserved for a write");

    [Fact]
    public void ASlotInUseIsNotFreed() =>
        OnStandby
            .Turn(Disk, Freed(At))
            .ShouldBreak<ASlotHasOneOwner>("slot 0:1 was freed, and it belongs to frame 0");

    [Fact]
    public void ASlotThatHoldsAPageIsNotFreed() =>
        PagedOut
            .Turn(Disk, Freed(At))
            .ShouldBreak<ASlotHasOneOwner>("slot 0:1 was freed, and it holds page 10 of actor 10");

    [Fact]
    public void ASlotUnderWriteIsNotFreed() =>
        BeingWritten
            .Turn(Database, Detached(At, 0))
            .Turn(Disk, Freed(At))
            .ShouldBreak<ASlotHasOneOwner>("slot 0:1 was freed while a transfer uses it");

    [Fact]
    public void ASlotIsAttachedOnce() =>
        OnStandby
            .Turn(Database, Attached(At, 5))
            .ShouldBreak<ASlotHasOneOwner>("slot 0:1 was attached to frame 5, and it belongs to frame 0", times: 2);

    [Fact]
    public void APageHasOneSlot() =>
        OnStandby
            .Turn(Disk, Taken(Slot(2)))
            .Turn(Database, Attached(Slot(2), 0))
            .ShouldBreak<ASlotHasOneOwner>("slot 0:2 was attached to frame 0, whose page has slot 0:1 already");

    [Fact]
    public void AtQuiescenceNoSlotIsReserved() =>
        SlotTaken.ShouldBreak<ASlotHasOneOwner>("slot 0:1 is reserved for a write: nobody will free it", quiesces: true);

    [Fact]
    public void AtQuiescenceNoSlotIsOnItsWayBack() =>
        OnStandby
            .Turn(Database, Detached(At, 0))
            .ShouldBreak<ASlotHasOneOwner>("slot 0:1 is on its way back: nobody will free it", quiesces: true);

    [Fact]
    public void ASlotOfAPageDeletedBeforeItGotAFrameGoesBack() =>
        TwoPagesReadIsOpen
            .Turn(P, ChangedUnderRead(16, 1, deleted: true))
            .Turn(Database, Moved(2, PageLocation.Zeroed, PageLocation.Transition, P, 17), Attached(Slot(2), 2))
            .Turn(P, Narrowed(17, Slot(2), block: 1), Told.Of(new PagedOutDeleted(new Vpn(16), Slot(1))))
            .Turn(Disk, Freed(Slot(1)))
            .ShouldKeep<ASlotHasOneOwner>();
}
