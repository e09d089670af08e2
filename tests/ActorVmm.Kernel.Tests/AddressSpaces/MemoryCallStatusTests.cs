using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>
/// The statuses of memory calls on private memory, in the order in which Windows looks (fact book §6.1, §6.3, §7, §8). The process has
/// one region: pages 1000h to 101Fh reserved, of which 1004h to 1007h are committed read/write. Where a row breaks two rules, the
/// earlier one must win.
/// </summary>
public sealed class MemoryCallStatusTests
{
    private const ulong Region = 0x100_0000;
    private const ulong HighestVad = 0x7FFF_FFFD_FFFF;
    private const ulong HighestUser = 0x7FFF_FFFE_FFFF;
    private const PageProtection Invalid = PageProtection.ReadOnly | PageProtection.ReadWrite;

    private readonly TestMachine _machine;

    public MemoryCallStatusTests()
    {
        _machine = TestMachine.With(TestMachine.Idle with { CommitQuota = 64 });
        _machine.Do(OperationKind.Reserve, Region, 0x2_0000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.Commit, Region + 0x4000, 0x4000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
    }

    [Theory]
    // 8: protection
    [InlineData(0x200_0000, 0x1000, Invalid, NtStatus.InvalidPageProtection)]
    [InlineData(HighestVad + 1, 0, Invalid, NtStatus.InvalidPageProtection)]
    [InlineData(0x200_0000, 0x1000, PageProtection.None, NtStatus.InvalidPageProtection)]
    [InlineData(0x200_0000, 0x1000, PageProtection.NoAccess | PageProtection.Guard, NtStatus.InvalidPageProtection)]
    // 10: base
    [InlineData(HighestVad + 1, 0x1000, PageProtection.ReadWrite, NtStatus.InvalidParameter2)]
    [InlineData(HighestVad + 1, 0, PageProtection.WriteCopy, NtStatus.InvalidParameter2)]
    [InlineData(0xFFFF_8000_0000_0000, 0x1000, PageProtection.ReadWrite, NtStatus.InvalidParameter2)]
    // 11: size
    [InlineData(0x200_0000, 0, PageProtection.ReadWrite, NtStatus.InvalidParameter4)]
    [InlineData(0x200_0000, 0, PageProtection.WriteCopy, NtStatus.InvalidParameter4)]
    [InlineData(HighestVad, 2, PageProtection.ReadWrite, NtStatus.InvalidParameter4)]
    [InlineData(HighestVad - 0xFFFF, 0x1_0001, PageProtection.ReadWrite, NtStatus.InvalidParameter4)]
    [InlineData(0, 0, PageProtection.ReadWrite, NtStatus.InvalidParameter4)]
    // 14: write-copy
    [InlineData(Region, 0x1000, PageProtection.WriteCopy, NtStatus.InvalidPageProtection)]
    [InlineData(0, 0x1000, PageProtection.ExecuteWriteCopy, NtStatus.InvalidPageProtection)]
    // the address space itself
    [InlineData(0x1, 0x1000, PageProtection.ReadWrite, NtStatus.InvalidParameter)] // rounds down to the null page
    [InlineData(0xFFFF, 0x1000, PageProtection.ReadWrite, NtStatus.InvalidParameter)]
    [InlineData(Region, 0x1000, PageProtection.ReadWrite, NtStatus.ConflictingAddresses)]
    [InlineData(Region - 1, 0x1000, PageProtection.ReadWrite, NtStatus.ConflictingAddresses)]
    [InlineData(Region + 0x1_FFFF, 0x1000, PageProtection.ReadWrite, NtStatus.ConflictingAddresses)]
    [InlineData(Region - 0x1_0000, 0x1_0001, PageProtection.ReadWrite, NtStatus.ConflictingAddresses)]
    // and none
    [InlineData(Region + 0x2_0000, 0x1000, PageProtection.ReadWrite, NtStatus.Success)]
    [InlineData(Region - 0x1_0000, 0x1_0000, PageProtection.ReadWrite, NtStatus.Success)]
    [InlineData(HighestVad, 1, PageProtection.ReadWrite, NtStatus.Success)]
    [InlineData(0x200_0000, 0x1000, PageProtection.NoAccess, NtStatus.Success)]
    [InlineData(0x200_0000, 0x1000, PageProtection.ReadWrite | PageProtection.Guard, NtStatus.Success)]
    public void Reserve(ulong address, ulong size, PageProtection protection, NtStatus status) =>
        Refuses(OperationKind.Reserve, address, size, protection, status);

    // Four times 32 TB is more than there is.
    [Fact]
    public void AnAddressSpaceCanBeFull()
    {
        for (int quarter = 0; quarter < 3; quarter++)
        {
            _machine.Do(OperationKind.Reserve, 0, Operation.MaxArgument, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        }

        Refuses(OperationKind.Reserve, 0, Operation.MaxArgument, PageProtection.ReadWrite, NtStatus.NoMemory);
        Refuses(OperationKind.Reserve, 0, 0x1000, PageProtection.ReadWrite, NtStatus.Success);
    }

    [Theory]
    [InlineData(0x200_0000, 65 * 0x1000, PageProtection.ReadWrite, NtStatus.PagefileQuotaExceeded)]
    [InlineData(0x200_0000, 61 * 0x1000, PageProtection.ReadWrite, NtStatus.PagefileQuotaExceeded)] // 4 are committed already
    [InlineData(Region, 65 * 0x1000, PageProtection.ReadWrite, NtStatus.ConflictingAddresses)]
    [InlineData(0x200_0000, 60 * 0x1000, PageProtection.ReadWrite, NtStatus.Success)]
    public void ReserveAndCommit(ulong address, ulong size, PageProtection protection, NtStatus status) =>
        Refuses(OperationKind.ReserveCommit, address, size, protection, status);

    [Theory]
    [InlineData(Region, 0x1000, Invalid, NtStatus.InvalidPageProtection)]
    [InlineData(HighestVad + 1, 0, Invalid, NtStatus.InvalidPageProtection)]
    [InlineData(HighestVad + 1, 0, PageProtection.ReadWrite, NtStatus.InvalidParameter2)]
    [InlineData(Region, 0, PageProtection.ReadWrite, NtStatus.InvalidParameter4)]
    [InlineData(0x200_0000, 0x1000, PageProtection.ReadWrite, NtStatus.ConflictingAddresses)] // no region
    [InlineData(Region, 0x2_0001, PageProtection.ReadWrite, NtStatus.ConflictingAddresses)] // beyond it
    [InlineData(Region - 1, 0x1000, PageProtection.ReadWrite, NtStatus.ConflictingAddresses)]
    [InlineData(0x200_0000, 0x1000, PageProtection.WriteCopy, NtStatus.ConflictingAddresses)]
    [InlineData(Region, 0x1000, PageProtection.WriteCopy, NtStatus.InvalidPageProtection)]
    [InlineData(Region + 0x1_FFFF, 1, PageProtection.ReadWrite, NtStatus.Success)]
    public void Commit(ulong address, ulong size, PageProtection protection, NtStatus status) =>
        Refuses(OperationKind.Commit, address, size, protection, status);

    [Theory]
    [InlineData(HighestUser + 1, 0x1000, NtStatus.InvalidParameter2)]
    [InlineData(ulong.MaxValue, 2, NtStatus.InvalidParameter2)]
    [InlineData(HighestUser, 2, NtStatus.InvalidParameter3)]
    [InlineData(0x7000_0000_0000, 0x1000_0000_0000, NtStatus.InvalidParameter3)]
    [InlineData(0x200_0000, 0x1000, NtStatus.MemoryNotAllocated)]
    [InlineData(Region + 0x2_0000, 0, NtStatus.MemoryNotAllocated)]
    [InlineData(HighestUser, 0, NtStatus.MemoryNotAllocated)]
    [InlineData(Region, 0x2_0001, NtStatus.UnableToFreeVm)]
    [InlineData(Region + 0x1_F000, 0x1001, NtStatus.UnableToFreeVm)]
    [InlineData(Region + 0x1000, 0, NtStatus.FreeVmNotAtBase)]
    [InlineData(Region + 0xFFF, 0, NtStatus.Success)] // any byte of the first page
    [InlineData(Region + 0x1_FFFF, 1, NtStatus.Success)]
    public void Free(ulong address, ulong size, NtStatus status)
    {
        Refuses(OperationKind.Decommit, address, size, PageProtection.None, status);
        Refuses(OperationKind.Release, address, size, PageProtection.None, status);
    }

    [Theory]
    [InlineData(Region + 0x4000, 0x1000, Invalid, NtStatus.InvalidPageProtection)]
    [InlineData(HighestUser + 1, 0, Invalid, NtStatus.InvalidPageProtection)]
    [InlineData(HighestUser + 1, 0, PageProtection.ReadOnly, NtStatus.InvalidParameter2)]
    [InlineData(0x200_0000, 0, PageProtection.ReadOnly, NtStatus.InvalidParameter3)]
    [InlineData(HighestUser, 2, PageProtection.ReadOnly, NtStatus.InvalidParameter3)]
    [InlineData(0x200_0000, 0x1000, PageProtection.WriteCopy, NtStatus.ConflictingAddresses)]
    [InlineData(Region + 0x4000, 0x1_C001, PageProtection.ReadOnly, NtStatus.ConflictingAddresses)] // leaves the region
    [InlineData(Region, 0x1000, PageProtection.WriteCopy, NtStatus.InvalidParameter4)] // before commitment is looked at
    [InlineData(Region + 0x4000, 0x1000, PageProtection.ExecuteWriteCopy, NtStatus.InvalidParameter4)]
    [InlineData(Region, 0x1000, PageProtection.ReadOnly, NtStatus.NotCommitted)]
    [InlineData(Region + 0x4000, 0x4001, PageProtection.ReadOnly, NtStatus.NotCommitted)]
    [InlineData(Region + 0x3FFF, 2, PageProtection.ReadOnly, NtStatus.NotCommitted)]
    [InlineData(Region + 0x4FFF, 2, PageProtection.ReadOnly, NtStatus.Success)]
    public void Protect(ulong address, ulong size, PageProtection protection, NtStatus status) =>
        Refuses(OperationKind.Protect, address, size, protection, status);

    // 15: it is kept alive by a read that is still under way.
    [Fact]
    public void AProcessThatIsBeingDeletedRefusesEverything()
    {
        var machine = new TestMachine(new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet }, [TestMachine.Idle, TestMachine.Idle]);
        machine.Run();
        ulong heap = machine.Allocate(Region, 1);
        machine.WriteAll(heap, 1);
        machine.Trim();
        machine.WriteOut();
        machine.RepurposeStandby();
        ulong read = machine.Begin(new Operation(OperationKind.Read, heap));
        machine.Host.Run(machine.Host.Now + Ticks.FromMilliseconds(2));
        machine.Inject(machine.IdOf(0), new ExitProcess(NtStatus.Success));
        machine.Host.Run(machine.Host.Now + Ticks.FromMilliseconds(1));
        machine.Processes[0].State.ShouldBe(ProcessState.Exiting);
        ulong reserve = machine.Begin(new Operation(OperationKind.Reserve, 0x200_0000, 0, Invalid));
        machine.Run();
        machine.Answer(read).Status.ShouldBe(NtStatus.ProcessIsTerminating);
        machine.Answer(reserve).Status.ShouldBe(NtStatus.ProcessIsTerminating);
        machine.EndsAtTheBaseline();
    }

    /// <summary>A refused call changes nothing that can be seen, and costs nothing.</summary>
    private void Refuses(OperationKind kind, ulong address, ulong size, PageProtection protection, NtStatus status)
    {
        var before = State();
        var answer = _machine.Do(kind, address, size, protection);
        answer.Status.ShouldBe(status);
        if (status == NtStatus.Success)
        {
            return;
        }

        answer.Base.ShouldBe(0UL);
        answer.Size.ShouldBe(0UL);
        State().ShouldBe(before);
        _machine.Holds();
    }

    private (MemoryQueried First, MemoryQueried Committed, MemoryQueried Reserved, MemoryQueried Behind, ulong Commit, ulong Ledger) State() =>
        (_machine.Query(Region), _machine.Query(Region + 0x4000), _machine.Query(Region + 0x8000), _machine.Query(Region + 0x2_0000),
            _machine.Processes[0].PrivateCommit, _machine.Ledger.Private);
}
