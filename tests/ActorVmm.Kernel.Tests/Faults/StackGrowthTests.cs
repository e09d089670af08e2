using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Kernel.Tests.Calls;

namespace ActorVmm.Kernel.Tests.Faults;

/// <summary>
/// Stacks (fact book §12): 16 pages reserved from 0x100'0000 up, the highest committed, guards below it, and thread 0 told that this is
/// its stack.
/// </summary>
public sealed class StackGrowthTests
{
    private const ulong Lowest = 0x100_0000;
    private const ulong Top = Lowest + 0x1_0000;
    private const ulong Page = 0x1000;
    private const PageProtection Guard = PageProtection.ReadWrite | PageProtection.Guard;
    private const int AnotherThread = 1;
    private const int Attached = -1;

    [Theory]
    [InlineData(ProcessorArchitecture.X64, 2)]
    [InlineData(ProcessorArchitecture.X86, 1)]
    public void ATouchOfTheOwnGuardIsSilentAndTheGuardMovesDown(ProcessorArchitecture architecture, int guards)
    {
        var machine = WithStack(architecture, guards);
        machine.Do(OperationKind.Write, Top - (2 * Page)).Status.ShouldBe(NtStatus.Success);
        Limit(machine).ShouldBe(Top - (2 * Page));
        Protections(machine, Top - (2 * Page) - ((ulong)guards * Page), guards + 1).ShouldBe([.. Enumerable.Repeat(Guard, guards), PageProtection.ReadWrite]);
        machine.Query(Top - (3 * Page) - ((ulong)guards * Page)).State.ShouldBe(RegionState.Reserve);
        machine.Facts.Of<ExceptionRaised>().ShouldBeEmpty();
        machine.Processes[0].Faults[(int)FaultKind.Guard].ShouldBe(1);
        machine.Holds();
        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(OperationKind.Read)]
    [InlineData(OperationKind.Write)]
    public void TheLowerOfTwoGuardsMayBeTouchedFirst(OperationKind access)
    {
        var machine = WithStack();
        machine.Do(access, Top - (3 * Page)).Status.ShouldBe(NtStatus.Success);
        Limit(machine).ShouldBe(Top - (3 * Page));
        Protections(machine, Top - (5 * Page), 5).ShouldBe([Guard, Guard, PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.ReadWrite]);
        machine.Holds();
    }

    [Theory]
    [InlineData(ProcessorArchitecture.X64, 2, 4)]
    [InlineData(ProcessorArchitecture.X86, 1, 3)]
    public void NearTheEndAllButTheLowestPageIsCommittedAndTheThreadIsTold(ProcessorArchitecture architecture, int guards, int last)
    {
        var machine = WithStack(architecture, guards);
        for (ulong page = Top - Page; page >= Lowest + ((ulong)last * Page); page -= Page)
        {
            machine.Do(OperationKind.Write, page).Status.ShouldBe(NtStatus.Success);
        }

        machine.Do(OperationKind.Write, Lowest + ((ulong)(last - 1) * Page)).Status.ShouldBe(NtStatus.StackOverflow);
        Limit(machine).ShouldBe(Lowest + Page);
        Protections(machine, Lowest + Page, 15).ShouldAllBe(protection => protection == PageProtection.ReadWrite);
        machine.Do(OperationKind.Write, Lowest + Page).Status.ShouldBe(NtStatus.Success);
        machine.Do(OperationKind.Write, Lowest).Status.ShouldBe(NtStatus.AccessViolation);
        machine.Holds();

        // What reset-stack does: a guard again, and StackLimit is above it.
        machine.Do(OperationKind.Protect, Lowest + Page, (ulong)guards * Page, Guard).Status.ShouldBe(NtStatus.Success);
        Limit(machine).ShouldBe(Lowest + Page + ((ulong)guards * Page));
        machine.Do(OperationKind.Write, Lowest + Page).Status.ShouldBe(NtStatus.StackOverflow);
        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(AnotherThread)]
    [InlineData(Attached)]
    public void OnlyTheThreadWhoseStackItIsGrowsIt(int thread)
    {
        var machine = WithStack();
        machine.Do(new Operation(OperationKind.Write, Top - (2 * Page)), thread: thread).Status.ShouldBe(NtStatus.GuardPageViolation);
        Limit(machine).ShouldBe(Top - Page);
        Protections(machine, Top - (3 * Page), 2).ShouldBe([Guard, PageProtection.ReadWrite], "the guard that was touched is gone");
        machine.Holds();
    }

