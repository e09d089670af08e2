using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AProcessIsChargedForItsVadsTests
{
    [Fact]
    public void ASplitVadHolds() =>
        Nothing
            .Turn(P, Vad(16, 8, 8), Commit(8))
            .Turn(P, Vad(16, 2, 2), Vad(20, 4, 4), Commit(6))
            .ShouldKeep<AProcessIsChargedForItsVads>(quiesces: true);

    [Fact]
    public void ACommitThatNoVadHasIsFound() =>
        Nothing
            .Turn(P, Vad(16, 8, 8), Commit(9))
            .ShouldBreak<AProcessIsChargedForItsVads>("is charged for 9 private pages, and its 1 VADs for 8");

    [Fact]
    public void AVadIsNotChargedBeyondItsPages() =>
        Nothing
            .Turn(P, Vad(16, 8, 9), Commit(9))
            .ShouldBreak<AProcessIsChargedForItsVads>("the VAD at page 10 is charged for 9 pages, and has 8");

    [Fact]
    public void NoVadOutlivesItsProcess() =>
        Nothing
            .Turn(P, Vad(16, 8, 0), Exited())
            .ShouldBreak<AProcessIsChargedForItsVads>("exited with 1 VADs");
}
