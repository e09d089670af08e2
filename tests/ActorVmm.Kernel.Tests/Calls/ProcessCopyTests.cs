using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>NtReadVirtualMemory and NtWriteVirtualMemory between two processes (fact book §10).</summary>
public sealed class ProcessCopyTests
{
    private const ulong Here = 0x10_0000;
    private const ulong There = 0x50_0000;
    private const int Pages = 40;

    private readonly TestMachine _machine = Two();

    [Theory]
    [InlineData(0UL, 0UL, 8UL)]
    [InlineData(0xFFCUL, 0x800UL, 0x3000UL)]
    [InlineData(8UL, 0xFF8UL, 0x2_5000UL)]
    public void BytesArriveWhereverTheyLie(ulong here, ulong there, ulong size)
    {
        Fill(Here, process: 0);
        CallReturned written = Copy(CallService.WriteProcess, Here + here, There + there, size);
        (written.Status, (ulong)written.Detail).ShouldBe((NtStatus.Success, size));
        for (ulong at = 0; at < size - 7; at += 0x1238)
        {
            _machine.Peek(There + there + (at & ~7UL), process: 1).ShouldBe(_machine.Peek(Here + here + (at & ~7UL)), $"at {at:x}");
        }

        _machine.Poke(There + there + size - 8, 0xABCD, process: 1);
        CallReturned read = Copy(CallService.ReadProcess, Here + here, There + there, size);
        (read.Status, (ulong)read.Detail).ShouldBe((NtStatus.Success, size));
        _machine.Peek(Here + here + size - 8).ShouldBe(0xABCDUL);
        _machine.Holds();
    }

    [Theory]
    [InlineData(CallService.ReadProcess)]
    [InlineData(CallService.WriteProcess)]
    public void ABadPageOverThereEndsItWithWhatCameBefore(CallService service)
    {
        _machine.Do(OperationKind.Protect, There + 0x3000, 0x1000, PageProtection.NoAccess, process: 1).Status.ShouldBe(NtStatus.Success);
        CallReturned copied = Copy(service, Here, There + 0x10, 0x8000);
        (copied.Status, copied.Detail).ShouldBe((NtStatus.PartialCopy, 0x2FF0u));
        _machine.Holds();
    }

    [Fact]
    public void ABadPageOverThereInALaterChunkIsFoundThere()
    {
        _machine.Do(OperationKind.Decommit, There + 0x1_8000, 0x1000, process: 1).Status.ShouldBe(NtStatus.Success);
        CallReturned copied = Copy(CallService.ReadProcess, Here, There, 0x2_0000);
        (copied.Status, copied.Detail).ShouldBe((NtStatus.PartialCopy, 0x1_8000u));
    }

    [Fact]
    public void ABadPageOverHereTakesItsChunkWithIt()
    {
        _machine.Do(OperationKind.Protect, Here + 0x2000, 0x2000, PageProtection.NoAccess).Status.ShouldBe(NtStatus.Success);
        CallReturned copied = Copy(CallService.WriteProcess, Here, There, 0x8000);
        (copied.Status, copied.Detail).ShouldBe((NtStatus.PartialCopy, 0u));
    }

    [Theory]
    [InlineData(Here, 0x8000_0000_0000UL, 8UL, HandleResolution.Resolved, NtStatus.AccessViolation)]
    [InlineData(Here, There, ulong.MaxValue, HandleResolution.Resolved, NtStatus.AccessViolation)]
    [InlineData(Here, There, 8UL, HandleResolution.Invalid, NtStatus.InvalidHandle)]
    [InlineData(Here, There, 8UL, HandleResolution.Denied, NtStatus.AccessDenied)]
    [InlineData(Here, 0x1000_0000UL, 8UL, HandleResolution.Resolved, NtStatus.PartialCopy)]
    [InlineData(Here, 0x1000_0000UL, 0UL, HandleResolution.Resolved, NtStatus.Success)]
    public void WhatCannotBeCopiedIsRefused(ulong here, ulong there, ulong size, HandleResolution handle, NtStatus expected)
    {
        CallReturned copied = Copy(CallService.ReadProcess, here, there, size, handle);
        (copied.Status, copied.Detail).ShouldBe((expected, 0u));
        _machine.Holds();
    }

    [Fact]
    public void TwoProcessesMayCopyFromEachOtherAtTheSameTime()
    {
        Fill(Here, process: 0);
        const uint Second = 1_000;
        uint first = _machine.BeginCall(NativeCalls.Of(CallService.WriteProcess, Here, 0x2_0000), There, (ulong)_machine.IdOf(1).Value);
        _machine.Inject(_machine.IdOf(1), NativeCalls.Of(CallService.WriteProcess, There, 0x2_0000) with { Request = Second, Parts = 1 });
        _machine.Inject(_machine.IdOf(1), new CallWords(Here, (ulong)_machine.IdOf(0).Value, 0, Second, 0));
        _machine.Run();
        _machine.Returned[first].Status.ShouldBe(NtStatus.Success);
        _machine.Returned[Second].Status.ShouldBe(NtStatus.Success);
        _machine.Holds();
    }

    [Fact]
    public void AnExitInTheMiddleLeavesNothing()
    {
        for (int turns = 1; turns < 60; turns += 3)
        {
            TestMachine machine = Two();
            uint call = Begin(machine);
            machine.Host.Run(maxTurns: turns);
            machine.Kill(0);
            machine.Run();
            machine.Returned.ShouldContainKey(call);
            machine.EndsAtTheBaseline();
        }
    }

    [Fact]
    public void AnExitOverThereEndsItWithWhatCameBefore()
    {
        for (uint faults = 1; faults < 30; faults += 4)
        {
            TestMachine machine = Two();
            uint call = Begin(machine);
            while (machine.Facts.Of<FaultOpened>().Count(fact => fact.Vpn.Start.Value >= There) < faults)
            {
                machine.Host.Run(maxTurns: 1);
            }

            machine.Kill(1);
            machine.Run();
            machine.Returned[call].Status.ShouldBe(NtStatus.PartialCopy);
            machine.Returned[call].Detail.ShouldBe((faults - 1) * 0x1000);
            machine.EndsAtTheBaseline();
        }
    }

    private static uint Begin(TestMachine machine) =>
        machine.BeginCall(NativeCalls.Of(CallService.WriteProcess, Here, 0x2_0000), There, (ulong)machine.IdOf(1).Value);

    private CallReturned Copy(CallService service, ulong here, ulong there, ulong size, HandleResolution handle = HandleResolution.Resolved) =>
        _machine.Call(NativeCalls.Of(service, here, size) with { Handle = handle }, there, (ulong)_machine.IdOf(1).Value);

    private void Fill(ulong start, int process)
    {
        for (ulong at = 0; at < Pages * 4096UL; at += 0x238)
        {
            _machine.Poke(start + at - (at % 8), 0x1111_0000_0000 + at, process);
        }
    }

    private static TestMachine Two()
    {
        var machine = new TestMachine(
            new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet }, [TestMachine.Idle, TestMachine.Idle]);
        machine.Run();
        machine.Allocate(Here, Pages);
        machine.Allocate(There, Pages, process: 1);
        return machine;
    }
}
