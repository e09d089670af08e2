using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;

namespace ActorVmm.Kernel.Tests.Sections;

/// <summary>Pages that are copied for one process (fact book §4.3, §13.4, §13.6; §17, R16 and R17).</summary>
public sealed class CopyOnWriteTests
{
    private const ulong Page = PageSize.Bytes;

    private readonly TestMachine _machine = SectionMachine.Start(2);
    private readonly SectionCreated _section;
    private readonly ulong _copied;
    private readonly ulong _shared;

    public CopyOnWriteTests()
    {
        _section = _machine.Create(4 * Page);
        _shared = _machine.Map(_section, process: 1);
        _machine.Poke(_shared, 1, process: 1);
        _copied = _machine.Map(_section, protection: PageProtection.WriteCopy);
    }

    [Fact]
    public void AStoreIsSeenByNobodyElse()
    {
        _machine.Peek(_copied).ShouldBe(1UL);
        _machine.Poke(_copied, 2);
        _machine.Peek(_copied).ShouldBe(2UL);
        _machine.Peek(_shared, process: 1).ShouldBe(1UL);
        _machine.Poke(_shared, 3, process: 1);
        _machine.Peek(_copied).ShouldBe(2UL, "the copy is its own from now on");
        _machine.Trim();
        _machine.WriteOut();
        _machine.Peek(_copied).ShouldBe(2UL, "wherever it has been");
        Ends();
    }

    [Fact]
    public void WhatIsNotCopiedYetIsSharedStill()
    {
        _machine.Peek(_copied).ShouldBe(1UL);
        _machine.Poke(_shared, 4, process: 1);
        _machine.Peek(_copied).ShouldBe(4UL);
        Ends();
    }

    [Fact]
    public void ACopyShowsAsReadWriteAndItsNeighboursDoNot()
    {
        _machine.Poke(_copied, 2);
        _machine.Query(_copied).Protection.ShouldBe((ushort)PageProtection.ReadWrite);
        _machine.Query(_copied).Size.ShouldBe(Page);
        _machine.Query(_copied + Page).Protection.ShouldBe((ushort)PageProtection.WriteCopy);
        _machine.Call(Protect(_copied, Page, PageProtection.WriteCopy)).Status.ShouldBe(NtStatus.Success);
        _machine.Query(_copied).Protection.ShouldBe((ushort)PageProtection.ReadWrite, "there is nothing left to copy");
        _machine.Call(Protect(_copied, Page, PageProtection.ReadWrite)).Status.ShouldBe(NtStatus.SectionProtection);
        Ends();
    }

    // Fact book §13.4: the view's pages when it is mapped; nothing more for the copy itself.
    [Fact]
    public void ViewsThatMayCopyAreChargedToTheProcess()
    {
        _machine.Processes[0].PrivateCommit.ShouldBe(4UL);
        _machine.Poke(_copied, 2);
        _machine.Processes[0].PrivateCommit.ShouldBe(4UL);
        _machine.Call(Protect(_copied, 4 * Page, PageProtection.ReadOnly)).Status.ShouldBe(NtStatus.Success);
        _machine.Processes[0].PrivateCommit.ShouldBe(1UL, "the copy that is there");
        _machine.Call(Protect(_copied, 4 * Page, PageProtection.WriteCopy)).Status.ShouldBe(NtStatus.Success);
        _machine.Processes[0].PrivateCommit.ShouldBe(4UL);
        _machine.Unmap(_copied).ShouldBe(NtStatus.Success);
        _machine.Processes[0].PrivateCommit.ShouldBe(0UL);
        Ends();
    }

    // R16: one copies; the other finds the copy.
    [Fact]
    public void OfTwoThreadsOneCopies()
    {
        _machine.Peek(_copied).ShouldBe(1UL);
        ulong first = _machine.Begin(new Operation(OperationKind.Write, _copied, 8), value: 10);
        ulong second = _machine.Begin(new Operation(OperationKind.Write, _copied + 8, 8), value: 11);
        _machine.Run();
        _machine.Answer(first).Status.ShouldBe(NtStatus.Success);
        _machine.Answer(second).Status.ShouldBe(NtStatus.Success);
        _machine.Peek(_copied).ShouldBe(10UL);
        _machine.Peek(_copied + 8).ShouldBe(11UL);
        _machine.Processes[0].Faults[(int)FaultKind.CopyOnWrite].ShouldBe(1);
        Ends();
    }

    // R17: whoever trims while the copy is made finds the page, or its copy, and nothing is lost.
    [Fact]
    public void ACopyAndATrimAtOnceLoseNothing()
    {
        _machine.Peek(_copied).ShouldBe(1UL);
        ulong store = _machine.Begin(new Operation(OperationKind.Write, _copied, 8), value: 10);
        _machine.Inject(_machine.Cast.WorkingSetManager, new TrimByTest(_machine.IdOf(0), 100, 4, 1));
        _machine.Inject(_machine.Cast.WorkingSetManager, new TrimByTest(_machine.IdOf(1), 100, 4, 1));
        _machine.Run();
        _machine.Answer(store).Status.ShouldBe(NtStatus.Success);
        _machine.Peek(_copied).ShouldBe(10UL);
        _machine.Peek(_shared, process: 1).ShouldBe(1UL);
        Ends();
    }

    [Fact]
    public void AnExitDuringACopyLeavesNothing()
    {
        _machine.Peek(_copied).ShouldBe(1UL);
        _machine.Begin(new Operation(OperationKind.Write, _copied, 8), value: 10);
        _machine.Inject(_machine.IdOf(0), new ExitProcess(NtStatus.Success));
        _machine.Run();
        Ends();
    }

    private void Ends()
    {
        _machine.CloseHandle(_section);
        _machine.EndsAtTheBaseline();
    }
}