    [Fact]
    public void BelowTheGuardIsNothing()
    {
        var machine = WithStack();
        machine.Do(OperationKind.Write, Top - (4 * Page)).Status.ShouldBe(NtStatus.AccessViolation);
        Limit(machine).ShouldBe(Top - Page);
    }

    [Fact]
    public void AGuardOutsideTheStackIsTold()
    {
        var machine = WithStack();
        machine.Allocate(0x200_0000, 1, Guard);
        machine.Do(OperationKind.Write, 0x200_0000).Status.ShouldBe(NtStatus.GuardPageViolation);
        machine.Do(OperationKind.Write, 0x200_0000).Status.ShouldBe(NtStatus.Success);
    }

    // Three pages are committed, and the fourth is more than the process may have.
    [Fact]
    public void WhoseNextGuardIsRefusedHasOverflown()
    {
        var machine = WithStack(plan: TestMachine.Idle with { CommitQuota = 3 });
        machine.Do(OperationKind.Write, Top - (2 * Page)).Status.ShouldBe(NtStatus.StackOverflow);
        Limit(machine).ShouldBe(Top - (2 * Page));
        machine.Do(OperationKind.Write, Top - (2 * Page)).Status.ShouldBe(NtStatus.Success, "the page touched is there");
        machine.Query(Top - (4 * Page)).State.ShouldBe(RegionState.Reserve);
        machine.Holds();
        machine.EndsAtTheBaseline();
    }

    [Fact]
    public void WhatTheLedgerRefusesIsAnOverflowToo()
    {
        var machine = WithStack();
        while (machine.Do(OperationKind.ReserveCommit, 0, 0x1_0000, PageProtection.ReadWrite).Status == NtStatus.Success)
        {
        }

        while (machine.Do(OperationKind.ReserveCommit, 0, Page, PageProtection.ReadWrite).Status == NtStatus.Success)
        {
        }

        machine.Do(OperationKind.Write, Top - (2 * Page)).Status.ShouldBe(NtStatus.StackOverflow);
        machine.Holds();
        machine.EndsAtTheBaseline();
    }

    [Fact]
    public void AServiceThatTouchesTheGuardOfItsCallersStackGrowsItToo()
    {
        var machine = WithStack();
        machine.Call(NativeCalls.Of(CallService.ProbeForWrite, Top - (2 * Page), Page)).Status.ShouldBe(NtStatus.Success);
        Limit(machine).ShouldBe(Top - (2 * Page));
        machine.Call(NativeCalls.Of(CallService.ProbeForWrite, Top - (3 * Page), Page, flags: CallFlags.Attached)).Status.ShouldBe(NtStatus.GuardPageViolation);
        Limit(machine).ShouldBe(Top - (2 * Page));
        machine.Holds();
    }

    [Fact]
    public void ThreadsHaveStacksOfTheirOwn()
    {
        var machine = WithStack();
        machine.Allocate(0x200_0000, 16);
        machine.Do(OperationKind.Protect, 0x200_E000, Page, Guard).Status.ShouldBe(NtStatus.Success);
        var created = machine.Call(NativeCalls.Of(CallService.CreateThread, 0x201_0000, 0x200_F000), 0x200_0000UL);
        created.Detail.ShouldBe((uint)AnotherThread);
        machine.Do(new Operation(OperationKind.Write, 0x200_E000), thread: AnotherThread).Status.ShouldBe(NtStatus.Success);
        machine.Call(NativeCalls.Of(CallService.QueryStack, flags: CallFlags.NamesThread), 0, 0, AnotherThread).Status.ShouldBe(NtStatus.Success);
        machine.Words.Take(3).ShouldBe([0x201_0000UL, 0x200_E000UL, 0x200_0000UL]);
        Limit(machine).ShouldBe(Top - Page, "the other's is where it was");
    }

