using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;
using static ActorVmm.Protocol.AllocationType;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>Write watch (fact book §10): a region of 16 pages is watched.</summary>
public sealed class WriteWatchTests
{
    private const ulong Region = 0x100_0000;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    public WriteWatchTests() => _machine.Call(Allocate(Region, 0x1_0000, Reserve | Commit | WriteWatch)).Status.ShouldBe(NtStatus.Success);

    [Fact]
    public void StoresAreMarkedAndLoadsAreNot()
    {
        Marks().ShouldBeEmpty();
        _machine.Read(Region + 0x5000).ShouldBe(NtStatus.Success);
        _machine.Poke(Region + 0x3008, 1);
        _machine.Poke(Region + 0x1000, 1);
        Marks().ShouldBe([1UL, 3]);
        Marks(reset: true, most: 1).ShouldBe([1UL], "only what is returned is reset");
        Marks().ShouldBe([3UL]);
        _machine.Poke(Region + 0x1000, 2);
        Marks(reset: true).ShouldBe([1UL, 3]);
        Marks().ShouldBeEmpty();
        _machine.Peek(Region + 0x1000).ShouldBe(2UL, "what was stored is still there");
        _machine.Poke(Region + 0x1000, 3);
        Marks().ShouldBe([1UL]);
        _machine.Holds();
    }

    [Fact]
    public void MarksOutliveTrimmingAndDecommit()
    {
        _machine.Poke(Region + 0x2000, 5);
        _machine.Trim();
        Marks().ShouldBe([2UL]);
        _machine.Peek(Region + 0x2000).ShouldBe(5UL);
        _machine.Call(Free(Region, 0x1_0000, Decommit)).Status.ShouldBe(NtStatus.Success);
        Marks().ShouldBe([2UL]);
        _machine.Call(Of(CallService.ResetWriteWatch, Region, 0x1_0000)).Status.ShouldBe(NtStatus.Success);
        Marks().ShouldBeEmpty();
        _machine.EndsAtTheBaseline();
    }

    // A page whose mark was reset differs from its slot all the same.
    [Fact]
    public void AResetMarkLosesNoStore()
    {
        var machine = new TestMachine(
            new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet with { CheckEveryAccess = false } }, [TestMachine.Idle, TestMachine.Idle]);
        machine.Run();
        machine.Call(Allocate(Region, 0x1_0000, Reserve | Commit | WriteWatch)).Status.ShouldBe(NtStatus.Success);
        machine.Poke(Region, 9);
        machine.Trim();
        machine.WriteOut();
        machine.Peek(Region).ShouldBe(9UL);
        machine.Poke(Region, 10);
        machine.Call(Of(CallService.ResetWriteWatch, Region, 0x1000)).Status.ShouldBe(NtStatus.Success);
        machine.Trim();
        machine.WriteOut();
        machine.RepurposeStandby();
        machine.Peek(Region).ShouldBe(10UL);
        machine.Holds();
    }

    [Theory]
    [InlineData(0x8000_0000_0000, 0x1000, 0, NtStatus.InvalidParameter2)]
    [InlineData(Region, 0x8000_0000_0000, 0, NtStatus.InvalidParameter3)]
    [InlineData(Region, 0, 0, NtStatus.InvalidParameter4)]
    [InlineData(Region, 0x1_0001, 0, NtStatus.InvalidParameter1)] // leaves the region
    [InlineData(Region + 0x1_0000, 0x1000, 0, NtStatus.InvalidParameter1)] // is not watched
    [InlineData(Region, 0x1000, 2, NtStatus.InvalidParameter2)] // unknown flag
    [InlineData(Region, 0x1000, 1, NtStatus.Success)]
    public void Refusals(ulong address, ulong size, uint flags, NtStatus status)
    {
        _machine.Call(Of(CallService.GetWriteWatch, address, size, flags, 16)).Status.ShouldBe(status);
        if (flags == 0)
        {
            _machine.Call(Of(CallService.ResetWriteWatch, address, size)).Status.ShouldBe(status);
        }
    }

    [Fact]
    public void PointersAndRoomAreLookedAt()
    {
        _machine.Call(Of(CallService.GetWriteWatch, Region, 0x1000, 0, 0)).Status.ShouldBe(NtStatus.InvalidParameter5);
        _machine.Call(Of(CallService.GetWriteWatch, Region, 0x1000, 0, 1, CallFlags.NullOutput)).Status.ShouldBe(NtStatus.AccessViolation);
    }

    [Fact]
    public void WhatTakesThePlaceOfAWatchedRegionIsNotMarked()
    {
        _machine.Poke(Region, 1);
        _machine.Call(Free(Region, 0, Release)).Status.ShouldBe(NtStatus.Success);
        _machine.Call(Allocate(Region, 0x1_0000, Reserve | Commit | WriteWatch)).Status.ShouldBe(NtStatus.Success);
        Marks().ShouldBeEmpty();
    }

    private IEnumerable<ulong> Marks(bool reset = false, uint most = 16)
    {
        var answer = _machine.Call(Of(CallService.GetWriteWatch, Region, 0x1_0000, reset ? 1U : 0, most));
        answer.Status.ShouldBe(NtStatus.Success);
        answer.Words.ShouldBe((int)answer.Detail);
        return _machine.Words.Take(answer.Words).Select(page => (page - Region) >> 12);
    }
}
