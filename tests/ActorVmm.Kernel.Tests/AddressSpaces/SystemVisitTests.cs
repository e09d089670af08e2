using ActorVmm.Actors;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.AddressSpaces;

/// <summary>What entering the system costs in translations (fact book §2.4), and who may go where (§2.1, §2.2).</summary>
public sealed class SystemVisitTests
{
    private const ulong Heap = 0x10_0000;

    [Fact]
    public void SharedSystemSpaceIsFoundAgain()
    {
        SystemVisitCounts counts = Run(SystemMapping.Shared);
        counts.Calls.ShouldBe(41, "an allocation, 8 faults, 32 calls");
        counts.CallMisses.ShouldBe(8, "what the dispatcher had not touched already, once");
        counts.SwitchMisses.ShouldBe(4);
    }

    [Fact]
    public void SeparateSystemSpaceIsMissedEveryTime()
    {
        SystemVisitCounts counts = Run(SystemMapping.Separate);
        counts.Calls.ShouldBe(41);
        counts.CallMisses.ShouldBe(41 * 12);
        counts.SwitchMisses.ShouldBe(4 * counts.Switches);
        counts.UserMisses.ShouldBeGreaterThan(Run(SystemMapping.Shared).UserMisses);
    }

    [Fact]
    public void NobodyWhoDoesNotMeasureItPaysForIt()
    {
        var machine = TestMachine.With(Plan(SystemMapping.NotMeasured), policy: TestMachine.Quiet with { CheckEveryAccess = false });
        machine.Processes[0].SystemVisits.ShouldBeNull();
    }

    // The strips of 64 KB at both ends, the hole between the halves, and system space: none is for user mode.
    [Theory]
    [InlineData(0x0UL)]
    [InlineData(0xFFFFUL)]
    [InlineData(0x7FFF_FFFF_0000UL)]
    [InlineData(0x7FFF_FFFF_FFFFUL)]
    [InlineData(0x8000_0000_0000UL)]
    [InlineData(0xFFFF_8000_0000_0000UL)]
    [InlineData(0xFFFF_F680_0000_0000UL)]
    [InlineData(0xFFFF_FFFF_FFFF_F000UL)]
    public void UserModeMayNotGoThere(ulong address)
    {
        var machine = TestMachine.With(TestMachine.Idle);
        machine.Read(address).ShouldBe(NtStatus.AccessViolation);
        machine.Write(address).ShouldBe(NtStatus.AccessViolation);
        machine.Execute(address).ShouldBe(NtStatus.AccessViolation);
    }

    private static SystemVisitCounts Run(SystemMapping mapping)
    {
        var machine = TestMachine.With(Plan(mapping), policy: TestMachine.Quiet with { CheckEveryAccess = false });
        SystemVisitCounts counts = machine.Processes[0].SystemVisits.ShouldNotBeNull();
        machine.EndsAtTheBaseline();
        return counts;
    }

    private static ProcessPlan Plan(SystemMapping mapping)
    {
        List<Operation> operations = [new Operation(OperationKind.ReserveCommit, Heap, 0x8000, PageProtection.ReadWrite)];
        for (int round = 0; round < 32; round++)
        {
            operations.AddRange(Enumerable.Range(0, 8).Select(page => new Operation(OperationKind.Write, Heap + ((ulong)page << 12))));
            operations.Add(new Operation(OperationKind.Protect, Heap + 0x7000, 0x1000, PageProtection.ReadWrite));
        }

        return new ProcessPlan("p", [new FixedProgram([.. operations])]) { Lingers = true, SystemMapping = mapping };
    }
}
