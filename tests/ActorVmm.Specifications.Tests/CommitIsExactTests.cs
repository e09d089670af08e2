using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;
using static ActorVmm.Specifications.Tests.Histories.Tales;

namespace ActorVmm.Specifications.Tests;

public sealed class CommitIsExactTests
{
    [Fact]
    public void ChargesAndReturnsInFlightHold() =>
        Nothing
            .Turn(Ledger, Charged(5, 5, P))
            .Turn(P, Commit(5))
            .Turn(P, Commit(2))
            .Turn(Ledger, Returned(3, 2, P))
            .ShouldKeep<CommitIsExact>(quiesces: true);

    [Fact]
    public void ARefusalThatDoesNotFitHolds() =>
        Nothing
            .Turn(Ledger, Charged(999, 999, P))
            .Turn(Ledger, Refused(2, 999, Q))
            .ShouldKeep<CommitIsExact>();

    [Fact]
    public void ATotalThatForgetsAPageIsFound() =>
        Nothing
            .Turn(Ledger, Charged(5, 5, P))
            .Turn(Ledger, Charged(3, 7, P))
            .ShouldBreak<CommitIsExact>("the ledger says 7 pages are charged, and its entries add up to 8");

    [Fact]
    public void TheLimitIsKept() =>
        Nothing
            .Turn(Ledger, Charged(1001, 1001, P))
            .ShouldBreak<CommitIsExact>("1001 pages were charged, and 1001 are more than the limit of 1000");

    [Fact]
    public void WhatFitsIsNotRefused() =>
        Nothing
            .Turn(Ledger, Refused(1000, 0, P))
            .ShouldBreak<CommitIsExact>("1000 pages were refused, and they fit: 0 of 1000 are charged");

    [Fact]
    public void NobodyUsesWhatIsNotEntered() =>
        Nothing
            .Turn(Ledger, Charged(5, 5, P))
            .Turn(P, Commit(6))
            .ShouldBreak<CommitIsExact>("uses 6 pages of Private commit, and 5 are entered");

    [Fact]
    public void NobodyReturnsWhatItUses() =>
        Nothing
            .Turn(Ledger, Charged(5, 5, P))
            .Turn(P, Commit(5))
            .Turn(Ledger, Returned(1, 4, P))
            .ShouldBreak<CommitIsExact>("returned 1 pages of Private commit; 5 are entered for it, and it is using 5");

    [Fact]
    public void AtQuiescenceNoChargeIsInFlight() =>
        Nothing
            .Turn(Ledger, Charged(5, 5, P))
            .Turn(P, Commit(4))
            .ShouldBreak<CommitIsExact>("5 pages of Private commit are entered for actor 10, which uses 4", quiesces: true);
}
