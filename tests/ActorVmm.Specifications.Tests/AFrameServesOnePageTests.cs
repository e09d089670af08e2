using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AFrameServesOnePageTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<AFrameServesOnePage>();

    [Fact]
    public void NobodyMapsTheFrameOfAnother() =>
        GivenToQ
            .Turn(P, Mapped(17, 0))
            .ShouldBreak<AFrameServesOnePage>("page 11 of actor 10 was mapped to frame 0, which was given for page 0 of actor 11");

    [Fact]
    public void NobodyStoresToTheFrameOfAnother() =>
        MappedFresh
            .Turn(Q, Stored(16, 0, 9))
            .ShouldBreak<AFrameServesOnePage>("page 10 of actor 11 was stored to in frame 0, which page 10 of actor 10 is mapped to");

    [Fact]
    public void AFrameIsNotMappedTwice() =>
        MappedFresh
            .Turn(P, Mapped(17, 0))
            .ShouldBreak<AFrameServesOnePage>("page 11 of actor 10 was mapped to frame 0, and page 10 of actor 10 still is");

    [Fact]
    public void AFrameMovesInTheNameOfItsPage() =>
        TrimOnItsWay
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Modified, P, 17))
            .ShouldBreak<AFrameServesOnePage>("for page 11 of actor 10, and page 10 of actor 10 is in it");
}
