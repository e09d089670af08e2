using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>Reserve and commit that succeed, and what they cost (fact book §6.2, §6.3, §13.4).</summary>
public sealed class AllocationTests
{
    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle, 256, null, new PagingFilePlan(256));

    // Start down to 64 KB, end up to a page (RT:CheckSize).
    [Theory]
    [InlineData(0x5000_8000, 1, 0x5000_0000, 0x9000)]
    [InlineData(0x5000_FFFF, 0x3000, 0x5000_0000, 0x1_3000)]
    [InlineData(0x5000_1010, 0xC000, 0x5000_0000, 0xE000)]
    [InlineData(0x5000_0000, 0x1000, 0x5000_0000, 0x1000)]
    [InlineData(0x5000_0000, 0x1001, 0x5000_0000, 0x2000)]
    [InlineData(0x5000_FFFF, 1, 0x5000_0000, 0x1_0000)]
    public void AReservationIsRounded(ulong address, ulong size, ulong start, ulong bytes)
    {
        foreach (var kind in (OperationKind[])[OperationKind.Reserve, OperationKind.ReserveCommit])
        {
            var answer = _machine.Do(kind, address, size, PageProtection.ReadWrite);
            (answer.Status, answer.Base, answer.Size).ShouldBe((NtStatus.Success, start, bytes));
            ulong committed = kind == OperationKind.Reserve ? 0 : bytes >> 12;
            _machine.Processes[0].PrivateCommit.ShouldBe(committed, "reserve and commit covers the part below the address too");
            _machine.Do(OperationKind.Release, start).Status.ShouldBe(NtStatus.Success);
        }

        _machine.EndsAtTheBaseline();
    }

    // Start down to a page, end up to a page.
    [Theory]
    [InlineData(0x5000_1FFF, 1, 0x5000_1000, 0x1000)]
    [InlineData(0x5000_1FFF, 2, 0x5000_1000, 0x2000)]
    [InlineData(0x5000_0000, 0x2_0000, 0x5000_0000, 0x2_0000)]
    public void ACommitmentIsRoundedToPages(ulong address, ulong size, ulong start, ulong bytes)
    {
        _machine.Do(OperationKind.Reserve, 0x5000_0000, 0x2_0000, PageProtection.NoAccess);
        var answer = _machine.Do(OperationKind.Commit, address, size, PageProtection.ReadWrite);
        (answer.Status, answer.Base, answer.Size).ShouldBe((NtStatus.Success, start, bytes));
        _machine.Processes[0].PrivateCommit.ShouldBe(bytes >> 12);
        _machine.Read(start).ShouldBe(NtStatus.Success, "the protection is that of the commitment");
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void WithoutAnAddressTheLowestHoleIsTaken()
    {
        Reserve(0, 0x1000).ShouldBe(0x1_0000UL);
        Reserve(0, 0x1_0001).ShouldBe(0x2_0000UL);
        Reserve(0, 0x1000).ShouldBe(0x4_0000UL);
        _machine.Do(OperationKind.Release, 0x2_0000);
        Reserve(0, 0x3_0000).ShouldBe(0x5_0000UL, "too long for the hole");
        Reserve(0, 0x2_0000).ShouldBe(0x2_0000UL);
        _machine.Do(OperationKind.Commit, 0, 0x1000, PageProtection.ReadWrite).Base.ShouldBe(0x8_0000UL, "committing nowhere reserves too");
        _machine.Processes[0].PrivateCommit.ShouldBe(1UL);
    }

    [Fact]
    public void OnlyPagesNotYetCommittedAreCharged()
    {
        _machine.Do(OperationKind.Reserve, 0x5000_0000, 0x1_0000, PageProtection.ReadWrite);
        _machine.Do(OperationKind.Commit, 0x5000_2000, 0x2000, PageProtection.ReadWrite);
        _machine.Ledger.Private.ShouldBe(2UL);
        _machine.Do(OperationKind.Commit, 0x5000_0000, 0x8000, PageProtection.ReadOnly);
        _machine.Ledger.Private.ShouldBe(8UL);
        _machine.Query(0x5000_0000).ShouldBe(new MemoryQueried(0x5000_0000, 0x5000_0000, 0x8000, RegionState.Commit, 2, 4), "committing again changes the protection");
        _machine.Do(OperationKind.Commit, 0x5000_0000, 0x8000, PageProtection.ReadOnly);
        _machine.Ledger.Private.ShouldBe(8UL);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void AReservationIsNotChargedAndNotAccessible()
    {
        _machine.Do(OperationKind.Reserve, 0x5000_0000, 0x1000_0000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.Total.ShouldBe(0UL);
        _machine.Read(0x5000_0000).ShouldBe(NtStatus.AccessViolation);
        _machine.Ledger.Total.ShouldBe(0UL, "not even page tables");
    }

    // Limit: 256 frames − 4 + 255 slots = 507 pages.
    [Fact]
    public void TheCommitLimitRefusesAllOrNothing()
    {
        _machine.Ledger.Limit.ShouldBe(507UL);
        _machine.Do(OperationKind.ReserveCommit, 0x5000_0000, 500 << 12, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.ReserveCommit, 0x6000_0000, 8 << 12, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.CommitmentLimit);
        _machine.Query(0x6000_0000).State.ShouldBe(RegionState.Free, "not even reserved");
        _machine.Do(OperationKind.Reserve, 0x6000_0000, 16 << 12, PageProtection.ReadWrite);
        _machine.Do(OperationKind.Commit, 0x6000_0000, 8 << 12, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.CommitmentLimit);
        _machine.Query(0x6000_0000).Size.ShouldBe(16UL << 12, "no page of it is committed");
        _machine.Ledger.Private.ShouldBe(500UL);
        _machine.Do(OperationKind.ReserveCommit, 0x7000_0000, 7 << 12, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.Total.ShouldBe(507UL);
        _machine.Ledger.Peak.ShouldBe(507UL);
        _machine.EndsAtTheBaseline();
    }

    // The pages are charged, the four page tables that a commitment in a reservation writes are not: all of it goes back.
    [Fact]
    public void ACommitmentWhosePageTablesAreRefusedIsTakenBack()
    {
        _machine.Do(OperationKind.Reserve, 0x6000_0000, 16 << 12, PageProtection.ReadWrite);
        _machine.Do(OperationKind.ReserveCommit, 0x5000_0000, 500 << 12, PageProtection.ReadWrite);
        _machine.Do(OperationKind.Commit, 0x6000_0000, 5 << 12, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.CommitmentLimit);
        _machine.Ledger.Total.ShouldBe(500UL);
        _machine.Processes[0].PrivateCommit.ShouldBe(500UL);
        _machine.Do(OperationKind.Commit, 0x6000_0000, 3 << 12, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.Total.ShouldBe(507UL);
        _machine.EndsAtTheBaseline();
    }

    // Neither a page nor its tables: the access gets the refusal as an exception, and can be tried again.
    [Fact]
    public void AnAccessWhosePageTablesAreRefusedGetsAnException()
    {
        _machine.Do(OperationKind.ReserveCommit, 0x5000_0000, 504 << 12, PageProtection.ReadWrite);
        _machine.Write(0x5000_0000).ShouldBe(NtStatus.CommitmentLimit);
        _machine.Do(OperationKind.Decommit, 0x5000_0000).Status.ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.Commit, 0x5000_0000, 0x1000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Write(0x5000_0000).ShouldBe(NtStatus.Success);
        _machine.EndsAtTheBaseline();
    }

    private ulong Reserve(ulong address, ulong size)
    {
        var answer = _machine.Do(OperationKind.Reserve, address, size, PageProtection.ReadWrite);
        answer.Status.ShouldBe(NtStatus.Success);
        return answer.Base;
    }
}
