using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class EveryFaultIsAnsweredTests
{
    [Fact]
    public void AFaultInFlightHolds() =>
        Nothing
            .Turn(P, Fault(16))
            .ShouldKeep<EveryFaultIsAnswered>();

    [Fact]
    public void APageTableFaultInsideHolds() =>
        Nothing
            .Turn(P, Fault(16), Counted(PlayedProcess.Table, FaultKind.PageTable), Counted(16, FaultKind.DemandZero))
            .Turn(P, Answered(16))
            .ShouldKeep<EveryFaultIsAnswered>(quiesces: true);

    [Fact]
    public void AFaultOfADyingThreadHolds() =>
        Nothing
            .Turn(P, Fault(16))
            .Turn(P, Exited())
            .ShouldKeep<EveryFaultIsAnswered>(quiesces: true);

    [Fact]
    public void AFaultWithoutAnswerIsFound() =>
        Nothing
            .Turn(P, Fault(16))
            .ShouldBreak<EveryFaultIsAnswered>("1 faults of actor 10 have no answer", quiesces: true);

    [Fact]
    public void AnAnswerWithoutFaultIsFound() =>
        Nothing
            .Turn(P, Answered(16))
            .ShouldBreak<EveryFaultIsAnswered>("was answered, and none is open");

    [Fact]
    public void ASecondFaultOfAThreadIsFound() =>
        Nothing
            .Turn(P, Fault(16))
            .Turn(P, Fault(17))
            .ShouldBreak<EveryFaultIsAnswered>("faulted on page 11, and its fault on page 10 has no answer");

    [Fact]
    public void AFaultIsCountedOnce() =>
        Nothing
            .Turn(P, Fault(16), Counted(16, FaultKind.Hard), Counted(16, FaultKind.Hard))
            .ShouldBreak<EveryFaultIsAnswered>("open is the one on page 10, counted already");

    [Fact]
    public void AFaultIsCounted() =>
        Nothing
            .Turn(P, Fault(16))
            .Turn(P, Answered(16))
            .ShouldBreak<EveryFaultIsAnswered>("was answered and never counted");
}
