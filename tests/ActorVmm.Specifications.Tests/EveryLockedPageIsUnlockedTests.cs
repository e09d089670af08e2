using static ActorVmm.Specifications.Tests.Histories.History;

namespace ActorVmm.Specifications.Tests;

public sealed class EveryLockedPageIsUnlockedTests
{
    [Fact]
    public void LockedTwiceAndUnlockedTwiceHolds() =>
        new History().Turn(Database, Locked(1)).Turn(Database, Locked(1)).Turn(P, Ended(0)).Turn(Database, Locked(-1)).Turn(Q, Ended(0)).Turn(Database, Locked(-1))
            .ShouldKeep<EveryLockedPageIsUnlocked>(quiesces: true);

    [Fact]
    public void ARequestThatLeavesPagesLockedIsFound() =>
        new History().Turn(Database, Locked(1)).Turn(P, Ended(16))
            .ShouldBreak<EveryLockedPageIsUnlocked>("a request of thread 1 of actor 10 to device 2 is over, and 16 pages of its buffer stay locked");

    [Fact]
    public void UnlockingWhatIsNotLockedIsFound() =>
        new History().Turn(Database, Locked(1)).Turn(Database, Locked(-1)).Turn(Database, Locked(-1)).ShouldBreak<EveryLockedPageIsUnlocked>("is unlocked, and nobody has locked it");

    [Fact]
    public void AtQuiescenceNothingIsLocked() =>
        new History().Turn(Database, Locked(1)).ShouldBreak<EveryLockedPageIsUnlocked>("frame 7 is locked 1 times", quiesces: true);

    private static Told Locked(int change) => Told.Of(new FrameLocked(new Pfn(7), change, 1));

    private static Told Ended(int leftLocked) => Told.Of(new DeviceRequestEnded(1, 2, NtStatus.Success, 4096, leftLocked));
}
