using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AValidPteHoldsAShareTests
{
    [Fact]
    public void TheWholeTaleHolds() =>
        ReadIsOver.ShouldKeep<AValidPteHoldsAShare>();

    [Fact]
    public void AFrameStaysActiveUntilItsTrimArrives() =>
        TrimOnItsWay.ShouldKeep<AValidPteHoldsAShare>();

    [Fact]
    public void AMappedFrameStaysActive() =>
        MappedFresh
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Standby, P, 16))
            .ShouldBreak<AValidPteHoldsAShare>("frame 0 went to Standby while actor 10 maps page 10 to it");

    [Fact]
    public void AListedFrameIsNotMapped() =>
        OnModified
            .Turn(P, Mapped(16, 0, Stamp, FaultKind.Transition))
            .ShouldBreak<AValidPteHoldsAShare>("page 10 was mapped to frame 0, which is Modified");

    [Fact]
    public void ATrimmedFrameIsNotMappedUnasked() =>
        TrimOnItsWay
            .Turn(P, Mapped(16, 0, Stamp, FaultKind.Transition))
            .ShouldBreak<AValidPteHoldsAShare>("which nobody had given for it: its page is being trimmed");

    [Fact]
    public void TwoSharesOfOnePteAreOneTooMany() =>
        Nothing
            .Turn(Database, Moved(0, PageLocation.Zeroed, PageLocation.Active, P, shares: 2))
            .ShouldBreak<AValidPteHoldsAShare>("frame 0 is Active with a share count of 2; 1 PTEs can map it");

    [Fact]
    public void AtQuiescenceNoTrimIsOnItsWay() =>
        TrimOnItsWay.ShouldBreak<AValidPteHoldsAShare>("frame 0 is Active, while its page is being trimmed", quiesces: true, times: 2);
}
