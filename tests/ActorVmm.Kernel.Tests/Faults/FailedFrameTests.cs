using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Faults;

/// <summary>A memory module fails under a process (fact book §15.3, any → Bad): what was safe comes back, what was not is told.</summary>
public sealed class FailedFrameTests
{
    private const ulong Heap = 0x10_0000;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    [Fact]
    public void ACleanPageInUseIsReadAgain()
    {
        _machine.Allocate(Heap, 1);
        _machine.Poke(Heap, 0x1234);
        _machine.Trim();
        _machine.WriteOut();
        _machine.Peek(Heap).ShouldBe(0x1234UL);
        Pfn frame = Frame();
        Fail(frame);
        _machine.Peek(Heap).ShouldBe(0x1234UL);
        _machine.Facts.Of<FaultCounted>()[^1].FaultKind.ShouldBe(FaultKind.Hard);
        Frame().ShouldNotBe(frame);
        Ends(bad: 1);
    }

    [Fact]
    public void AModifiedPageInUseIsAnErrorUntilItIsGivenUp()
    {
        _machine.Allocate(Heap, 2);
        _machine.Poke(Heap, 0x1234);
        _machine.Poke(Heap + 0x1000, 0x5678);
        Fail(Frame());
        _machine.Read(Heap).ShouldBe(NtStatus.InPageError);
        _machine.Write(Heap).ShouldBe(NtStatus.InPageError);
        _machine.Peek(Heap + 0x1000).ShouldBe(0x5678UL, "its neighbour is well");
        _machine.Do(OperationKind.Decommit, Heap, 0x1000).Status.ShouldBe(NtStatus.Success);
        _machine.Do(OperationKind.Commit, Heap, 0x1000, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        _machine.Peek(Heap).ShouldBe(0UL);
        Ends(bad: 1);
    }

    [Fact]
    public void AModifiedPageThatWasTrimmedIsAnErrorToo()
    {
        _machine.Allocate(Heap, 1);
        _machine.Poke(Heap, 0x1234);
        Pfn frame = Frame();
        _machine.Trim();
        Fail(frame);
        _machine.Read(Heap).ShouldBe(NtStatus.InPageError);
        _machine.Facts.Of<ContentsLost>().ShouldHaveSingleItem();
        Ends(bad: 1);
    }

    // All of memory fails, frame by frame, under a process that goes on as long as it can; nothing is counted twice or forgotten.
    [Fact]
    public void WhateverAFrameIsUsedForItCanFail()
    {
        _machine.Allocate(Heap, 40);
        _machine.WriteAll(Heap, 40);
        _machine.Trim(20);
        _machine.WriteOut();
        _machine.WriteAll(Heap, 8);
        for (uint frame = 0; frame < 200; frame++)
        {
            Fail(new Pfn(frame));
        }

        _machine.Holds();
        for (ulong page = 0; page < 40; page++)
        {
            _machine.Read(Heap + (page << 12)).ShouldBeOneOf(NtStatus.Success, NtStatus.InPageError);
        }

        _machine.Holds();
        _machine.Facts.Of<ContentsLost>().Count.ShouldBeInRange(1, 39);
        Ends(bad: 200);
    }

    private void Fail(Pfn frame)
    {
        _machine.Inject(_machine.Cast.PfnDatabase, new FailFrame(frame));
        _machine.Run();
    }

    private Pfn Frame() => _machine.Processes[0].Walk(new VirtualAddress(Heap).Page).Steps[^1].Entry.Pfn;

    private void Ends(int bad)
    {
        _machine.EndsAtTheBaseline();
        _machine.Frames.CountOf(PageLocation.Bad).ShouldBe(bad);
    }
}
