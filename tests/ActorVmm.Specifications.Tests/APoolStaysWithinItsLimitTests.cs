using static ActorVmm.Specifications.Tests.Histories.History;

namespace ActorVmm.Specifications.Tests;

public sealed class APoolStaysWithinItsLimitTests
{
    [Fact]
    public void AllocationsThatAddUpHold() =>
        new History().Turn(Ledger, Allocated(1, 5, 5), Allocated(9, 3, 8), Freed(1, 5, 3), Refused(8, 3, 10)).ShouldKeep<APoolStaysWithinItsLimit>();

    [Fact]
    public void ATotalThatForgetsIsFound() =>
        new History().Turn(Ledger, Allocated(1, 5, 5), Allocated(9, 3, 7)).ShouldBreak<APoolStaysWithinItsLimit>("7 pages of Paged pool are said to be allocated, and the allocations add up to 8");

    [Fact]
    public void TwoAllocationsAtOnePlaceAreFound() =>
        new History().Turn(Ledger, Allocated(1, 5, 5), Allocated(1, 5, 10)).ShouldBreak<APoolStaysWithinItsLimit>("was allocated twice");

    [Fact]
    public void FreeingMoreThanWasAllocatedIsFound() =>
        new History().Turn(Ledger, Allocated(1, 5, 5), Freed(1, 4, 1)).ShouldBreak<APoolStaysWithinItsLimit>("4 pages of pool at 1 were freed, and 5 were allocated there");

    [Fact]
    public void WhatFitsIsNotRefused() => new History().Turn(Ledger, Refused(2, 3, 5)).ShouldBreak<APoolStaysWithinItsLimit>("and they fit");

    private static Told Allocated(ulong at, ulong pages, ulong total) => Told.Of(new PoolAllocated(new Vpn(at), pages, total, PoolKind.Paged, 0));

    private static Told Freed(ulong at, ulong pages, ulong total) => Told.Of(new PoolFreed(new Vpn(at), pages, total, PoolKind.Paged, 0));

    private static Told Refused(ulong pages, ulong charged, ulong limit) => Told.Of(new PoolRefused(pages, charged, limit, PoolKind.Paged, NtStatus.InsufficientResources));
}
