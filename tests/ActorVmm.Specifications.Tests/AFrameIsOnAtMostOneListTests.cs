using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AFrameIsOnAtMostOneListTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<AFrameIsOnAtMostOneList>();

    [Fact]
    public void AFrameLeavesWhereItIs() =>
        MappedFresh
            .Turn(Database, Moved(0, PageLocation.Modified, PageLocation.Active, P))
            .ShouldBreak<AFrameIsOnAtMostOneList>("frame 0 is said to leave Modified, and it was Active");

    [Fact]
    public void AListedFrameHasNoReference() =>
        TrimOnItsWay
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Modified, P, 16, references: 1))
            .ShouldBreak<AFrameIsOnAtMostOneList>("frame 0 came onto list Modified while 1 refer to it");

    [Fact]
    public void AFrameOnNoListIsReferenced() =>
        Nothing
            .Turn(Database, Moved(0, PageLocation.Zeroed, PageLocation.Active, P, references: 0))
            .ShouldBreak<AFrameIsOnAtMostOneList>("frame 0 is Active, so on no list, and nobody refers to it");

    [Fact]
    public void ThereIsNoSuchFrame() =>
        Nothing
            .Turn(Database, Moved(64, PageLocation.Zeroed, PageLocation.Active, P))
            .ShouldBreak<AFrameIsOnAtMostOneList>("only 64 frames are installed");
}
