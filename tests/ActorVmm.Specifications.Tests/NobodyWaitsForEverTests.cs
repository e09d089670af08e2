using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class NobodyWaitsForEverTests
{
    [Fact]
    public void AWaitInFlightHolds() =>
        Nothing
            .Turn(Database, WaitsForFrames(P, begins: true))
            .Turn(P, WaitsForMemory(0, begins: true))
            .ShouldKeep<NobodyWaitsForEver>();

    [Fact]
    public void AWaitThatEndsHolds() =>
        Nothing
            .Turn(Database, WaitsForFrames(P, begins: true))
            .Turn(Database, WaitsForFrames(P, begins: false))
            .ShouldKeep<NobodyWaitsForEver>(quiesces: true);

    [Fact]
    public void ARequestThatIsForgottenIsFound() =>
        Nothing
            .Turn(Database, WaitsForFrames(P, begins: true))
            .ShouldBreak<NobodyWaitsForEver>("1 requests for frames of actor 10 still wait for memory", quiesces: true);

    [Fact]
    public void AThreadThatIsForgottenIsFound() =>
        Nothing
            .Turn(P, WaitsForMemory(0, begins: true))
            .ShouldBreak<NobodyWaitsForEver>("1 threads of actor 10 still wait for memory", quiesces: true);

    [Fact]
    public void AWaitEndsOnlyAfterItBegan() =>
        Nothing
            .Turn(P, WaitsForMemory(0, begins: false))
            .ShouldBreak<NobodyWaitsForEver>("stopped waiting for memory, and it was not");
}
