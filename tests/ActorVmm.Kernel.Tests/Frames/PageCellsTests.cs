using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Frames;

/// <summary>Real bytes, for those who look: they follow the contents of their page wherever those go.</summary>
public sealed class PageCellsTests
{
    private const ulong Base = 0x10_0000;
    private const int Pages = 200;

    [Fact]
    public void AFreshPageReadsAsZeros()
    {
        TestMachine machine = Committed(1);
        machine.Peek(Base + 40).ShouldBe(0UL);
    }

    [Fact]
    public void BytesComeBackFromThePagingFile()
    {
        // 200 pages in 96 frames: most of them go to the paging file and come back, several times.
        TestMachine machine = Committed(Pages, frames: 96);
        for (int round = 1; round <= 3; round++)
        {
            for (ulong page = 0; page < Pages; page++)
            {
                machine.Poke(Base + (page * 4096) + (page % 500 * 8), (ulong)round * 1000 + page);
            }

            for (ulong page = 0; page < Pages; page++)
            {
                machine.Peek(Base + (page * 4096) + (page % 500 * 8)).ShouldBe((ulong)round * 1000 + page);
            }
        }

        machine.Files[0].PagesInput.ShouldBeGreaterThan(0UL);
        machine.Suite.Violations.ShouldBeEmpty();
    }

    [Fact]
    public void TheSameAddressInTwoProcessesIsTwoPages()
    {
        var machine = new TestMachine(
            new MachinePlan(256) { PagingFiles = [new PagingFilePlan(1024)], Policy = TestMachine.Quiet },
            [TestMachine.Idle, TestMachine.Idle]);
        machine.Run();
        for (int process = 0; process < 2; process++)
        {
            machine.Do(OperationKind.ReserveCommit, Base, 4096, PageProtection.ReadWrite, process).Status.ShouldBe(NtStatus.Success);
        }

        machine.Poke(Base, 0x1111, process: 0);
        machine.Peek(Base, process: 1).ShouldBe(0UL);
        machine.Poke(Base, 0x2222, process: 1);
        machine.Peek(Base, process: 0).ShouldBe(0x1111UL);
    }

    [Fact]
    public void ADecommittedPageIsZeroAgain()
    {
        TestMachine machine = Committed(4);
        machine.Poke(Base + 4096, 77);
        machine.Do(OperationKind.Decommit, Base + 4096, 4096).Status.ShouldBe(NtStatus.Success);
        machine.Do(OperationKind.Commit, Base + 4096, 4096, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        machine.Peek(Base + 4096).ShouldBe(0UL);
    }

    [Fact]
    public void BytesAtTheEndOfAPageStayWithinIt()
    {
        TestMachine machine = Committed(2);
        ulong request = machine.Begin(new Operation(OperationKind.Write, Base + 4092, 8), value: 0x8877_6655_4433_2211);
        machine.Run();
        machine.Answer(request).Status.ShouldBe(NtStatus.Success);
        machine.Peek(Base + 4088).ShouldBe(0x4433_2211_0000_0000UL);
        machine.Peek(Base + 4096).ShouldBe(0UL);
    }

    [Fact]
    public void ACopyIsNotTheOriginal()
    {
        var cells = new PageCells(2);
        cells[0] = new ContentStamp(1);
        cells.Write(0, 8, 8, 0x1234);
        cells.Copy(1, cells, 0);
        cells.Write(0, 8, 8, 0x5678);
        cells[1].ShouldBe(new ContentStamp(1));
        cells.Read(1, 8, 8).ShouldBe(0x1234UL);
    }

    [Fact]
    public void ACopyOfAPageWithoutBytesHasNone()
    {
        var cells = new PageCells(2);
        cells[0] = new ContentStamp(1);
        cells.Write(1, 0, 8, 0x1234);
        cells.Copy(1, cells, 0);
        cells.Read(1, 0, 8).ShouldBe(0UL);
    }

    [Fact]
    public void APageMadeZeroHasNoBytes()
    {
        var cells = new PageCells(1);
        cells[0] = new ContentStamp(1);
        cells.Write(0, 4095, 1, 0xFF);
        cells[0] = ContentStamp.Zeros;
        cells.Read(0, 4095, 1).ShouldBe(0UL);
    }

    [Fact]
    public void RestoredCellsHaveTheBytesThatWereSavedAndNoOthers()
    {
        var saved = new PageCells(4);
        saved[2] = new ContentStamp(7);
        saved.Write(2, 100, 8, 0x1122_3344_5566_7788);
        var restored = new PageCells(4);
        restored[1] = new ContentStamp(9);
        restored.Write(1, 0, 8, 99);
        ActorBench.Copy(saved, restored);
        restored[1].ShouldBe(ContentStamp.Zeros);
        restored.Read(1, 0, 8).ShouldBe(0UL);
        restored[2].ShouldBe(new ContentStamp(7));
        restored.Read(2, 100, 8).ShouldBe(0x1122_3344_5566_7788UL);
    }

    private static TestMachine Committed(ulong pages, uint frames = 256)
    {
        TestMachine machine = TestMachine.With(TestMachine.Idle, frames);
        machine.Do(OperationKind.ReserveCommit, Base, pages * 4096, PageProtection.ReadWrite).Status.ShouldBe(NtStatus.Success);
        return machine;
    }
}
