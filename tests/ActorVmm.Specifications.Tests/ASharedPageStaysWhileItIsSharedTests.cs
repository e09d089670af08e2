using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;

namespace ActorVmm.Specifications.Tests;

public sealed class ASharedPageStaysWhileItIsSharedTests
{
    private static readonly ActorId _section = new(20);

    /// <summary>Page 3 of the section is valid in frame 0, and two shares were given.</summary>
    private static History Shared => new History()
        .Turn(_section, Told.Of(new SegmentFormed(16, 0, SegmentKind.PagingFile, 0, 0)), Told.Of(new SegmentCommitChanged(16, 1)))
        .Turn(Database, Moved(0, PageLocation.Zeroed, PageLocation.Active, _section))
        .Turn(_section, Mapped(3, 0, inWorkingSet: false), Shares(2));

    [Fact]
    public void SharesComeAndGo() =>
        Shared
            .Turn(P, In(16))
            .Turn(Q, In(32))
            .Turn(P, Out(16))
            .Turn(_section, Shares(1))
            .Turn(Q, Out(32))
            .Turn(_section, Shares(0), Unmapped(3, 0))
            .ShouldKeep<ASharedPageStaysWhileItIsShared>(quiesces: true);

    [Fact]
    public void NobodyMapsWhatWasNotGiven() =>
        Shared
            .Turn(P, In(16))
            .Turn(P, In(17))
            .Turn(Q, In(32))
            .ShouldBreak<ASharedPageStaysWhileItIsShared>("and 3 PTEs map it now");

    [Fact]
    public void NobodyMapsAnotherFrame() =>
        Shared
            .Turn(P, In(16, frame: 1))
            .ShouldBreak<ASharedPageStaysWhileItIsShared>("of frame 0, and 1 PTEs map it now");

    [Fact]
    public void APageDoesNotGoBeforeItsLastShare() =>
        Shared
            .Turn(P, In(16))
            .Turn(_section, Unmapped(3, 0))
            .ShouldBreak<ASharedPageStaysWhileItIsShared>("it counts 2 shares, and 1 PTEs map it");

    [Fact]
    public void ACountBelowThePtesIsFound() =>
        Shared
            .Turn(P, In(16))
            .Turn(Q, In(32))
            .Turn(_section, Shares(1))
            .ShouldBreak<ASharedPageStaysWhileItIsShared>("counts 1 shares, and 2 PTEs map it");

    [Fact]
    public void NobodyLetsGoTwice() =>
        Shared
            .Turn(P, In(16))
            .Turn(P, Out(16))
            .Turn(P, Out(16))
            .ShouldBreak<ASharedPageStaysWhileItIsShared>("which no PTE maps");

    [Fact]
    public void AShareThatNeverArrivesIsFound() =>
        Shared
            .Turn(P, In(16))
            .ShouldBreak<ASharedPageStaysWhileItIsShared>("1 PTEs map pages of sections, which count 2 shares", quiesces: true);

    private static Told Shares(uint count) => Told.Of(new SharesCounted(3, new Pfn(0), count));

    private static Told In(ulong vpn, uint frame = 0) =>
        Told.Of(new ViewPageMapped(new Vpn(vpn), 3, _section, new Pfn(frame), FaultKind.Prototype, true, 0, 0));

    private static Told Out(ulong vpn) =>
        Told.Of(new ViewPageUnmapped(new Vpn(vpn), 3, _section, new Pfn(0), UnmapCause.Trimmed, false, 0, 0));
}
