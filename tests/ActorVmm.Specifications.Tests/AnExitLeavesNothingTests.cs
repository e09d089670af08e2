using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class AnExitLeavesNothingTests
{
    [Fact]
    public void WhatIsOnItsWayBackHolds() =>
        MappedFresh
            .Turn(P, Unmapped(16, 0, 0, false, UnmapCause.Exit), Exited())
            .Turn(Database, Moved(0, PageLocation.Active, PageLocation.Free))
            .ShouldKeep<AnExitLeavesNothing>(quiesces: true);

    [Fact]
    public void AForgottenPageIsFound() =>
        MappedFresh
            .Turn(P, Unmapped(16, 0), Exited())
            .ShouldBreak<AnExitLeavesNothing>("exited with 1 pages");

    [Fact]
    public void AForgottenChargeIsFound() =>
        Nothing
            .Turn(P, Commit(3))
            .Turn(P, Exited())
            .ShouldBreak<AnExitLeavesNothing>("exited with 3 private pages charged");

    [Fact]
    public void TheDeadDoNotSpeak() =>
        Nothing
            .Turn(P, Exited())
            .Turn(P, Kept(1))
            .ShouldBreak<AnExitLeavesNothing>("exited in turn 1 and still speaks");

    [Fact]
    public void AtQuiescenceNoFrameIsTheirs() =>
        MappedFresh
            .Turn(P, Unmapped(16, 0, 0, false, UnmapCause.Exit), Exited())
            .ShouldBreak<AnExitLeavesNothing>("has exited, and frame 0, which is Active, is still its own", quiesces: true);
}
