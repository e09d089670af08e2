using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class PagesInFlightAreReferencedTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<PagesInFlightAreReferenced>(quiesces: true);

    [Fact]
    public void ReferencesUnderAWriteHold() =>
        Overtaken.ShouldKeep<PagesInFlightAreReferenced>();

    [Fact]
    public void AFrameBeingReadDoesNotMove() =>
        BeingRead
            .Turn(Database, Moved(1, PageLocation.Transition, PageLocation.Free))
            .ShouldBreak<PagesInFlightAreReferenced>("frame 1 went to Free while page 10 of actor 10 is being read into it", times: 2);

    [Fact]
    public void AFrameBeingWrittenIsOnNoList() =>
        BeingWritten
            .Turn(Database, Moved(0, PageLocation.Transition, PageLocation.Modified, P, 16))
            .ShouldBreak<PagesInFlightAreReferenced>("frame 0 is Modified while it is being written");

    [Fact]
    public void AFrameBeingWrittenIsReferenced() =>
        SlotTaken
            .Turn(Database, Attached(At, 0), WriteStarted(16, At, 0, P), Moved(0, PageLocation.Modified, PageLocation.Transition, P, 16, references: 0))
            .ShouldBreak<PagesInFlightAreReferenced>("with a reference count of 0; its shares and transfers are 1");

    [Fact]
    public void AGivenBackFrameUnderAWriteHasTwo() =>
        BeingWritten
            .Turn(Database, Moved(0, PageLocation.Transition, PageLocation.Active, P, 16))
            .ShouldBreak<PagesInFlightAreReferenced>("with a reference count of 1; its shares and transfers are 2");

    [Fact]
    public void APageIsNotMappedBeforeItIsRead() =>
        BeingRead
            .Turn(Disk, Started(At, write: false))
            .Turn(P, Mapped(16, 1, Stamp, FaultKind.Hard))
            .ShouldBreak<PagesInFlightAreReferenced>("was mapped to frame 1 before it was read from slot 0:1");

    [Fact]
    public void NobodyTransfersUnasked() =>
        PagedOut
            .Turn(Disk, Started(At, write: false))
            .ShouldBreak<PagesInFlightAreReferenced>("a read of slot 0:1 was started, and nobody ordered it");

    [Fact]
    public void AtQuiescenceNoTransferIsOpen() =>
        BeingWritten.ShouldBreak<PagesInFlightAreReferenced>("frame 0 is Transition: its transfer never ended", quiesces: true);
}
