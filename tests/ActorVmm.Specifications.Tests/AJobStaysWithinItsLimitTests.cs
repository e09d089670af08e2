using static ActorVmm.Specifications.Tests.Histories.History;
using static ActorVmm.Specifications.Tests.Histories.Say;

namespace ActorVmm.Specifications.Tests;

public sealed class AJobStaysWithinItsLimitTests
{
    private static readonly MachinePlan _plan = Plan() with { Jobs = [new JobPlan("batch") { ProcessMemory = 10, JobMemory = 15 }] };

    [Fact]
    public void ChargesWithinTheLimitsHold() =>
        Play(Joined.Turn(Ledger, Charged(10, 10, P)).Turn(Ledger, Charged(5, 15, Q)).Turn(Ledger, Returned(10, 5, P)).Turn(Ledger, Charged(5, 10, Q))).ShouldBeEmpty();

    [Fact]
    public void AProcessAboveItsLimitIsFound() =>
        Play(Joined.Turn(Ledger, Charged(11, 11, P))).ShouldHaveSingleItem().ShouldContain("is charged 11 pages, and its job allows each process 10");

    [Fact]
    public void AJobAboveItsLimitIsFound() =>
        Play(Joined.Turn(Ledger, Charged(10, 10, P)).Turn(Ledger, Charged(6, 16, Q))).ShouldHaveSingleItem().ShouldContain("job batch are charged 16 pages, and it allows 15");

    [Fact]
    public void WhatFitsIsNotRefused() =>
        Play(Joined.Turn(Ledger, Told.Of(new JobLimitReached(5, 5, 10, P, 0)))).ShouldHaveSingleItem().ShouldContain("and they fit");

    [Fact]
    public void WhoHasLeftIsNotCounted() =>
        Play(Joined.Turn(Ledger, Charged(10, 10, P)).Turn(Ledger, Told.Of(new JobChanged(P, 1, 0))).Turn(Ledger, Charged(10, 20, Q))).ShouldBeEmpty();

    private static History Joined => new History().Turn(Ledger, Told.Of(new JobChanged(P, 1, 1)), Told.Of(new JobChanged(Q, 1, 1)));

    private static List<string> Play(History history) =>
        [.. history.Play(_plan, [new AJobStaysWithinItsLimit()], quiesces: false).Violations.Select(violation => violation.Words)];
}
