using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Faults;

/// <summary>The bits that the processor sets in a PTE (fact book §14.2, §18), with the TLB and without.</summary>
public sealed class AccessedAndDirtyTests
{
    private const ulong Heap = 0x5000_0000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AStoreSetsTheDirtyBitsAndAnyAccessTheAccessedBit(bool everyAccessIsChecked)
    {
        var machine = TestMachine.With(TestMachine.Idle, 256, TestMachine.Quiet with { CheckEveryAccess = everyAccessIsChecked });
        machine.Allocate(Heap, 1);
        machine.Read(Heap);
        Bits(machine).ShouldBe("accessed");
        machine.Trim(pass: 0);
        Bits(machine).ShouldBe("", "a pass looks and clears");
        machine.Read(Heap);
        Bits(machine).ShouldBe("accessed", "the cached translation went with the bit");
        machine.Write(Heap);
        Bits(machine).ShouldBe("accessed dirty");
        machine.Trim(pass: 0);
        Bits(machine).ShouldBe("dirty", "only writing the page out makes it clean");
        machine.Write(Heap);
        Bits(machine).ShouldBe("accessed dirty");
        machine.Processes[0].PageFaults.ShouldBe(1);
        machine.EndsAtTheBaseline();
    }

    // Ages: looked at and not accessed, it grows older; on pass k the pages of age 3 − k go.
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 4)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(4, 1)] // any page, on the first look
    public void APageGoesWhenItIsOldEnough(int pass, int looks)
    {
        var machine = TestMachine.With(TestMachine.Idle);
        machine.Allocate(Heap, 1);
        machine.Read(Heap);
        for (int look = 1; look <= looks; look++)
        {
            machine.Processes[0].WorkingSetPages.ShouldBe(1, $"before look {look}");
            machine.Trim(pass: pass);
        }

        machine.Processes[0].WorkingSetPages.ShouldBe(0);
        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(false, false, 3)]
    [InlineData(true, true, 3)] // a hard minimum is kept
    public void TheMinimumIsUndercutOnlyWhenThatIsAsked(bool below, bool hard, int left)
    {
        var machine = TestMachine.With(TestMachine.Idle with { WorkingSet = new WorkingSetLimits(3, 20, HardMinimum: hard) });
        machine.Allocate(Heap, 10);
        machine.WriteAll(Heap, 10);
        machine.Trim(belowMinimum: below);
        machine.Processes[0].WorkingSetPages.ShouldBe(left);
        machine.EndsAtTheBaseline();
    }

    [Fact]
    public void NoMoreThanTheGoalGoes()
    {
        var machine = TestMachine.With(TestMachine.Idle);
        machine.Allocate(Heap, 10);
        machine.WriteAll(Heap, 10);
        machine.Trim(goal: 4);
        machine.Processes[0].WorkingSetPages.ShouldBe(6);
        machine.Processes[0].PeakWorkingSetPages.ShouldBe(10);
        machine.EndsAtTheBaseline();
    }

    // A process at its hard maximum replaces its own pages, and never has more.
    [Theory]
    [InlineData(Replacement.Windows)]
    [InlineData(Replacement.Fifo)]
    [InlineData(Replacement.Lru)]
    [InlineData(Replacement.Clock)]
    public void AHardMaximumIsNeverExceeded(Replacement replacement)
    {
        var machine = TestMachine.With(TestMachine.Idle with { WorkingSet = new WorkingSetLimits(1, 3, HardMaximum: true), Replacement = replacement });
        machine.Allocate(Heap, 10);
        machine.WriteAll(Heap, 10);
        machine.Processes[0].WorkingSetPages.ShouldBe(3);
        machine.Processes[0].PeakWorkingSetPages.ShouldBe(3);
        machine.Frames.CountOf(PageLocation.Modified).ShouldBe(7);
        machine.Write(Heap + 0x9000).ShouldBe(NtStatus.Success);
        machine.Processes[0].PageFaults.ShouldBe(10, "the page loaded last is still there");
        machine.EndsAtTheBaseline();
    }

    private static string Bits(TestMachine machine)
    {
        var pte = new ProcessView(machine.Processes[0]).PteOf(Heap);
        pte.IsValid.ShouldBeTrue();
        string[] bits = [pte.IsAccessed ? "accessed" : "", pte.IsDirty ? "dirty" : ""];
        return string.Join(' ', bits.Where(bit => bit.Length > 0));
    }
}
