using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;
using static ActorVmm.Protocol.AllocationType;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>MEM_RESET and MEM_RESET_UNDO (fact book §11): four committed pages, of which the first contains 7.</summary>
public sealed class ResetTests
{
    private const ulong Region = 0x100_0000;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    public ResetTests()
    {
        _machine.Call(Allocate(Region, 0x1_0000, Reserve)).Status.ShouldBe(NtStatus.Success);
        _machine.Call(Allocate(Region, 0x4000, Commit)).Status.ShouldBe(NtStatus.Success);
        _machine.Poke(Region, 7);
    }

    [Fact]
    public void AResidentPageStaysUntilItWouldHaveToBeSaved()
    {
        Change(Reset).ShouldBe(NtStatus.Success);
        _machine.Peek(Region).ShouldBe(7UL);
        _machine.Trim();
        _machine.Processes[0].Walk(new Vpn(Region >> 12)).Steps[^1].Entry.Form.ShouldBe(PteForm.DemandZero);
        _machine.Peek(Region).ShouldBe(0UL);
        _machine.Holds();
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void AStoreAfterwardsIsSaved()
    {
        Change(Reset);
        _machine.Poke(Region + 8, 8);
        _machine.Trim();
        _machine.WriteOut();
        _machine.Peek(Region + 8).ShouldBe(8UL);
        _machine.Holds();
    }

    [Theory]
    [InlineData(false)] // on the modified list
    [InlineData(true)] // in the paging file too
    public void APageThatIsNotResidentGoesAtOnceAndItsSlotToo(bool written)
    {
        _machine.Trim();
        if (written)
        {
            _machine.WriteOut();
        }

        Change(Reset).ShouldBe(NtStatus.Success);
        _machine.Files[0].CurrentUsage.ShouldBe(0U);
        _machine.Peek(Region).ShouldBe(0UL);
        _machine.Call(Allocate(Region, 0x4000, ResetUndo)).Status.ShouldBe(NtStatus.ConflictingAddresses, "its contents are gone");
        _machine.Holds();
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void AResetIsTakenBackWhileNothingIsLost()
    {
        Change(Reset);
        Change(ResetUndo).ShouldBe(NtStatus.Success);
        _machine.Trim();
        _machine.WriteOut();
        _machine.Peek(Region).ShouldBe(7UL);
        Change(ResetUndo).ShouldBe(NtStatus.ConflictingAddresses, "there is nothing to take back any more");
    }

    [Fact]
    public void LostContentsDoNotComeBack()
    {
        Change(Reset);
        _machine.Trim();
        Change(ResetUndo).ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Peek(Region).ShouldBe(0UL);
    }

    [Theory]
    [InlineData(0x1_0000, 0x1000, PageProtection.NoAccess, NtStatus.ConflictingAddresses)] // no region
    [InlineData(0xF000, 0x1001, PageProtection.NoAccess, NtStatus.ConflictingAddresses)] // leaves it
    [InlineData(0x0, 0x1000, PageProtection.None, NtStatus.InvalidPageProtection)] // must be valid
    [InlineData(0x0, 0x1000, PageProtection.NoAccess, NtStatus.Success)] // but has no effect
    [InlineData(0x8000, 0x1000, PageProtection.NoAccess, NtStatus.Success)] // reserved
    public void WhatMayBeReset(ulong offset, ulong size, PageProtection protection, NtStatus status)
    {
        _machine.Call(Allocate(Region + offset, size, Reset, protection)).Status.ShouldBe(status);
        _machine.Query(Region).Protection.ShouldBe((ushort)PageProtection.ReadWrite);
        _machine.Ledger.Private.ShouldBe(4UL);
    }

    private NtStatus Change(AllocationType type) => _machine.Call(Allocate(Region, 0x4000, type)).Status;
}
