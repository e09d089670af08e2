using ActorVmm.Actors;
using ActorVmm.Kernel.Writers;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Writers;

public sealed class ModifiedPageWriterTests
{
    private const int Cluster = 16;

    private readonly ActorBench _bench = Bench(files: 1);

    [Fact]
    public void OneClusterGoesItsWay()
    {
        Told(40).Asks<ReserveSlots>(BenchCast.PagingFile(0)).ShouldBe(new ReserveSlots(Cluster));
        Reserved(1, 16).Asks<TakeModified>(BenchCast.PfnDatabase).ShouldBe(new TakeModified(Slot(1), 16));

        var turn = Taken(1, row: 3, count: 16, offered: 16);
        turn.Asks<WritePages>(BenchCast.PagingFile(0)).ShouldBe(new WritePages(Slot(1), new MdlId(3)));
        turn.Asks<ReserveSlots>(BenchCast.PagingFile(0));
        turn.AsksNo<FreeSlots>();
        turn.States<WriteIssued>().ShouldBe(new WriteIssued(Slot(1), 16, 1));

        Written(3).Asks<WriteCompleted>(BenchCast.PfnDatabase).ShouldBe(new WriteCompleted(new MdlId(3), NtStatus.Success));
    }

    [Fact]
    public void ItRestsWhenThereIsNothingToWriteAndStartsWhenToldAgain()
    {
        Told(1);
        Reserved(1, 16);
        var turn = NoneTaken(1, 16);
        turn.Asks<FreeSlots>(BenchCast.PagingFile(0)).ShouldBe(new FreeSlots(Slot(1), 16));
        turn.AsksNo<ReserveSlots>();
        Told(1).Asks<ReserveSlots>(BenchCast.PagingFile(0));
    }

    [Fact]
    public void UnusedSlotsGoBack()
    {
        Told(5);
        Reserved(8, 16);
        Taken(8, row: 0, count: 5, offered: 16).Asks<FreeSlots>(BenchCast.PagingFile(0)).ShouldBe(new FreeSlots(Slot(13), 11));
    }

    [Fact]
    public void AShorterRunIsTakenAsItIs()
    {
        Told(40);
        Reserved(9, 3).Asks<TakeModified>(BenchCast.PfnDatabase).ShouldBe(new TakeModified(Slot(9), 3));
    }

    // R12: the number of writes in flight is bounded; beyond it the writer waits for writes, never for memory.
    [Fact]
    public void ItKeepsSoManyWritesInFlightAndNoMore()
    {
        Told(1_000);
        for (int row = 0; row < 4; row++)
        {
            Reserved(1, 16);
            var turn = Taken(1, row, 16, 16);
            turn.Sent<ReserveSlots>().Count.ShouldBe(row < 3 ? 1 : 0);
        }

        Told(1_000).AsksNothing();
        Written(2).Asks<ReserveSlots>(BenchCast.PagingFile(0));
        ((ModifiedPageWriter)_bench.Actor).InFlight.ShouldBe(3);
    }

    // R12: nothing in a write's life makes the writer's state grow.
    [Fact]
    public void ItsStateDoesNotGrow()
    {
        var writer = new SnapshotWriter();
        _bench.Actor.Encode(writer);
        int size = writer.Written.Length;
        Told(1_000);
        for (int i = 0; i < 100; i++)
        {
            Reserved(1, 16);
            Taken(1, 0, 16, 16);
            Written(0);
        }

        writer.Clear();
        _bench.Actor.Encode(writer);
        writer.Written.Length.ShouldBe(size);
    }

    [Fact]
    public void AWordThatCrossesTheAnswerNoneIsNotLost()
    {
        Told(1);
        Reserved(1, 16);
        Told(30).AsksNothing();
        NoneTaken(1, 16).Asks<ReserveSlots>(BenchCast.PagingFile(0));
        Reserved(1, 16);
        NoneTaken(1, 16).AsksNo<ReserveSlots>();
    }

    [Fact]
    public void FilesTakeTurns()
    {
        var bench = Bench(files: 3);
        bench.Hear(BenchCast.PfnDatabase, new ModifiedPagesAvailable(100)).Asks<ReserveSlots>(BenchCast.PagingFile(0));
        foreach (int file in (int[])[0, 1, 2])
        {
            bench.Hear(BenchCast.PagingFile(file), new SlotsReserved(new PagingFileSlot((uint)file, 1), 16, file));
            var turn = bench.Hear(BenchCast.PfnDatabase, new ModifiedTaken(new PagingFileSlot((uint)file, 1), new MdlId(file), 16, 16));
            turn.Asks<WritePages>(BenchCast.PagingFile(file));
            turn.Asks<ReserveSlots>(BenchCast.PagingFile((file + 1) % 3));
        }
    }

