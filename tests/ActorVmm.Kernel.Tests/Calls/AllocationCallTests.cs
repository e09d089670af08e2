using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;
using static ActorVmm.Protocol.AllocationType;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>What only whole calls can ask of NtAllocateVirtualMemory (fact book §6.1, §6.2, §6.4, §11).</summary>
public sealed class AllocationCallTests
{
    private const ulong Region = 0x100_0000;
    private const ulong HighestUser = 0x7FFF_FFFE_FFFF;
    private const AllocationType None = AllocationType.None;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    // §6.1, rows 2 to 8; where a row breaks two rules the earlier one wins.
    [Theory]
    [InlineData(None, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(TopDown, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData((AllocationType)0x8000_0000 | Reserve, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(Reset | Commit, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(Reset | TopDown, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(ResetUndo | Reset, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(LargePages | Reserve, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(LargePages | Reserve | Commit | WriteWatch, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(LargePages | Reserve | Commit, PageProtection.ReadWrite, NtStatus.PrivilegeNotHeld)]
    [InlineData(WriteWatch | Commit, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(Physical | Commit, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(Physical | Reserve | Commit, PageProtection.ReadWrite, NtStatus.InvalidParameter5)]
    [InlineData(Physical | Reserve, PageProtection.ReadOnly, NtStatus.InvalidParameter6)]
    [InlineData(Physical | Reserve, PageProtection.None, NtStatus.InvalidParameter6)]
    [InlineData(ReservePlaceholder | Reserve, PageProtection.NoAccess, NtStatus.InvalidParameter5)] // not the Ex form
    [InlineData(Reserve, (PageProtection)0x8000_0004, NtStatus.InvalidPageProtection)]
    [InlineData(Reserve | TopDown, PageProtection.ReadWrite, NtStatus.Success)]
    [InlineData(Physical | Reserve | TopDown, PageProtection.ReadWrite, NtStatus.Success)]
    public void TypesAndProtections(AllocationType type, PageProtection protection, NtStatus status) =>
        _machine.Call(Allocate(0, 0x1000, type, protection)).Status.ShouldBe(status);

    // Rows 3 and 9 to 12: zero bits before the type, pointers before the base, the base before the size, the size before the handle.
    [Fact]
    public void ArgumentsAreLookedAtInOrder()
    {
        BeginCall call = Allocate(HighestUser + 1, 0, None, PageProtection.None, CallFlags.NullBase) with { Handle = HandleResolution.Invalid };
        _machine.Call(call, 22).Status.ShouldBe(NtStatus.InvalidParameter3);
        _machine.Call(call).Status.ShouldBe(NtStatus.InvalidParameter5);
        _machine.Call(call with { Type = (uint)Reserve }).Status.ShouldBe(NtStatus.InvalidPageProtection);
        call = call with { Type = (uint)Reserve, Protection = (uint)PageProtection.WriteCopy };
        _machine.Call(call).Status.ShouldBe(NtStatus.AccessViolation);
        _machine.Call(call with { Flags = CallFlags.None }).Status.ShouldBe(NtStatus.InvalidParameter2);
        call = call with { Flags = CallFlags.None, Base = Region };
        _machine.Call(call).Status.ShouldBe(NtStatus.InvalidParameter4);
        call = call with { Size = 0x1000 };
        _machine.Call(call).Status.ShouldBe(NtStatus.InvalidHandle);
        _machine.Call(call with { Handle = HandleResolution.WrongType }).Status.ShouldBe(NtStatus.ObjectTypeMismatch);
        _machine.Call(call with { Handle = HandleResolution.Denied }).Status.ShouldBe(NtStatus.AccessDenied);
        _machine.Call(call with { Handle = HandleResolution.Resolved }).Status.ShouldBe(NtStatus.InvalidPageProtection);
        _machine.Query(Region).State.ShouldBe(RegionState.Free);
    }

    [Theory]
    [InlineData(1, 0x8000_0000)]
    [InlineData(5, 0x800_0000)]
    [InlineData(10, 0x40_0000)]
    [InlineData(15, 0x2_0000)]
    [InlineData(0x1FFFF, 0x2_0000)] // no number any more, but a mask: only where it begins counts
    [InlineData(0xFFFF_FFFF, 0x1_0000_0000)]
    [InlineData(0x8000_0001, 0x1_0000_0000)]
    public void ZeroBitsAreAnUpperLimit(ulong zeroBits, ulong below)
    {
        var answer = _machine.Call(Allocate(0, 0x1000, Reserve | TopDown), zeroBits);
        answer.Status.ShouldBe(NtStatus.Success);
        answer.Base.ShouldBeLessThan(below);
        (answer.Base + 0x1_0000 == below || below > 0x7FFE_0000).ShouldBeTrue("the highest hole below it");
    }

    [Theory]
    [InlineData(16, NtStatus.NoMemory)] // nothing but the strip that catches null pointers
    [InlineData(21, NtStatus.NoMemory)]
    [InlineData(22, NtStatus.InvalidParameter3)]
    [InlineData(31, NtStatus.InvalidParameter3)]
    public void TooManyZeroBits(ulong zeroBits, NtStatus status) => _machine.Call(Allocate(0, 0x1000, Reserve), zeroBits).Status.ShouldBe(status);

    [Fact]
    public void ABaseMayContradictZeroBits()
    {
        _machine.Call(Allocate(0x800_0000, 0x1000, Reserve), 5).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Call(Allocate(0x7FF_0000, 0x1000, Reserve), 5).Status.ShouldBe(NtStatus.Success);
    }

    // §6.4. Words: zero bits, lowest, highest, alignment, what the array holds.
    [Theory]
    [InlineData(0, 0, 0, 0x8000, NtStatus.InvalidParameter)]
    [InlineData(0, 0, 0, 0x3_0000, NtStatus.InvalidParameter)]
    [InlineData(0, 0x1_1000, 0, 0, NtStatus.InvalidParameter)]
    [InlineData(0, 0, 0x2000_0FFE, 0, NtStatus.InvalidParameter)]
    [InlineData(0, 0x3000_0000, 0x2FFF_FFFF, 0, NtStatus.InvalidParameter)]
    [InlineData(0, 0, HighestUser + 0x1000, 0, NtStatus.InvalidParameter)]
    [InlineData(Region, 0, 0, 0x1_0000, NtStatus.InvalidParameter)] // a base of its own
    [InlineData(0, 0x3000_0000, 0x3000_0FFF, 0, NtStatus.NoMemory)] // not room enough
    [InlineData(0, 0, HighestUser, 0, NtStatus.Success)]
    [InlineData(0, 0x3000_0000, 0x3000_1FFF, 0, NtStatus.Success)]
    [InlineData(0, 0x3001_0000, 0, 0x1000_0000, NtStatus.Success)]
    public void AddressRequirements(ulong address, ulong lowest, ulong highest, ulong alignment, NtStatus status)
    {
        var answer = _machine.Call(
            Allocate(address, 0x2000, Reserve, flags: CallFlags.Extended), 0, lowest, highest, alignment, (ulong)ParameterArray.Requirements);
        answer.Status.ShouldBe(status);
        if (status == NtStatus.Success)
        {
            answer.Base.ShouldBeGreaterThanOrEqualTo(lowest);
            (answer.Base % Math.Max(0x1_0000, alignment)).ShouldBe(0UL);
            (answer.Base + answer.Size - 1).ShouldBeLessThanOrEqualTo(highest == 0 ? HighestUser : highest);
        }
    }

    [Theory]
    [InlineData(ParameterArray.Missing)]
    [InlineData(ParameterArray.Unknown)]
    [InlineData(ParameterArray.Requirements | ParameterArray.Duplicate)]
    public void ArraysThatAreWrong(ParameterArray array) =>
        _machine.Call(Allocate(0, 0x1000, Reserve, flags: CallFlags.Extended), 0, 0, 0, 0, (ulong)array).Status.ShouldBe(NtStatus.InvalidParameter);

    [Fact]
    public void AppsMakeNothingExecutable()
    {
        _machine.Call(Allocate(0, 0x1000, Reserve, PageProtection.ExecuteReadWrite, CallFlags.FromApp)).Status.ShouldBe(NtStatus.InvalidParameter);
        _machine.Call(Allocate(0, 0x1000, Reserve, PageProtection.ReadWrite, CallFlags.FromApp)).Status.ShouldBe(NtStatus.Success);
    }

    [Fact]
    public void AnAweWindowHasNoPages()
    {
        _machine.Call(Allocate(Region, 0x1_0000, Reserve | Physical)).Status.ShouldBe(NtStatus.Success);
        _machine.Call(Allocate(Region, 0x1000, Commit)).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Call(Protect(Region, 0x1000, PageProtection.ReadOnly)).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Call(Free(Region, 0x1000, Decommit)).Status.ShouldBe(NtStatus.MemoryNotAllocated);
        _machine.Call(Free(Region, 0, Release)).Status.ShouldBe(NtStatus.Success);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void WhoFailsKeepsBaseAndSize()
    {
        var answer = _machine.Call(Free(Region + 0x123, 0x45, Release));
        (answer.Status, answer.Base, answer.Size).ShouldBe((NtStatus.MemoryNotAllocated, Region + 0x123, 0x45UL));
    }
}
