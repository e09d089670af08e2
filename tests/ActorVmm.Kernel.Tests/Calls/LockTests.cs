using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;
using static ActorVmm.Protocol.AllocationType;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>Locked pages, emptied working sets and probed buffers (fact book §10, §12).</summary>
public sealed class LockTests
{
    private const ulong Region = 0x100_0000;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    public LockTests() => _machine.Allocate(Region, 64);

    [Fact]
    public void ALockedPageStays()
    {
        Lock(0, 4).ShouldBe(NtStatus.Success);
        _machine.WriteAll(Region, 8);
        _machine.Trim();
        _machine.Processes[0].WorkingSetPages.ShouldBe(4);
        _machine.Call(Of(CallService.EmptyWorkingSet)).Status.ShouldBe(NtStatus.Success);
        _machine.Processes[0].WorkingSetPages.ShouldBe(4);
        Lock(1, 2).ShouldBe(NtStatus.WasLocked);
        Unlock(0, 4).ShouldBe(NtStatus.Success, "there is no counting");
        _machine.Call(Of(CallService.EmptyWorkingSet)).Status.ShouldBe(NtStatus.Success);
        _machine.Processes[0].WorkingSetPages.ShouldBe(0);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void UnlockingWhatIsNotLockedPutsItOut()
    {
        Lock(0, 2).ShouldBe(NtStatus.Success);
        _machine.Write(Region + 0x2000).ShouldBe(NtStatus.Success);
        Unlock(0, 3).ShouldBe(NtStatus.NotLocked);
        _machine.Processes[0].WorkingSetPages.ShouldBe(2);
        Unlock(0, 2).ShouldBe(NtStatus.Success, "the others stayed locked");
    }

    // The minimum less 8: 42 pages of 50.
    [Fact]
    public void ThereIsALimit()
    {
        Lock(0, 43).ShouldBe(NtStatus.WorkingSetQuota);
        Lock(0, 40).ShouldBe(NtStatus.Success);
        Lock(38, 4).ShouldBe(NtStatus.Success, "two of them are locked already");
        Lock(42, 1).ShouldBe(NtStatus.WorkingSetQuota);
        _machine.Call(Free(Region, 0, Release)).Status.ShouldBe(NtStatus.Success);
        _machine.Allocate(Region, 64);
        Lock(0, 42).ShouldBe(NtStatus.Success, "locks go with their pages");
    }

    [Fact]
    public void AHardMaximumTakesOtherPages()
    {
        foreach (Replacement policy in (Replacement[])[Replacement.Windows, Replacement.Fifo, Replacement.Lru, Replacement.Clock])
        {
            var machine = TestMachine.With(TestMachine.Idle with { WorkingSet = new WorkingSetLimits(20, 24, HardMaximum: true), Replacement = policy });
            machine.Allocate(Region, 64);
            machine.Call(Of(CallService.Lock, Region, 0xC000, 1)).Status.ShouldBe(NtStatus.Success);
            machine.WriteAll(Region, 64);
            machine.Call(Of(CallService.Unlock, Region, 0xC000, 1)).Status.ShouldBe(NtStatus.Success, policy.ToString());
            machine.Holds();
        }
    }

    [Theory]
    [InlineData(0, 0x1000, 0, NtStatus.InvalidParameter)]
    [InlineData(0, 0x1000, 4, NtStatus.InvalidParameter)]
    [InlineData(0, 0, 1, NtStatus.InvalidParameter)]
    [InlineData(0, 0x1000, 2, NtStatus.PrivilegeNotHeld)]
    [InlineData(0x4_0000, 0x1000, 1, NtStatus.AccessViolation)]
    [InlineData(0x3_F000, 0x1001, 1, NtStatus.AccessViolation)]
    public void Refusals(ulong offset, ulong size, uint mapType, NtStatus status) =>
        _machine.Call(Of(CallService.Lock, Region + offset, size, mapType)).Status.ShouldBe(status);

    [Fact]
    public void EveryPageIsTouchedAndAGuardFires()
    {
        _machine.Call(Protect(Region + 0x1000, 0x1000, PageProtection.ReadWrite | PageProtection.Guard));
        _machine.Call(Protect(Region + 0x3000, 0x1000, PageProtection.NoAccess));
        Lock(0, 4).ShouldBe(NtStatus.GuardPageViolation);
        Lock(0, 4).ShouldBe(NtStatus.AccessViolation);
        Lock(0, 3).ShouldBe(NtStatus.Success);
        _machine.Facts.Of<ExceptionRaised>().ShouldBeEmpty("a service fails instead");
        _machine.Call(Of(CallService.QueryWorkingSet, Region)).Detail.ShouldBe(
            PageAttributes.Valid | PageAttributes.Locked | (4U << PageAttributes.ProtectionShift) | (5U << PageAttributes.PriorityShift));
    }

    [Theory]
    [InlineData(CallService.ProbeForRead, 0, 0x2000, NtStatus.Success)]
    [InlineData(CallService.ProbeForRead, 0x1000, 0x1001, NtStatus.Success)]
    [InlineData(CallService.ProbeForWrite, 0x1000, 0x1001, NtStatus.AccessViolation)]
    [InlineData(CallService.ProbeForWrite, 0x1FFF, 1, NtStatus.Success)]
    [InlineData(CallService.ProbeForRead, 0x2FFF, 2, NtStatus.AccessViolation)]
    [InlineData(CallService.ProbeForRead, 0x3000, 0, NtStatus.Success)]
    [InlineData(CallService.ProbeForRead, 0x7FFF_FEFE_F000, 0x1001, NtStatus.AccessViolation)]
    public void Probes(CallService service, ulong offset, ulong size, NtStatus status)
    {
        _machine.Call(Protect(Region + 0x2000, 0x1000, PageProtection.ReadOnly));
        _machine.Call(Protect(Region + 0x3000, 0x1000, PageProtection.NoAccess));
        _machine.Call(Of(service, Region + offset, size)).Status.ShouldBe(status);
    }

    private NtStatus Lock(ulong page, ulong pages) => _machine.Call(Of(CallService.Lock, Region + (page << 12), pages << 12, 1)).Status;

    private NtStatus Unlock(ulong page, ulong pages) => _machine.Call(Of(CallService.Unlock, Region + (page << 12), pages << 12, 1)).Status;
}
