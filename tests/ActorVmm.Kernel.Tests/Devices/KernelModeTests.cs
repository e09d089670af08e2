using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Devices;

/// <summary>
/// Which memory may be touched in which mode (fact book §2, §24): user mode no system space; kernel mode the user memory of the current process, and that
/// of nobody else.
/// </summary>
public sealed class KernelModeTests
{
    private const ulong Shared = 0x20_0000;
    private const ulong OnlyTheFirst = 0x40_0000;
    private const int First = 0;
    private const int Second = 1;
    private const int System = 2;

    private static readonly ulong _pool = SystemRegions.Of(new Platform()).NonPagedPool.Value;

    private readonly TestMachine _machine = Machine();

    [Fact]
    public void AStoreAtDispatchLevelIsTheCurrentProcesss()
    {
        Store(Shared, 0x77, Second);

        _machine.Peek(Shared, Second).ShouldBe(0x77UL);
        _machine.Peek(Shared, First).ShouldBe(1UL, "the same address is another page there");
        _machine.Holds();
    }

    [Fact]
    public void WhatIsNotInMemoryAtDispatchLevelIsABugCheck()
    {
        _machine.Trim(process: Second);

        Stops(Shared, Second);
    }

    [Fact]
    public void WhatAnotherProcessHasIsABugCheckToo() => Stops(OnlyTheFirst, Second);

    [Fact]
    public void WhatMayNotBeWrittenIsABugCheckToo()
    {
        _machine.Do(OperationKind.Protect, Shared, PageSize.Bytes, PageProtection.ReadOnly, Second).Status.ShouldBe(NtStatus.Success);

        Stops(Shared, Second);
    }

    [Fact]
    public void AtPassiveLevelAPageIsBroughtIn()
    {
        _machine.Trim(process: Second);
        _machine.WriteOut();

        Attached(new Operation(OperationKind.Write, Shared, sizeof(ulong)), Second, 0x99).ShouldBe(NtStatus.Success);
        _machine.Peek(Shared, Second).ShouldBe(0x99UL);
        Attached(new Operation(OperationKind.Write, OnlyTheFirst, sizeof(ulong)), Second, 0x99).ShouldBe(NtStatus.AccessViolation);
        _machine.Holds();
    }

    [Fact]
    public void UserModeMayNotTouchSystemSpaceAlthoughItIsThere()
    {
        _machine.Do(new Operation(OperationKind.AllocatePool, _pool, 1), System).Status.ShouldBe(NtStatus.Success);

        _machine.Write(_pool, System).ShouldBe(NtStatus.Success);
        _machine.Write(_pool, First).ShouldBe(NtStatus.AccessViolation);
        _machine.Read(_pool, Second).ShouldBe(NtStatus.AccessViolation);
        _machine.Read(Shared, System).ShouldBe(NtStatus.AccessViolation, "a thread of the system has no user memory but of the process it is attached to");
    }

    private static TestMachine Machine()
    {
        var machine = new TestMachine(
            new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet },
            [TestMachine.Idle, TestMachine.Idle, TestMachine.Idle with { IsSystem = true }]);
        machine.Run();
        machine.Allocate(Shared, 1, process: First);
        machine.Allocate(Shared, 1, process: Second);
        machine.Allocate(OnlyTheFirst, 1, process: First);
        machine.Poke(Shared, 1, First);
        machine.Poke(Shared, 2, Second);
        return machine;
    }

    private void Store(ulong address, ulong value, int process)
    {
        _machine.Inject(_machine.IdOf(process), new TouchAtDispatch(address, value, new PacketId(0)));
        _machine.Run();
    }

    private NtStatus Attached(Operation operation, int process, ulong value)
    {
        ulong request = _machine.Begin(operation, process, value, thread: -1);
        _machine.Run();
        return _machine.Answer(request).Status;
    }

    private void Stops(ulong address, int process)
    {
        Exception stop = Should.Throw<Exception>(() => Store(address, 0x77, process));
        stop.InnerException.ShouldBeOfType<BugCheckException>().Code.ShouldBe(0xD1U);
    }
}