    [Fact]
    public void AFullFileIsPassedOverUntilItHasSlotsAgain()
    {
        var bench = Bench(files: 2);
        bench.Hear(BenchCast.PfnDatabase, new ModifiedPagesAvailable(100)).Asks<ReserveSlots>(BenchCast.PagingFile(0));
        Full(bench, 0).Asks<ReserveSlots>(BenchCast.PagingFile(1));
        bench.Hear(BenchCast.PagingFile(1), new SlotsReserved(new PagingFileSlot(1, 1), 16, 1));
        bench.Hear(BenchCast.PfnDatabase, new ModifiedTaken(new PagingFileSlot(1, 1), new MdlId(0), 16, 16)).Asks<ReserveSlots>(BenchCast.PagingFile(1));

        var turn = Full(bench, 1);
        turn.AsksNothing();
        turn.States<PagingFilesFull>().Files.ShouldBe(2);

        // What was wanted is still wanted.
        bench.Hear(BenchCast.PagingFile(0), new SlotsAvailable(0)).Asks<ReserveSlots>(BenchCast.PagingFile(0));
    }

    [Fact]
    public void SlotsThatNobodyWantsMakeNoWork()
    {
        Told(1);
        Full(_bench, 0);
        Available(0).Asks<ReserveSlots>(BenchCast.PagingFile(0));
        Reserved(1, 1);
        NoneTaken(1, 1);
        Available(0).AsksNothing();
    }

    [Fact]
    public void WithoutPagingFilesItSaysSoAndRests()
    {
        var turn = Bench(files: 0).Hear(BenchCast.PfnDatabase, new ModifiedPagesAvailable(100));
        turn.AsksNothing();
        turn.States<PagingFilesFull>();
    }

    [Fact]
    public void AFailedWriteIsReportedLikeAnyOther()
    {
        Told(1);
        Reserved(1, 16);
        Taken(1, 2, 16, 16);
        _bench.Hear(BenchCast.PagingFile(0), new PagesWritten(new MdlId(2), NtStatus.DeviceDataError))
            .Asks<WriteCompleted>(BenchCast.PfnDatabase).Status.ShouldBe(NtStatus.DeviceDataError);
    }

    [Fact]
    public void AnswersThatWereNotAskedForStopTheMachine()
    {
        Should.Throw<BugCheckException>(() => Reserved(1, 16));
        Should.Throw<BugCheckException>(() => NoneTaken(1, 16));
        Should.Throw<BugCheckException>(() => Written(0));
        Should.Throw<BugCheckException>(() => _bench.Hear(BenchCast.PfnDatabase, new ManagerTick())).Message.ShouldContain("modified-page writer");
    }

    [Fact]
    public void RestoredInTheMiddleItGoesOnAlike()
    {
        var bench = Bench(files: 3);
        bench.Hear(BenchCast.PfnDatabase, new ModifiedPagesAvailable(100));
        Full(bench, 0);
        bench.Hear(BenchCast.PagingFile(1), new SlotsReserved(new PagingFileSlot(1, 1), 16, 1));
        bench.Hear(BenchCast.PfnDatabase, new ModifiedPagesAvailable(100));
        var twin = bench.Twin(Bench(files: 3).Actor);

        bench.Alike(twin, one => one.Hear(BenchCast.PfnDatabase, new ModifiedTaken(new PagingFileSlot(1, 1), MdlId.None, 0, 16)))
            .Asks<ReserveSlots>(BenchCast.PagingFile(2));
        bench.Alike(twin, one => Full(one, 2)).Asks<ReserveSlots>(BenchCast.PagingFile(1));
        bench.Alike(twin, one => Full(one, 1)).States<PagingFilesFull>();
    }

    private static ActorBench Bench(int files) => new(new ModifiedPageWriter(new MachinePlan(64), BenchCast.Of(files)), BenchCast.ModifiedPageWriter);

    private static PagingFileSlot Slot(uint page) => new(0, page);

    private static BenchTurn Full(ActorBench bench, int file) =>
        bench.Hear(BenchCast.PagingFile(file), new SlotsReserved(PagingFileSlot.None, 0, file));

    private BenchTurn Told(int modified) => _bench.Hear(BenchCast.PfnDatabase, new ModifiedPagesAvailable(modified));

    private BenchTurn Reserved(uint first, int count) => _bench.Hear(BenchCast.PagingFile(0), new SlotsReserved(Slot(first), count, 0));

    private BenchTurn Taken(uint first, int row, int count, int offered) =>
        _bench.Hear(BenchCast.PfnDatabase, new ModifiedTaken(Slot(first), new MdlId(row), count, offered));

    private BenchTurn NoneTaken(uint first, int offered) => Taken(first, MdlId.None.Value, 0, offered);

    private BenchTurn Written(int row) => _bench.Hear(BenchCast.PagingFile(0), new PagesWritten(new MdlId(row), NtStatus.Success));

    private BenchTurn Available(int file) => _bench.Hear(BenchCast.PagingFile(file), new SlotsAvailable(file));
}
