using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;
using static ActorVmm.Protocol.AllocationType;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>Placeholders (fact book §6.4, §7, §11). There is one of 16 pages.</summary>
public sealed class PlaceholderTests
{
    private const ulong Place = 0x100_0000;
    private const AllocationType Split = Release | PreservePlaceholder;
    private const AllocationType Join = Release | CoalescePlaceholders;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    public PlaceholderTests() =>
        _machine.Call(Allocate(Place, 0x1_0000, Reserve | ReservePlaceholder, PageProtection.NoAccess, CallFlags.Extended)).Status.ShouldBe(NtStatus.Success);

    [Fact]
    public void ItIsSplitByThePageAndJoinedAgain()
    {
        _machine.Call(Free(Place + 0x3000, 0x2000, Split)).Status.ShouldBe(NtStatus.Success);
        Sizes().ShouldBe([0x3000UL, 0x2000, 0xB000]);
        _machine.Call(Free(Place, 0x5000, Join)).Status.ShouldBe(NtStatus.Success);
        Sizes().ShouldBe([0x5000UL, 0xB000]);
        _machine.Call(Free(Place, 0x1_0000, Join)).Status.ShouldBe(NtStatus.Success);
        Sizes().ShouldBe([0x1_0000UL]);
        _machine.Call(Free(Place, 0, Release)).Status.ShouldBe(NtStatus.Success);
        _machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(0, 0x1_0000, Split, NtStatus.ConflictingAddresses)] // the whole is no part
    [InlineData(0, 0, Split, NtStatus.InvalidParameter3)]
    [InlineData(0, 0, Join, NtStatus.InvalidParameter3)]
    [InlineData(0x1_0000, 0x1000, Split, NtStatus.MemoryNotAllocated)]
    [InlineData(0, 0x1_1000, Split, NtStatus.UnableToFreeVm)]
    [InlineData(0, 0x1_0000, Join, NtStatus.ConflictingAddresses)] // two at least
    [InlineData(0, 0x1_0000, CoalescePlaceholders, NtStatus.InvalidParameter4)]
    [InlineData(0, 0x1_0000, PreservePlaceholder, NtStatus.InvalidParameter4)]
    [InlineData(0, 0x1000, Decommit | PreservePlaceholder, NtStatus.InvalidParameter4)]
    [InlineData(0, 0x1000, Split | CoalescePlaceholders, NtStatus.InvalidParameter4)]
    public void Refusals(ulong offset, ulong size, AllocationType type, NtStatus status)
    {
        _machine.Call(Free(Place + offset, size, type)).Status.ShouldBe(status);
        Sizes().ShouldBe([0x1_0000UL]);
    }

    [Theory]
    [InlineData(0x0, 0x1_0000, Reserve, NtStatus.ConflictingAddresses)]
    [InlineData(0x0, 0x1000, Commit, NtStatus.ConflictingAddresses)]
    [InlineData(0x0, 0x1000, Reset, NtStatus.ConflictingAddresses)]
    [InlineData(0x0, 0xF000, Reserve | ReplacePlaceholder, NtStatus.ConflictingAddresses)]
    [InlineData(0x1000, 0xF000, Reserve | ReplacePlaceholder, NtStatus.ConflictingAddresses)]
    [InlineData(0x0, 0x1_0000, Commit | ReplacePlaceholder, NtStatus.InvalidParameter)]
    [InlineData(0x0, 0x1_0000, Reserve | ReplacePlaceholder, NtStatus.Success)]
    public void NothingElseTakesItsPlace(ulong offset, ulong size, AllocationType type, NtStatus status) =>
        _machine.Call(Allocate(Place + offset, size, type, flags: CallFlags.Extended)).Status.ShouldBe(status);

    [Fact]
    public void WhatReplacedItIsMemoryUntilItTurnsBack()
    {
        _machine.Call(Free(Place + 0x1000, 0x4000, Split)).Status.ShouldBe(NtStatus.Success);
        _machine.Call(Allocate(Place + 0x1000, 0x4000, Reserve | Commit | ReplacePlaceholder, flags: CallFlags.Extended)).Base.ShouldBe(Place + 0x1000);
        _machine.Poke(Place + 0x2000, 7);
        _machine.Ledger.Private.ShouldBe(4UL);
        _machine.Call(Free(Place, 0x5000, Join)).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Call(Free(Place + 0x1000, 0x2000, Split)).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Call(Free(Place + 0x1000, 0x4000, Split)).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.Private.ShouldBe(0UL);
        _machine.Read(Place + 0x2000).ShouldBe(NtStatus.AccessViolation);
        _machine.Call(Free(Place, 0x5000, Join)).Status.ShouldBe(NtStatus.Success);
        _machine.Holds();
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void OlderWindowsKnowsNone()
    {
        var old = TestMachine.On(new Platform { Version = WindowsVersion.Windows10Release1507 });
        old.Allocate(Place, 16);
        old.Call(Free(Place, 0x1000, Split)).Status.ShouldBe(NtStatus.InvalidParameter4);
    }

    private List<ulong> Sizes()
    {
        var sizes = new List<ulong>();
        for (ulong address = Place; address < Place + 0x1_0000; address += sizes[^1])
        {
            var found = _machine.Query(address);
            found.AllocationBase.ShouldBe(address);
            sizes.Add(found.Size);
        }

        return sizes;
    }
}
