using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Faults;

/// <summary>Accesses that end in an exception (fact book §2.2, §4.1, §12, §16.2), and with which status and address.</summary>
public sealed class AccessViolationTests
{
    private const ulong Region = 0x5000_0000;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    [Theory]
    [InlineData(0x0)] // the null page
    [InlineData(0xFFFF)]
    [InlineData(0x1_0000)] // free
    [InlineData(0x7FFF_FFFD_FFFF)]
    [InlineData(0x7FFF_FFFE_FFFF)] // above the highest VAD
    [InlineData(0x7FFF_FFFF_0000)] // the 64 KB at the top
    [InlineData(0x7FFF_FFFF_FFFF)]
    [InlineData(0xFFFF_8000_0000_0000)] // the system's
    [InlineData(0xFFFF_F6FB_7DBE_D000)] // the top page table
    [InlineData(ulong.MaxValue)]
    public void NobodysMemory(ulong address) => Violates(address, address);

    // The processor cannot say which address was not canonical.
    [Theory]
    [InlineData(0x0000_8000_0000_0000)]
    [InlineData(0x1234_5678_9ABC_DEF0)]
    [InlineData(0xFFFF_7FFF_FFFF_FFFF)]
    public void AnAddressThatIsNone(ulong address) => Violates(address, ulong.MaxValue);

    [Fact]
    public void ReservedAndDecommittedMemory()
    {
        _machine.Do(OperationKind.Reserve, Region, 0x1_0000, PageProtection.ReadWrite);
        Violates(Region, Region);
        _machine.Do(OperationKind.Commit, Region, 0x2000, PageProtection.ReadWrite);
        Violates(Region + 0x2FFF, Region + 0x2FFF);
        _machine.Write(Region).ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.Decommit, Region, 0x1000);
        Violates(Region, Region);
        _machine.Read(Region + 0x1000).ShouldBe(NtStatus.Success);
        _machine.EndsAtTheBaseline();
    }

    // Rights, whether the page was touched before or not.
    [Theory]
    [InlineData(PageProtection.NoAccess, "")]
    [InlineData(PageProtection.ReadOnly, "r")]
    [InlineData(PageProtection.ReadWrite, "rw")]
    [InlineData(PageProtection.Execute, "rx")] // there are no execute-only pages
    [InlineData(PageProtection.ExecuteRead, "rx")]
    [InlineData(PageProtection.ExecuteReadWrite, "rwx")]
    [InlineData(PageProtection.ReadWrite | PageProtection.NoCache, "rw")]
    [InlineData(PageProtection.ReadOnly | PageProtection.WriteCombine, "r")]
    public void Rights(PageProtection protection, string rights)
    {
        foreach (bool touched in (bool[])[false, true])
        {
            foreach (var access in Enum.GetValues<OperationKind>().Take(3))
            {
                _machine.Allocate(Region, 1, protection);
                if (touched && rights.Length > 0)
                {
                    _machine.Read(Region).ShouldBe(NtStatus.Success);
                }

                _machine.Facts.Clear();
                bool allowed = rights.Contains("rwx"[(int)access]);
                _machine.Do(access, Region).Status.ShouldBe(allowed ? NtStatus.Success : NtStatus.AccessViolation, $"{access} of {protection}");
                _machine.Facts.Of<ExceptionRaised>().Count.ShouldBe(allowed ? 0 : 1);
                _machine.Do(OperationKind.Release, Region);
            }
        }

        _machine.EndsAtTheBaseline();
    }

    // Guard · access · first · then. Rights come before the guard for reads and writes, after it for execution (§12).
    [Theory]
    [InlineData(PageProtection.ReadWrite, OperationKind.Read, NtStatus.GuardPageViolation, NtStatus.Success)]
    [InlineData(PageProtection.ReadWrite, OperationKind.Write, NtStatus.GuardPageViolation, NtStatus.Success)]
    [InlineData(PageProtection.ReadWrite, OperationKind.Execute, NtStatus.GuardPageViolation, NtStatus.AccessViolation)]
    [InlineData(PageProtection.ReadOnly, OperationKind.Read, NtStatus.GuardPageViolation, NtStatus.Success)]
    [InlineData(PageProtection.ReadOnly, OperationKind.Write, NtStatus.AccessViolation, NtStatus.AccessViolation)]
    [InlineData(PageProtection.ReadOnly, OperationKind.Execute, NtStatus.GuardPageViolation, NtStatus.AccessViolation)]
    [InlineData(PageProtection.ExecuteRead, OperationKind.Execute, NtStatus.GuardPageViolation, NtStatus.Success)]
    [InlineData(PageProtection.ExecuteReadWrite, OperationKind.Write, NtStatus.GuardPageViolation, NtStatus.Success)]
    public void AGuardFiresOnce(PageProtection protection, OperationKind access, NtStatus first, NtStatus then)
    {
        foreach (string where in (string[])["untouched", "touched before it became a guard page"])
        {
            _machine.Allocate(Region, 2, where == "untouched" ? protection | PageProtection.Guard : protection);
            if (where != "untouched")
            {
                _machine.Read(Region).ShouldBe(NtStatus.Success);
                _machine.Do(OperationKind.Protect, Region, 0x2000, protection | PageProtection.Guard).Status.ShouldBe(NtStatus.Success);
            }

            _machine.Do(access, Region).Status.ShouldBe(first, where);
            bool fired = first == NtStatus.GuardPageViolation;
            _machine.Query(Region).Protection.ShouldBe((ushort)(fired ? protection : protection | PageProtection.Guard));
            _machine.Query(Region).Size.ShouldBe(fired ? 0x1000UL : 0x2000UL, "the next page keeps its guard");
            _machine.Do(access, Region).Status.ShouldBe(then, where);
            _machine.Do(OperationKind.Release, Region);
        }

        _machine.EndsAtTheBaseline();
    }

    // R15: the guard is taken away under the lock, so exactly one of two meets it.
    [Fact]
    public void OfTwoThreadsOneMeetsTheGuard()
    {
        _machine.Allocate(Region, 1, PageProtection.ReadWrite | PageProtection.Guard);
        ulong[] requests = [_machine.Begin(new Operation(OperationKind.Write, Region)), _machine.Begin(new Operation(OperationKind.Write, Region))];
        _machine.Run();
        requests.Select(request => _machine.Answer(request).Status).ShouldBe([NtStatus.GuardPageViolation, NtStatus.Success], true);
        _machine.EndsAtTheBaseline();
    }

    private void Violates(ulong address, ulong told)
    {
        foreach (var access in Enum.GetValues<OperationKind>().Take(3))
        {
            long faults = _machine.Processes[0].PageFaults;
            _machine.Facts.Clear();
            _machine.Do(access, address).Status.ShouldBe(NtStatus.AccessViolation);
            var raised = _machine.Facts.Of<ExceptionRaised>().ShouldHaveSingleItem();
            raised.Status.ShouldBe(NtStatus.AccessViolation);
            raised.Address.Value.ShouldBe(told);
            _machine.Facts.Of<FaultCounted>().ShouldHaveSingleItem().FaultKind.ShouldBe(FaultKind.AccessViolation);
            (_machine.Processes[0].PageFaults - faults).ShouldBe(1);
        }
    }
}
