using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>Locked pages that a driver maps into a process (fact book §24, last paragraph).</summary>
public sealed class DriverMappingTests
{
    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    [Theory]
    [InlineData(0x1000UL)]
    [InlineData(0x800UL)]
    [InlineData(0x1_2001UL)]
    public void TheRangeIsTheDrivers(ulong size)
    {
        CallReturned mapped = Map(0, size);
        mapped.Status.ShouldBe(NtStatus.Success);
        ulong start = mapped.Base;
        (start % PageSize.GranularityBytes).ShouldBe(0UL);
        _machine.Call(NativeCalls.Of(CallService.QueryRegion, start)).Status.ShouldBe(NtStatus.Success);
        _machine.Words[0].ShouldBe(16UL, "mapped physical memory");
        _machine.Poke(start, 0x1234);
        _machine.Call(NativeCalls.Allocate(start, size, AllocationType.Reserve)).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Call(NativeCalls.Allocate(start, size, AllocationType.Commit)).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Call(NativeCalls.Protect(start, size, PageProtection.ReadOnly)).Status.ShouldBe(NtStatus.ConflictingAddresses);
        _machine.Call(NativeCalls.Free(start, 0, AllocationType.Decommit)).Status.ShouldBe(NtStatus.UnableToDeleteSection);
        _machine.Call(NativeCalls.Free(start, 0, AllocationType.Release)).Status.ShouldBe(NtStatus.UnableToDeleteSection);
        _machine.Trim();
        _machine.Peek(start).ShouldBe(0x1234UL);
        _machine.Processes[0].WorkingSetPages.ShouldBe((int)PageSize.PagesOf(size), "they never leave memory");
        Unmap(start).ShouldBe(NtStatus.Success);
        _machine.Read(start).ShouldBe(NtStatus.AccessViolation);
        _machine.Call(NativeCalls.Allocate(start, size, AllocationType.Reserve)).Status.ShouldBe(NtStatus.Success);
        _machine.Holds();
        _machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(0x10_0800UL, 0x1000UL, NtStatus.InvalidAddress)]
    [InlineData(0x7FFF_FFFE_0000UL, 0x1000UL, NtStatus.InvalidAddress)]
    [InlineData(0x7FFF_FFFD_F000UL, 0x2000UL, NtStatus.InvalidAddress)]
    [InlineData(0x7FFF_FFFD_F000UL, 0x1000UL, NtStatus.Success)]
    [InlineData(0x20_0000UL, 0x1000UL, NtStatus.ConflictingAddresses)]
    [InlineData(0x1F_F000UL, 0x1001UL, NtStatus.ConflictingAddresses)]
    [InlineData(0x1F_F000UL, 0x1000UL, NtStatus.Success)]
    public void TheBaseMustBeAPageThatIsFree(ulong address, ulong size, NtStatus expected)
    {
        _machine.Allocate(0x20_0000, 4);
        Map(address, size).Status.ShouldBe(expected);
        _machine.Holds();
    }

    [Fact]
    public void OnlyTheDriversOwnRangeIsUnmapped()
    {
        _machine.Allocate(0x20_0000, 4);
        Unmap(0x20_0000).ShouldBe(NtStatus.InvalidAddress);
        Unmap(0x30_0000).ShouldBe(NtStatus.InvalidAddress);
        ulong start = Map(0, 0x2000).Base;
        Unmap(start + 0x1000).ShouldBe(NtStatus.InvalidAddress);
        Unmap(start).ShouldBe(NtStatus.Success);
    }

    private CallReturned Map(ulong address, ulong size) => _machine.Call(NativeCalls.Of(CallService.MapDriverPages, address, size));

    private NtStatus Unmap(ulong address) => _machine.Call(NativeCalls.Of(CallService.UnmapDriverPages, address)).Status;
}