    // The charge is on its way when the process is told to exit.
    [Fact]
    public void AnExitWhileAStackGrowsGivesBackWhatWasCharged()
    {
        for (int turns = 1; turns < 12; turns++)
        {
            var machine = WithStack();
            machine.Begin(new Operation(OperationKind.Write, Top - (2 * Page)));
            machine.Host.Run(maxTurns: turns);
            machine.Kill(0);
            machine.Holds();
            machine.Ledger.Total.ShouldBe(0UL);
        }
    }

    [Fact]
    public void TwoThreadsOnOneGuardGrowItOnceAndTheRestOfTheChargeGoesBack()
    {
        var machine = WithStack();
        var first = machine.Begin(new Operation(OperationKind.Write, Top - (2 * Page)));
        var second = machine.Begin(new Operation(OperationKind.Write, Top - (2 * Page)));
        machine.Run();
        machine.Answer(first).Status.ShouldBe(NtStatus.Success);
        machine.Answer(second).Status.ShouldBe(NtStatus.Success);
        Limit(machine).ShouldBe(Top - (2 * Page));
        machine.Holds();
        machine.EndsAtTheBaseline();
    }

    // The whole story as a program, stopped and gone back to at many places.
    [Fact]
    public void AProgramsStackGrowsFromAnyStateAsItDid()
    {
        Operation[] story =
        [
            new(OperationKind.Reserve, Lowest, Top - Lowest, PageProtection.ReadWrite),
            new(OperationKind.Commit, Top - (3 * Page), 3 * Page, PageProtection.ReadWrite),
            new(OperationKind.Protect, Top - (3 * Page), 2 * Page, Guard),
            new(OperationKind.SetStack, Top - Page, Page),
            .. Enumerable.Range(1, 16).Select(page => new Operation(OperationKind.Write, Top - ((ulong)page * Page))),
        ];
        for (int turns = 2; turns < 60; turns += 3)
        {
            var plan = new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet };
            var machine = new TestMachine(plan, [new ProcessPlan("grows", [new FixedProgram(story)]) { Lingers = true }]);
            machine.Host.Run(maxTurns: turns);
            var state = new MachineSnapshot();
            machine.Host.Save(state);
            var contents = new SnapshotWriter();
            machine.Contents.Encode(contents);
            machine.Facts.Clear();
            machine.Run();
            var told = machine.Facts.Of<ExceptionRaised>();
            machine.Host.Restore(state);
            var reader = new SnapshotReader();
            reader.Open(contents.Written.ToArray());
            machine.Contents.Encode(reader);
            machine.Facts.Clear();
            machine.Run();
            Limit(machine).ShouldBe(Lowest + Page);
            machine.Facts.Of<ExceptionRaised>().ShouldBe(told, $"from turn {turns}");
            new[] { NtStatus.StackOverflow, NtStatus.AccessViolation }.TakeLast(told.Count).ShouldBe(told.Select(fact => fact.Status));
        }
    }

    private static TestMachine WithStack(ProcessorArchitecture architecture = ProcessorArchitecture.X64, int guards = 2, ProcessPlan? plan = null)
    {
        var machine = TestMachine.On(new Platform { Architecture = architecture }, plan);
        ulong guard = (ulong)guards * Page;
        machine.Do(OperationKind.Reserve, Lowest, Top - Lowest, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        machine.Do(OperationKind.Commit, Top - Page - guard, Page + guard, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        machine.Do(OperationKind.Protect, Top - Page - guard, guard, Guard).Status.ShouldBe(NtStatus.Success);
        machine.Call(NativeCalls.Of(CallService.SetStack, Top, Top - Page), 0).Status.ShouldBe(NtStatus.Success);
        return machine;
    }

    private static ulong Limit(TestMachine machine)
    {
        machine.Call(NativeCalls.Of(CallService.QueryStack)).Status.ShouldBe(NtStatus.Success);
        return machine.Words[1];
    }

    private static IEnumerable<PageProtection> Protections(TestMachine machine, ulong from, int pages) =>
        Enumerable.Range(0, pages).Select(page => (PageProtection)machine.Query(from + ((ulong)page * Page)).Protection);
}
