using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AFrameMovesAlongTheDiagramTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<AFrameMovesAlongTheDiagram>();

    [Fact]
    public void ZeroedDoesNotBecomeStandby() =>
        Nothing
            .Turn(Database, Moved(0, PageLocation.Zeroed, PageLocation.Standby))
            .ShouldBreak<AFrameMovesAlongTheDiagram>("frame 0 went from Zeroed to Standby");

    [Fact]
    public void ModifiedDoesNotBecomeStandbyUnwritten() =>
        OnModified
            .Turn(Database, Moved(0, PageLocation.Modified, PageLocation.Standby, P, 16))
            .ShouldBreak<AFrameMovesAlongTheDiagram>("frame 0 went from Modified to Standby");
}
