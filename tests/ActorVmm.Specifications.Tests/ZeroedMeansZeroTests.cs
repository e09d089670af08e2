using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class ZeroedMeansZeroTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<ZeroedMeansZero>();

    [Fact]
    public void AFrameReturnedUnusedHolds() =>
        Granted
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Zeroed))
            .ShouldKeep<ZeroedMeansZero>(quiesces: true);

    [Fact]
    public void AFreshPageContainsZeros() =>
        Granted
            .Turn(P, Mapped(16, 0, Stamp))
            .ShouldBreak<ZeroedMeansZero>("page 10 is new, and its frame 0 contains 7 instead of zeros");

    [Fact]
    public void AUsedFrameIsNotReturnedAsZeroed() =>
        Dirtied
            .Turn(P, Unmapped(16, 0, Stamp, true, UnmapCause.Deleted))
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Zeroed))
            .ShouldBreak<ZeroedMeansZero>("frame 0 went from Active to the zeroed list");

    [Fact]
    public void AFrameIsFilledBeforeItComesBack() =>
        Nothing
            .Turn(Database, Moved(0, PageLocation.Zeroed, PageLocation.Transition), Moved(0, PageLocation.Transition, PageLocation.Zeroed))
            .ShouldBreak<ZeroedMeansZero>("brought back 1 frames, and has filled 0");

    [Fact]
    public void ADemandZeroFaultTakesAFreshFrame() =>
        Arrived
            .Turn(P, Mapped(16, 1, Stamp, FaultKind.DemandZero))
            .ShouldBreak<ZeroedMeansZero>("a demand-zero fault mapped page 10 to frame 1, which was not given zeroed");
}
